"""Draft workspaces: named sets of changes to many pages and layout blocks, seen by
their owner (and through signed links), published or thrown away as a whole.

Wagtail keeps one shared draft per object; a workspace keeps its own copies beside it.
Copies of pages are rows here, copies of layout blocks are rows of ``LayoutBlock``.
"""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

KEEP_UNUSED = timedelta(days=30)
WARN_BEFORE = timedelta(days=5)


def new_key() -> str:
    return secrets.token_urlsafe(32)


class DraftWorkspaceQuerySet(models.QuerySet):
    def open(self):
        """Still being worked on, or waiting for its hour."""
        return self.filter(
            state__in=[DraftWorkspace.State.OPEN, DraftWorkspace.State.SCHEDULED]
        )

    def of(self, user):
        return self.filter(owner=user)

    def visible_to(self, user):
        """One's own; publishers also see what was handed over to them, what is
        scheduled, and what has been published."""
        mine = models.Q(owner=user)
        if not user.has_perm("home.publish_draftworkspace"):
            return self.filter(mine)
        handed_over = models.Q(handed_over_at__isnull=False) | ~models.Q(
            state__in=[DraftWorkspace.State.OPEN, DraftWorkspace.State.DISCARDED]
        )
        return self.filter(mine | handed_over)

    def lock(self, workspace_id: int):
        """Lock one workspace until commit, and return it: whoever publishes, schedules
        or throws it away takes this lock before any page's or block's."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=workspace_id)


class DraftWorkspace(models.Model):
    """``key`` is what the copies of layout blocks carry as ``draft_session_key``. It is
    random and belongs to the workspace, not to a session: Django's own session key
    changes at every login and is a credential."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        SCHEDULED = "scheduled", _("scheduled")
        PUBLISHED = "published", _("published")
        ROLLED_BACK = "rolled_back", _("published and taken back")
        # The inverse of a published workspace, kept to take it back with.
        INVERSE = "inverse", _("way back")
        DISCARDED = "discarded", _("thrown away")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=64, unique=True, default=new_key, editable=False)
    name = models.CharField(_("name"), max_length=80)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="draft_workspaces",
        verbose_name=_("owner"),
    )
    state = models.CharField(max_length=12, choices=State, default=State.OPEN)
    # Grows with every change to any item: names the state of the whole set.
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    used_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(null=True)
    publish_at = models.DateTimeField(_("publish at"), null=True)
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    # What was confirmed: publishing anything else is refused.
    scheduled_digest = models.CharField(max_length=64, blank=True)
    # Why a scheduled publish was refused, for its owner to read.
    refusal = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    undoes = models.OneToOneField(
        "self",
        null=True,
        on_delete=models.CASCADE,
        related_name="inverse",
    )

    objects = DraftWorkspaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft workspace")
        verbose_name_plural = _("draft workspaces")
        ordering = ["-updated_at", "-pk"]
        permissions = [
            ("publish_draftworkspace", _("Can publish draft workspaces")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(key=""), name="draft_workspace_key_not_empty"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="scheduled")
                | models.Q(publish_at__isnull=False),
                name="draft_workspace_scheduled_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(undoes__isnull=True)
                | models.Q(state__in=["inverse", "published", "open"]),
                name="draft_workspace_inverse_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["publish_at"],
                name="draft_workspace_due",
                condition=models.Q(state="scheduled"),
            ),
            models.Index(fields=["state", "expires_at"], name="draft_workspace_expiry"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the whole is looked over and published."""
        return reverse("home:drafts:overview", args=[self.uuid])

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.OPEN, self.State.SCHEDULED)

    @property
    def may_be_edited(self) -> bool:
        """Not while it waits for its hour: what was confirmed is what goes live."""
        return self.state == self.State.OPEN

    def expires_soon(self, now: datetime) -> bool:
        return self.is_open and self.expires_at - now < WARN_BEFORE


class WorkspacePage(models.Model):
    """A page as one workspace has it.

    ``content`` is the page's ``serializable_data()`` without comments. A page that
    exists only in its workspace has no ``page`` but ``parent`` and ``content_type``; it
    becomes a node of the tree when it is published, because a hidden node shows in
    admin search, history and the API.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", _("changed")
        CREATE = "create", _("new")
        UNPUBLISH = "unpublish", _("taken off the site")
        # Only in a way back: takes away what the publish had made.
        DELETE = "delete", _("removed")

    workspace = models.ForeignKey(
        DraftWorkspace, on_delete=models.CASCADE, related_name="pages"
    )
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.CHANGE)
    # Kept when its page is deleted by somebody else: the owner is told, no word lost.
    page = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    parent = models.ForeignKey(
        "wagtailcore.Page",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    content_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.CASCADE, related_name="+"
    )
    title = models.CharField(max_length=255)
    draft_slug = models.CharField(max_length=255)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    # For optimistic saving: a form that read another version is refused.
    version = models.PositiveIntegerField(default=1)
    # What was live, and the latest shared draft, when this copy was taken. The digest
    # is of what the editor began with, which the content may already have passed by.
    base_digest = models.CharField(max_length=64, blank=True)
    base_content = models.JSONField(encoder=DjangoJSONEncoder, null=True)
    base_live_revision = models.BigIntegerField(null=True)
    base_latest_revision = models.BigIntegerField(null=True)
    digest = models.CharField(max_length=64)
    seen_digest = models.CharField(max_length=64, blank=True)
    seen_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "page"], name="workspace_page_once"
            ),
            models.UniqueConstraint(
                fields=["workspace", "parent", "draft_slug"],
                condition=models.Q(kind="create"),
                name="workspace_new_page_slug_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_seen(self) -> bool:
        return self.seen_digest == self.digest

    @property
    def is_orphan(self) -> bool:
        """Its page, or the parent it was to stand under, is gone."""
        if self.kind == self.Kind.CREATE:
            return self.parent_id is None
        return self.page_id is None
