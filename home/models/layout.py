"""Blocks that stand outside pages: announcement, header, footer and their like."""

from django.contrib.contenttypes.fields import GenericRelation
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    PublishingPanel,
)
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from home import positions, previews, published
from home.blocks import LayoutBlocks
from home.forms import LayoutBlockForm
from home.office.why import WhyPanel


class LayoutBlockQuerySet(models.QuerySet):
    def published(self):
        """Working copies of a draft workspace left out."""
        return self.filter(draft_session_key__isnull=True)

    def live(self):
        """Published and switched on, whatever the hour."""
        return self.published().filter(live=True, is_active=True)

    def standing(self, *, with_all_expired: bool = False):
        """What ``home.showing`` chooses from: live blocks, and the expired ones for
        which another may stand in."""
        stand_ins = LayoutBlock.objects.filter(
            position=OuterRef("position"), is_stand_in=True
        )
        is_over = Q(expired=True)
        if not with_all_expired:
            is_over = is_over & Q(Exists(stand_ins))
        return (
            self.published()
            .filter(Q(live=True) | is_over, position__in=positions.Position.values)
            .order_by("position", "sort_order", "pk")
        )

    def depending_on(self, product_ids):
        """Blocks, and working copies, that show only while one of these is in stock."""
        return self.filter(only_in_stock=True, stock_product__in=product_ids)

    def copies_in(self, workspace):
        """The workspace's working copies and new blocks."""
        return self.filter(draft_session_key=workspace.key)

    def delete(self):
        """Bulk actions of the admin delete by query. Working copies are no change."""
        with transaction.atomic():
            if self.published().exists():
                published.changed()
            return super().delete()

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class PublishedManager(models.Manager.from_queryset(LayoutBlockQuerySet)):  # type: ignore[misc]
    """Nobody meets a working copy by accident: drafts need ``all_objects``."""

    def get_queryset(self):
        return super().get_queryset().published()


