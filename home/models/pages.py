from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Page

from home import storefront
from home.blocks import PageBlocks

# First path words that the shop itself answers.
RESERVED_SLUGS = frozenset(
    "account admin api basket cart checkout documents drafts favicon.ico feeds healthz"
    " media order product readyz robots.txt search shop sitemap.xml static"
    " wishlist".split()
)


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

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        self._refuse_reserved_slug()

    def _refuse_reserved_slug(self):
        parent = self.get_parent() if self.pk else None
        beneath_home = parent is None or parent.depth <= 2
        if beneath_home and self.slug in RESERVED_SLUGS:
            raise ValidationError(
                {
                    "slug": _("“%(slug)s” is an address of the shop itself.")
                    % {"slug": self.slug}
                }
            )

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        storefront.changed()


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
