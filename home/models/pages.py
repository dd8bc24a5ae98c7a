from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page, PageViewRestriction

from home import cacheable, slugs
from home.blocks import PageBlocks, next_change
from home.blocks.preload import preload
from home.forms import SitePageCopyForm, SitePageForm


class SitePage(Page):
    """What every page of the shop has: search and sharing details, and blocks."""

    social_picture = models.ForeignKey(
        "home.Picture",
        verbose_name=_("picture for sharing"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    canonical_url = models.URLField(
        _("canonical address"),
        blank=True,
        help_text=_("Only when this page repeats another one."),
    )
    noindex = models.BooleanField(_("hide from search engines"), default=False)
    body = StreamField(PageBlocks(), blank=True, verbose_name=_("blocks"))

    content_panels = [*Page.content_panels, FieldPanel("body")]
    promote_panels = [
        *Page.promote_panels,
        MultiFieldPanel(
            [
                FieldPanel("social_picture"),
                FieldPanel("canonical_url"),
                FieldPanel("noindex"),
            ],
            heading=_("Search and sharing"),
        ),
    ]
    api_fields = [APIField("body")]
    show_in_menus_default = False
    base_form_class = SitePageForm
    copy_form_class = SitePageCopyForm

    class Meta:
        abstract = True

    def full_clean(self, *args, **kwargs):
        self.slug = slugs.normal(self.slug)
        super().full_clean(*args, **kwargs)

    def clean(self):
        super().clean()
        self._refuse_reserved_slug()

    def minimal_clean(self):
        """What is asked of a page that is not live: its address, too."""
        self.slug = slugs.normal(self.slug)
        super().minimal_clean()
        self._refuse_reserved_slug()

    def _refuse_reserved_slug(self):
        # The form of a page that is not in the tree yet knows the parent and asks.
        parent = self.get_parent() if self.path else None
        if complaint := slugs.complaint(self.slug, parent):
            raise ValidationError({"slug": complaint})

    def can_move_to(self, parent):
        return super().can_move_to(parent) and not slugs.complaint(self.slug, parent)

    def get_sitemap_urls(self, request=None):
        """Nothing of a page that search engines are sent away from."""
        is_elsewhere = self.canonical_url and self.canonical_url != self.full_url
        if self.noindex or is_elsewhere:
            return []
        return super().get_sitemap_urls(request)

    def serve(self, request, *args, moved_to: str = "", **kwargs):
        """Public, which the page cache takes back for whoever sees more than everyone.
        Wagtail forgets on the way that a preview is one. ``moved_to``: its address in
        a draft."""
        if moved_to:
            return HttpResponseRedirect(moved_to)
        self._keep_no_longer_than_it_is_right(request)
        is_preview = getattr(request, "is_preview", False)
        response = super().serve(request, *args, **kwargs)
        request.is_preview = is_preview
        return cacheable.public(response)

    def _keep_no_longer_than_it_is_right(self, request):
        now = timezone.now()
        if ends := next_change(self.body, now):
            cacheable.keep_at_most(request, (ends - now).total_seconds())

    def get_context(self, request, *args, **kwargs):
        """Adds ``now``, the moment that dated blocks are shown for, ``overlay``, a
        draft or a block being previewed that shared blocks come from, and ``loaded``,
        what body and head show."""
        viewing = getattr(request, "draft", None)
        overlay = getattr(request, "previewed", None) or (viewing and viewing.overlay)
        now = overlay.now if overlay else timezone.now()
        context = super().get_context(request, *args, **kwargs)
        loaded = self._load(now, overlay)
        return context | {"now": now, "overlay": overlay, "loaded": loaded}

    def _load(self, now, overlay):
        """The picture for other sites comes by the same query as those of blocks."""
        key = self.social_picture_id
        loaded = preload([self.body], now=now, overlay=overlay, picture_id=key)
        self.social_picture = loaded.get(get_image_model(), key)
        return loaded

    def get_view_restrictions(self):
        """As Wagtail's; a shop without any is told so by one query instead of two."""
        if not PageViewRestriction.objects.exists():
            return PageViewRestriction.objects.none()
        return super().get_view_restrictions()

    def route(self, request, path_components):
        """As a draft has it when the request looks through one (see home.drafts)."""
        # Not above: drafts are made of models.
        from home.drafts import routing

        viewing = getattr(request, "draft", None)
        if viewing is None:
            return super().route(request, path_components)
        if not path_components:
            return routing.own(self, viewing)
        found = routing.below(self, viewing, request, path_components)
        return found or super().route(request, path_components)


class HomePage(SitePage):
    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 1

    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")


class DynamicPage(SitePage):
    """Any page of information: about, delivery, care. Needs no code of its own."""

    class MenuPlacement(models.TextChoices):
        NONE = "", _("in no menu")
        HEADER = "header", _("in the header")
        FOOTER = "footer", _("in the footer")

    introduction = models.CharField(_("introduction"), max_length=240, blank=True)
    menu_placement = models.CharField(
        _("menu"), max_length=10, blank=True, choices=MenuPlacement, default=""
    )

    template = "home/dynamic_page.html"
    parent_page_types = ["home.HomePage", "home.DynamicPage"]
    subpage_types = ["home.DynamicPage"]
    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    promote_panels = [*SitePage.promote_panels, FieldPanel("menu_placement")]

    class Meta:
        verbose_name = _("page")
        verbose_name_plural = _("pages")