class LayoutBlock(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    models.Model,
):
    """One block at one position, published, or a workspace's working copy of one.

    ``draft_session_key`` is null for a published block. A working copy carries its
    workspace's key; ``draft_of`` names the published block it replaces, and
    ``draft_deleted`` says that it hides it.
    """

    Position = positions.Position

    position = models.CharField(_("position"), max_length=20, choices=Position)
    title = models.CharField(
        _("title"), max_length=120, help_text=_("Only editors see it.")
    )
    sort_order = models.PositiveIntegerField(
        _("order"),
        default=0,
        help_text=_("Lower comes first. The page “Order” moves blocks at a press."),
    )
    is_active = models.BooleanField(_("switched on"), default=True)
    only_in_stock = models.BooleanField(
        _("only while in stock"),
        default=False,
        help_text=_("Hidden while the piece below is sold out or not for sale."),
    )
    stock_product = models.ForeignKey(
        "shop.Product",
        verbose_name=_("piece"),
        null=True,
        blank=True,
        # A block whose piece has gone stays hidden, because the condition stays.
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_stand_in = models.BooleanField(
        _("stand-in"),
        default=False,
        help_text=_("Shown only while the block above it, in the order, is not shown."),
    )
    content = StreamField(LayoutBlocks(), verbose_name=_("content"))
    site = models.ForeignKey(
        "wagtailcore.Site",
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text=_("Empty: every site."),
    )
    locale = models.ForeignKey(
        "wagtailcore.Locale",
        verbose_name=_("language"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty: every language."),
    )

    # Null is "published"; an empty key would be one draft for all.
    draft_session_key = models.CharField(  # noqa: DJ001
        max_length=64,
        null=True,
        editable=False,
        db_index=True,
    )
    draft_of = models.ForeignKey(
        "self",
        null=True,
        editable=False,
        on_delete=models.CASCADE,
        related_name="working_copies",
    )
    draft_deleted = models.BooleanField(default=False, editable=False)
    base_revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # Of a working copy: its version for optimistic saving, the digest of what it was
    # taken from, of what it holds, and of what was last seen in preview.
    draft_version = models.PositiveIntegerField(default=0, editable=False)
    base_digest = models.CharField(max_length=64, blank=True, editable=False)
    digest = models.CharField(max_length=64, blank=True, editable=False)
    seen_digest = models.CharField(max_length=64, blank=True, editable=False)

    revisions = GenericRelation(
        "wagtailcore.Revision",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="layout_block",
        for_concrete_model=False,
    )
    workflow_states = GenericRelation(
        "wagtailcore.WorkflowState",
        content_type_field="base_content_type",
        object_id_field="object_id",
        related_query_name="layout_block",
        for_concrete_model=False,
    )

    objects = PublishedManager()
    all_objects = LayoutBlockQuerySet.as_manager()

    panels = [
        WhyPanel(),
        FieldPanel("title"),
        FieldPanel("position"),
        FieldRowPanel([FieldPanel("sort_order"), FieldPanel("is_active")]),
        FieldPanel("content"),
        MultiFieldPanel(
            [
                FieldPanel("only_in_stock"),
                FieldPanel("stock_product"),
                FieldPanel("is_stand_in"),
            ],
            heading=_("Only at times"),
        ),
        FieldRowPanel([FieldPanel("site"), FieldPanel("locale")]),
        PublishingPanel(),
    ]
    base_form_class = LayoutBlockForm
    search_fields = [
        index.SearchField("title"),
        index.AutocompleteField("title"),
        # What the manager and the filters of the admin's list restrict a search by.
        index.FilterField("draft_session_key"),
        index.FilterField("position"),
        index.FilterField("is_active"),
        index.FilterField("live"),
    ]
    # In save() instead: Wagtail would look for working copies, too, and not find them.
    search_auto_update = False

    class Meta:
        verbose_name = _("layout block")
        verbose_name_plural = _("layout blocks")
        ordering = ["position", "sort_order", "pk"]
        # Relations, too, must be able to reach a working copy.
        base_manager_name = "all_objects"
        default_manager_name = "objects"
        permissions = positions.PERMISSIONS
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(draft_session_key=""),
                name="layout_block_draft_key_not_empty",
            ),
            models.CheckConstraint(
                condition=models.Q(draft_session_key__isnull=False)
                | models.Q(draft_of__isnull=True, draft_deleted=False),
                name="layout_block_published_replaces_none",
            ),
            models.CheckConstraint(
                condition=models.Q(draft_deleted=False)
                | models.Q(draft_of__isnull=False),
                name="layout_block_hides_a_published_one",
            ),
            models.UniqueConstraint(
                fields=["draft_of", "draft_session_key"],
                name="layout_block_one_copy_per_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @transaction.atomic
    def save(self, *args, **kwargs):
        update_fields = kwargs.get("update_fields")
        is_seen = not self.is_draft() and published.is_seen(self, update_fields)
        super().save(*args, **kwargs)
        if is_seen:
            published.changed()
        if not self.is_draft():
            index.insert_or_update_object(self)

    @transaction.atomic
    def delete(self, *args, **kwargs):
        if not self.is_draft():
            published.changed()
            index.remove_object(self)
        return super().delete(*args, **kwargs)

    def clean(self):
        super().clean()
        if self.only_in_stock and self.stock_product_id is None:
            raise ValidationError(
                {"stock_product": _("Choose the piece that has to be in stock.")}
            )

    def is_draft(self) -> bool:
        """A working copy, seen in its own session only."""
        return self.draft_session_key is not None

    @property
    def preview_modes(self):
        return previews.modes(self)

    def get_full_url(self):
        """Where a preview pretends to be: the block's own site, if it has one."""
        return f"{self.site.root_url}/" if self.site_id else None

    full_url = property(get_full_url)

    def serve_preview(self, request, mode_name):
        return previews.page_with(self, request, mode_name)
