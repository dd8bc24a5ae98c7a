"""Publish a whole workspace at a time that somebody has agreed to."""

import logging
from datetime import datetime

from django.db import DatabaseError, transaction

from home import outbox
from home.drafts import checks, history, letters
from home.drafts.candidates import load
from home.drafts.errors import (
    Busy,
    NotWhatWasConfirmed,
    Refused,
    TooLate,
    WorkspaceClosed,
)
from home.drafts.facts import Facts
from home.drafts.items import set_digest
from home.drafts.publish import giving_way, make_live
from home.models import DraftWorkspace
from home.models.drafts import KEEP_UNUSED

State = DraftWorkspace.State
logger = logging.getLogger(__name__)


def schedule(
    workspace_id: int, *, by, at: datetime, digest: str, now: datetime
) -> DraftWorkspace:
    """Agree that a workspace is published at a time. Until then nobody edits it.

    Raises:
        Refused: what speaks against it today; it is asked again when the time comes.
        NotWhatWasConfirmed: it has been edited since.
        WorkspaceClosed: it is scheduled, published or thrown away.
        TooLate: that time has passed.
    """
    if at <= now:
        raise TooLate
    with giving_way(), transaction.atomic():
        workspace = DraftWorkspace.objects.lock(workspace_id)
        if not workspace.may_be_edited:
            raise WorkspaceClosed
        facts = Facts(workspace, by, at, load(workspace))
        _refuse(facts, digest)
        workspace.state, workspace.publish_at = State.SCHEDULED, at
        workspace.scheduled_by, workspace.scheduled_digest = by, digest
        workspace.refusal, workspace.updated_at = [], now
        workspace.save()
        history.note(workspace, "home.workspace.schedule", by=by, at=now, publish_at=at)
        return workspace


def _refuse(facts: Facts, digest: str) -> None:
    if set_digest(found.item for found in facts.candidates) != digest:
        raise NotWhatWasConfirmed
    problems = checks.problems_in(facts)
    if checks.refusals(problems):
        raise Refused(problems)


def unschedule(workspace_id: int, *, by, now: datetime) -> DraftWorkspace:
    """Back to being edited. Changes nothing if it is not scheduled any more.

    Raises:
        Busy: it is being published at this moment.
    """
    with giving_way(), transaction.atomic():
        workspace = DraftWorkspace.objects.lock(workspace_id)
        if workspace.state == State.SCHEDULED:
            _reopen(workspace, now)
            history.note(workspace, "home.workspace.unschedule", by=by, at=now)
        return workspace


def _reopen(workspace: DraftWorkspace, now: datetime, refusal=()) -> None:
    """It counts as used: it may have waited for longer than drafts are kept."""
    workspace.state = State.OPEN
    workspace.publish_at = workspace.scheduled_by = workspace.warned_at = None
    workspace.scheduled_digest = ""
    workspace.refusal = list(refusal)
    workspace.updated_at = workspace.used_at = now
    workspace.expires_at = now + KEEP_UNUSED
    workspace.save()


# When the time has come


def due(now: datetime):
    return DraftWorkspace.objects.filter(state=State.SCHEDULED, publish_at__lte=now)


def publish_due(now: datetime) -> None:
    """Publish every workspace whose time has come, each by itself: one that fails keeps
    no other from its hour. ``now`` is the database's (see ``home.drafts.clock``)."""
    order = due(now).order_by("publish_at", "pk")
    for workspace_id in list(order.values_list("pk", flat=True)):
        try:
            publish_one(workspace_id, now)
        except (Busy, DatabaseError):
            logger.warning("Workspace %s is tried again.", workspace_id, exc_info=True)
        except Exception:
            logger.exception("Workspace %s could not be published.", workspace_id)


def publish_one(workspace_id: int, now: datetime) -> None:
    """Publish a workspace that is due, unless another worker has it in hand. What was
    agreed may not fit any more: then its owner is told why."""
    try:
        with giving_way(), transaction.atomic(durable=True):
            workspace = _claim(workspace_id, now)
            if workspace:
                make_live(
                    workspace,
                    by=workspace.scheduled_by,
                    digest=workspace.scheduled_digest,
                    now=now,
                )
    except Refused as refusal:
        problems = checks.refusals(refusal.problems)
        _give_back(workspace_id, [problem.as_json() for problem in problems], now)
    except NotWhatWasConfirmed:
        _give_back(workspace_id, [checks.edited_since().as_json()], now)


def _claim(workspace_id: int, now: datetime) -> DraftWorkspace | None:
    rows = due(now).filter(pk=workspace_id)
    return rows.select_for_update(skip_locked=True, of=("self",), no_key=True).first()


def _give_back(workspace_id: int, refusal: list[dict], now: datetime) -> None:
    with transaction.atomic(durable=True):
        workspace = _claim(workspace_id, now)
        if workspace is None:
            return
        by = workspace.scheduled_by
        _reopen(workspace, now, refusal)
        history.note(
            workspace, "home.workspace.refuse", by=by, at=now, problems=refusal
        )
        if workspace.owner_id:
            outbox.defer(
                letters.send_refusal, workspace_id=workspace.pk, at=now.isoformat()
            )
