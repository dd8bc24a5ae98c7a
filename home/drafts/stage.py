"""Small deeds on a layout block from the storefront itself, staged in the open
workspace."""

from datetime import datetime

from django.utils import timezone

from home.drafts import edit, markers
from home.drafts.items import block_item
from home.drafts.overlay import Overlay
from home.models import DraftWorkspace, LayoutBlock

DEEDS = ("up", "down", "hide", "show", "remove")


def find(workspace: DraftWorkspace, key: str) -> LayoutBlock | None:
    """The block of a key, as the workspace has it."""
    return next((b for b in _standing(workspace) if markers.key(b) == key), None)


def stage(
    workspace: DraftWorkspace, block: LayoutBlock, deed: str, *, now: datetime
) -> None:
    """Move, hide, show or take away one block.

    Raises:
        WorkspaceClosed
    """
    if deed in ("hide", "show"):
        edit.change_block(workspace, _subject(block), now=now, is_active=deed == "show")
    elif deed == "remove" and markers.origin(block) == "new":
        edit.forget(workspace, block_item(block), now=now)
    elif deed == "remove":
        edit.change_block(workspace, _subject(block), now=now, draft_deleted=True)
    else:
        _move(workspace, block, -1 if deed == "up" else 1, now)


def _subject(block: LayoutBlock) -> LayoutBlock:
    """The published block of a copy: what deeds are done to."""
    return block.draft_of or block


def _move(workspace, block: LayoutBlock, step: int, now: datetime) -> None:
    """Change places with a neighbour at the same position; at the end nothing moves."""
    together = [b for b in _standing(workspace) if b.position == block.position]
    keys = [markers.key(other) for other in together]
    here = keys.index(markers.key(block))
    there = here + step
    if 0 <= there < len(together):
        together[here], together[there] = together[there], together[here]
        edit.reorder_blocks(workspace, together, now=now)


def _standing(workspace: DraftWorkspace) -> list[LayoutBlock]:
    published = LayoutBlock.objects.standing(with_all_expired=True)
    return Overlay([workspace], now=timezone.now()).standing(published)
