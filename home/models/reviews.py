"""Sharing a draft workspace with people who have no account: links, visits, comments
and verdicts."""

import secrets
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from home.models.drafts import DraftWorkspace


def new_nonce() -> str:
    return secrets.token_urlsafe(24)


class ShareLinkQuerySet(models.QuerySet):
    def valid(self, now: datetime):
        """Neither withdrawn nor past its day, of a workspace still being worked on."""
        return self.filter(
            revoked_at__isnull=True,
            expires_at__gt=now,
            workspace__in=DraftWorkspace.objects.open(),
        )


class ShareLink(models.Model):
    """A reviewer's way in. The address carries the signed ``nonce``, never an id."""

    workspace = models.ForeignKey(
        DraftWorkspace, on_delete=models.CASCADE, related_name="links"
    )
    nonce = models.CharField(max_length=64, unique=True, default=new_nonce)
    label = models.CharField(_("for whom"), max_length=80, blank=True)
    # As Django keeps passwords; empty: none is asked for.
    passphrase = models.CharField(max_length=128, blank=True)
    # Wrong passphrases since then.
    tries = models.PositiveSmallIntegerField(default=0)
    tries_since = models.DateTimeField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.label or str(_("Link for reviewers"))


class ShareVisit(models.Model):
    """Someone came in through a link, or opened a page with it. No address, no name."""

    link = models.ForeignKey(ShareLink, on_delete=models.CASCADE, related_name="visits")
    path = models.CharField(max_length=500)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.path


class ReviewComment(models.Model):
    """A sentence about one item of a workspace, or about the whole."""

    workspace = models.ForeignKey(
        DraftWorkspace, on_delete=models.CASCADE, related_name="comments"
    )
    link = models.ForeignKey(ShareLink, null=True, on_delete=models.SET_NULL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    name = models.CharField(_("your name"), max_length=60)
    # An item's key (see home.drafts.items); empty: the whole workspace.
    item = models.CharField(max_length=60, blank=True)
    path = models.CharField(max_length=500, blank=True)
    text = models.TextField(_("comment"), max_length=2000)
    at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.text[:40]}"


class ReviewVerdict(models.Model):
    """What a reviewer decided, and about which state of the workspace."""

    class Answer(models.TextChoices):
        APPROVED = "approved", _("approved")
        CHANGES = "changes", _("asks for changes")

    workspace = models.ForeignKey(
        DraftWorkspace, on_delete=models.CASCADE, related_name="verdicts"
    )
    link = models.ForeignKey(ShareLink, null=True, on_delete=models.SET_NULL)
    name = models.CharField(_("your name"), max_length=60)
    answer = models.CharField(max_length=10, choices=Answer)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_answer_display()}"
