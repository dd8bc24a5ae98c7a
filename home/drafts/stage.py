"""Small deeds on a layout block from the storefront itself, staged in the open
workspace."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wagtail.locks import BasicLock

from home import showing
from home.drafts import edit, markers
from home.drafts.errors import Locked, Stale
from home.drafts.items import block_item
from home.drafts.overlay import Overlay
from home.drafts.problems import person
from home.models import DraftWorkspace, LayoutBlock
from home.positions import may_change_position

DEEDS = ("up", "down", "hide", "show", "remove")


class NotThere(LookupError):
    """No such block stands here, or not for this account."""


@dataclass(frozen=True)
class Look:
    """Who has looked at which version of a workspace, where, and when."""

    workspace: DraftWorkspace
    by: Any
    version: str
    site_id: int
    locale_id: int
    now: datetime


def stage(look: Look, deed: str, key: str) -> None:
    """Move, hide, show or take away one block of those that stand here. What is so
    already is left as it is, so a second press changes nothing.

    Locks the workspace.

    Raises:
        NotThere
        Stale: a move, and the workspace is no longer what was looked at.
        Locked
        WorkspaceClosed
    """
    with edit.holding(look.workspace) as kept:
        standing = _standing(look)
        block = next((b for b in standing if markers.key(b) == key), None)
        if block is None and deed == "remove" and key:
            return
        if block is None or not may_change_position(look.by, block.position):
            raise NotThere
        if deed in ("up", "down"):
            if look.version != str(kept.version):
                raise Stale(kept.version)
            _move(look, standing, block, is_up=deed == "up")
        elif deed == "remove":
            _remove(look, block)
        elif block.is_active != (deed == "show"):
            _change(look, block, is_active=deed == "show")


def _standing(look: Look) -> list[LayoutBlock]:
    """What is meant for this site and language, whether or not it shows."""
    published = LayoutBlock.objects.standing(with_all_expired=True)
    standing = Overlay([look.workspace], now=look.now).standing(published)
    return showing.here(standing, site_id=look.site_id, locale_id=look.locale_id)


def _remove(look: Look, block: LayoutBlock) -> None:
    if markers.origin(block) == "new":
        edit.forget(look.workspace, block_item(block), now=look.now)
    else:
        _change(look, block, draft_deleted=True)


def _change(look: Look, block: LayoutBlock, **values) -> None:
    _refuse_locked([block], look.by)
    edit.change_block(look.workspace, block.draft_of or block, now=look.now, **values)


def _move(look: Look, standing, block: LayoutBlock, *, is_up: bool) -> None:
    """To the other side of the next block that shows; at the end nothing moves."""
    shown = showing.shown(standing, now=look.now)
    together = [b for b in shown if b.position == block.position]
    here = together.index(block) if block in together else -1
    there = here - 1 if is_up else here + 1
    if here < 0 or not 0 <= there < len(together):
        return
    order = [b for b in _at(look, block.position) if b.pk != block.pk]
    keys = [markers.key(b) for b in order]
    place = keys.index(markers.key(together[there])) + (0 if is_up else 1)
    order.insert(place, block)
    renumbered = [other for other, _number in edit.renumbered(order, block)]
    _refuse_locked([block, *renumbered], look.by)
    edit.reorder_blocks(look.workspace, order, now=look.now, moved=block)


def _at(look: Look, position: str) -> list[LayoutBlock]:
    """Everything at a position, that of other sites, too: numbers are for all."""
    published = LayoutBlock.objects.standing(with_all_expired=True)
    standing = Overlay([look.workspace], now=look.now).standing(published)
    return [block for block in standing if block.position == position]


def _refuse_locked(blocks: Iterable[LayoutBlock], by) -> None:
    """Wagtail's locks are on what is published."""
    for block in blocks:
        published = block.draft_of if block.is_draft() else block
        lock = published.get_lock() if published else None
        if published and lock and lock.for_user(by):
            is_somebodys = isinstance(lock, BasicLock) and published.locked_by
            raise Locked(published, person(published.locked_by) if is_somebodys else "")
