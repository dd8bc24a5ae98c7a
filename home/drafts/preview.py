"""Remember what of a workspace has been looked at: only that may be published."""

from datetime import datetime

from home.drafts.viewing import Viewing
from home.models import LayoutBlock, WorkspacePage


def remember(viewing: Viewing, *, now: datetime) -> None:
    """Note the exact content that a response has shown, where it was not noted yet.

    A copy that was saved while it was being shown stays unseen: the digest that was
    rendered is compared with the one that is kept.
    """
    overlay = viewing.overlay
    for entry in overlay.entries if viewing.seen_pages else ():
        if entry.pk in viewing.seen_pages and not entry.is_seen:
            WorkspacePage.objects.filter(pk=entry.pk, digest=entry.digest).update(
                seen_digest=entry.digest, seen_at=now
            )
    if not viewing.seen_positions:
        return
    for row in overlay.rows:
        if row.seen_digest != row.digest and _was_shown(row, viewing.seen_positions):
            LayoutBlock.all_objects.filter(pk=row.pk, digest=row.digest).update(
                seen_digest=row.digest
            )


def _was_shown(row: LayoutBlock, positions: set[str]) -> bool:
    """Where the block stands now; what is taken away is seen by its absence."""
    return row.position in positions
