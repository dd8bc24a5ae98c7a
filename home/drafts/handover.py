"""Show a workspace to those who may publish it, and take it back."""

from datetime import datetime

from django.db import transaction

from home.drafts import history
from home.models import DraftWorkspace


@transaction.atomic
def hand_over(workspace: DraftWorkspace, *, by, now: datetime) -> bool:
    """From now on publishers see it. False: they do already, or it is not open."""
    kept = DraftWorkspace.objects.open().filter(pk=workspace.pk)
    changed = kept.filter(handed_over_at=None).update(handed_over_at=now)
    if changed:
        history.note(workspace, "home.workspace.hand_over", by=by, at=now)
    return bool(changed)


@transaction.atomic
def take_back(workspace: DraftWorkspace, *, by, now: datetime) -> bool:
    """Only its owner sees it again. False: it was not handed over, or it is scheduled
    and waits for nobody any more."""
    kept = DraftWorkspace.objects.filter(pk=workspace.pk)
    waiting = kept.filter(state=DraftWorkspace.State.OPEN, handed_over_at__isnull=False)
    changed = waiting.update(handed_over_at=None)
    if changed:
        history.note(workspace, "home.workspace.take_back", by=by, at=now)
    return bool(changed)
