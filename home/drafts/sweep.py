"""Throw away what nobody uses: with a warning before, and a while of grace after."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from wagtail.signal_handlers import disable_reference_index_auto_update

from home import outbox
from home.drafts import letters
from home.drafts.errors import WorkspaceClosed
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage
from home.models.drafts import WARN_BEFORE

State = DraftWorkspace.State
# How long a way back, and what was thrown away, are kept.
KEEP_CLOSED = timedelta(days=90)
# Rows that are taken in one transaction.
BATCH = 100


def sweep(now: datetime) -> None:
    """Everything that is to be done once a day."""
    _in_batches(lambda: warn(now))
    _in_batches(lambda: discard_expired(now))
    _in_batches(lambda: empty_closed(now))
    _in_batches(delete_orphans)


def _in_batches(deed: Callable[[], int]) -> None:
    while deed() == BATCH:
        pass


def discard(workspace_id: int, *, now: datetime) -> DraftWorkspace:
    """Throw a workspace away: nobody looks through it any more. Its pages' words are
    kept for a while; its working copies of blocks go at once.

    Raises:
        WorkspaceClosed: it is published, or a way back. A second call changes nothing.
    """
    with transaction.atomic():
        workspace = DraftWorkspace.objects.lock(workspace_id)
        if workspace.state == State.DISCARDED:
            return workspace
        if not workspace.is_open:
            raise WorkspaceClosed
        _discard([workspace], now)
        return workspace


def _discard(workspaces: list[DraftWorkspace], now: datetime) -> None:
    keys = [workspace.key for workspace in workspaces]
    _delete_rows(LayoutBlock.all_objects.filter(draft_session_key__in=keys))
    for workspace in workspaces:
        workspace.state, workspace.updated_at = State.DISCARDED, now
        workspace.publish_at = workspace.handed_over_at = None
    fields = ["state", "updated_at", "publish_at", "handed_over_at"]
    DraftWorkspace.objects.bulk_update(workspaces, fields)


def _delete_rows(rows) -> int:
    # The index knows nothing of working copies.
    with disable_reference_index_auto_update():
        deleted, _ = rows.delete()
    return deleted


def _claim(rows) -> list[DraftWorkspace]:
    """Lock a batch; what somebody has in hand is in use."""
    rows = rows.order_by("pk").select_for_update(
        skip_locked=True, of=("self",), no_key=True
    )
    return list(rows[:BATCH])


# Once a day


@transaction.atomic
def warn(now: datetime) -> int:
    """Write to the owners of workspaces that expire soon, once. Who could not be warned
    in time is warned now and gets the days after all."""
    unused = DraftWorkspace.objects.filter(
        state=State.OPEN,
        owner__isnull=False,
        warned_at__isnull=True,
        expires_at__lt=now + WARN_BEFORE,
    )
    claimed = _claim(unused)
    for workspace in claimed:
        workspace.warned_at = now
        if workspace.expires_at < now:
            workspace.expires_at = now + WARN_BEFORE
        outbox.defer(
            letters.send_expiry_warning, workspace_id=workspace.pk, at=now.isoformat()
        )
    DraftWorkspace.objects.bulk_update(claimed, ["warned_at", "expires_at"])
    return len(claimed)


@transaction.atomic
def discard_expired(now: datetime) -> int:
    is_over = Q(state=State.OPEN, expires_at__lt=now)
    is_warned = Q(warned_at__isnull=False) | Q(owner__isnull=True)
    claimed = _claim(DraftWorkspace.objects.filter(is_over & is_warned))
    _discard(claimed, now)
    return len(claimed)


@transaction.atomic
def empty_closed(now: datetime) -> int:
    """Remove old ways back and what was thrown away long ago; of what was published,
    only the name and the log stay."""
    before = now - KEEP_CLOSED
    old = DraftWorkspace.objects.filter(updated_at__lt=before).exclude(
        state__in=[State.OPEN, State.SCHEDULED]
    )
    full = Q(Exists(WorkspacePage.objects.filter(workspace=OuterRef("pk")))) | Q(
        Exists(LayoutBlock.all_objects.filter(draft_session_key=OuterRef("key")))
    )
    gone = Q(state__in=[State.DISCARDED, State.INVERSE])
    claimed = _claim(old.filter(gone | full))
    keys = [workspace.key for workspace in claimed]
    ids = [workspace.pk for workspace in claimed]
    _delete_rows(LayoutBlock.all_objects.filter(draft_session_key__in=keys))
    WorkspacePage.objects.filter(workspace__in=ids).delete()
    DraftWorkspace.objects.filter(gone, pk__in=ids).delete()
    return len(claimed)


@transaction.atomic
def delete_orphans() -> int:
    """Working copies whose workspace is gone."""
    workspaces = DraftWorkspace.objects.filter(key=OuterRef("draft_session_key"))
    orphans = LayoutBlock.all_objects.filter(draft_session_key__isnull=False)
    keys = orphans.exclude(Exists(workspaces)).order_by("pk").values("pk")[:BATCH]
    ids = [row["pk"] for row in keys]
    _delete_rows(LayoutBlock.all_objects.filter(pk__in=ids))
    return len(ids)
