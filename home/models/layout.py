"""Blocks that stand outside pages: announcement, header, footer and their like."""

from django.contrib.contenttypes.fields import GenericRelation
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    WorkflowMixin,
)
from wagtail.search import index

from home import storefront
from home.blocks import LayoutBlocks


class LayoutBlockQuerySet(models.QuerySet):
    def published(self):
        """Working copies of a draft workspace left out."""
        return self.filter(draft_session_key__isnull=True)

    def shown(self):
        """What a shopper sees now, in order of position."""
        return (
            self.published()
            .filter(live=True, is_active=True)
            .order_by("position", "sort_order", "pk")
        )

    def copies_in(self, workspace):
        """The workspace's working copies and new blocks."""
        return self.filter(draft_session_key=workspace.key)


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

    class Position(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("Announcement, above everything")
        HEADER = "header", _("Header menu")
        HOME = "home", _("Home page, above the footer")
        CATALOG = "catalog", _("Product lists, above the products")
        PRODUCT = "product", _("Product pages, below the product")
        CART = "cart", _("Basket, below the lines")
        FOOTER = "footer", _("Footer")

    position = models.CharField(_("position"), max_length=20, choices=Position)
    title = models.CharField(
        _("title"), max_length=120, help_text=_("Only editors see it.")
    )
    sort_order = models.PositiveIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("switched on"), default=True)
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
        FieldPanel("title"),
        FieldRowPanel(
            [FieldPanel("position"), FieldPanel("sort_order"), FieldPanel("is_active")]
        ),
        FieldPanel("content"),
        FieldRowPanel([FieldPanel("site"), FieldPanel("locale")]),
        PublishingPanel(),
    ]
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

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        if not self.is_draft():
            storefront.changed()
            index.insert_or_update_object(self)

    def delete(self, *args, **kwargs):
        if not self.is_draft():
            storefront.changed()
            index.remove_object(self)
        return super().delete(*args, **kwargs)

    def is_draft(self) -> bool:
        """A working copy, seen in its own session only."""
        return self.draft_session_key is not None

    def get_preview_template(self, request, mode_name):
        return "home/layout_block_preview.html"
