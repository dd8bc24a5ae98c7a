"""The order of the blocks of one position. It is moved in the open workspace, or as
Wagtail drafts, which a second deed makes live."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from home import showing
from home.drafts import edit
from home.drafts.content import BLOCK_STATE, block_content
from home.drafts.overlay import Overlay
from home.models import LayoutBlock


class OrderChanged(Exception):
    """Somebody else has moved, added or removed a block meanwhile."""


class OrderRefused(Exception):
    """Blocks that nobody may renumber now: locked, waiting for their hour, or with a
    workflow. Nothing was changed.

    Attributes:
        blocks: those that stand in the way
    """

    def __init__(self, blocks: Sequence[LayoutBlock]):
        super().__init__(", ".join(str(block) for block in blocks))
        self.blocks = blocks


@dataclass
class Placed:
    """A published block (``live``) and its latest draft, which may be the same."""

    live: LayoutBlock
    draft: LayoutBlock

    @property
    def is_moved(self) -> bool:
        """Live, and with another number in its draft."""
        return self.live.live and self.live.sort_order != self.draft.sort_order


def placed(position: str) -> list[Placed]:
    """The blocks whose drafts stand at a position, in their drafts' order. Blocks that
    have expired count while another may stand in for them."""
    standing = LayoutBlock.objects.standing().values("pk")
    never_shown = Q(live=False, expired=False)
    blocks = _may_stand_at(position).filter(Q(pk__in=standing) | never_shown)
    both = [
        Placed(block, _latest(block))
        for block in blocks.select_related("latest_revision", "site", "locale")
    ]
    there = [one for one in both if one.draft.position == position]
    return sorted(there, key=lambda one: showing.place(one.draft))


def _latest(block: LayoutBlock) -> LayoutBlock:
    """Its latest draft. Wagtail would ask for the block again, and for what its state
    refers to."""
    revision = block.latest_revision
    if not (block.has_unpublished_changes and revision):
        return block
    kept = {n: v for n, v in revision.content.items() if n not in BLOCK_STATE}
    return block.with_content_json(kept | {"pk": block.pk})


def _may_stand_at(position: str):
    is_drafted = Q(has_unpublished_changes=True)
    return LayoutBlock.objects.filter(Q(position=position) | is_drafted)


def lock(position: str) -> None:
    """Lock what may stand at a position until commit, in primary-key order. A statement
    after this one reads what the last holder left."""
    blocks = _may_stand_at(position).order_by("pk")
    list(blocks.select_for_update(of=("self",), no_key=True).values_list("pk"))


def drafted_in(workspace, position: str, *, now: datetime) -> list[LayoutBlock]:
    """The blocks of a position as a workspace has them, in its order."""
    overlay = Overlay([workspace], now=now)
    standing = overlay.standing(LayoutBlock.objects.standing())
    return [block for block in standing if block.position == position]


def key(block: LayoutBlock) -> int:
    """Names a block, whether or not a workspace has a copy of it."""
    return block.draft_of_id or block.pk


def move(position: str, seen: Sequence[int], of: int, to: int, *, user) -> None:
    """Take one block to another place, as drafts of the blocks whose number has to
    change. What is live, and every other word of the drafts, stays as it is.

    ``seen`` are the keys of the order that was looked at, ``of`` is one of them, ``to``
    a place in it. Locks the position's blocks.

    Raises:
        OrderChanged: it is no longer what was seen.
        OrderRefused
    """
    with transaction.atomic():
        lock(position)
        order = placed(position)
        _refuse_other([one.draft for one in order], seen)
        _save([order[n] for n in _places(seen, of, to)], user)


def move_in(
    workspace, position: str, seen: Sequence[int], of: int, to: int, *, now: datetime
) -> None:
    """The same in a workspace.

    Raises:
        OrderChanged
        WorkspaceClosed
    """
    blocks = drafted_in(workspace, position, now=now)
    _refuse_other(blocks, seen)
    order = [blocks[n] for n in _places(seen, of, to)]
    edit.reorder_blocks(workspace, order, now=now)


def _refuse_other(blocks: Sequence[LayoutBlock], seen: Sequence[int]) -> None:
    if [key(block) for block in blocks] != list(seen):
        raise OrderChanged


def _places(seen: Sequence[int], of: int, to: int) -> list[int]:
    """Where each of the new order stood before."""
    others = [n for n, name in enumerate(seen) if name != of]
    return [*others[:to], list(seen).index(of), *others[to:]]


def _save(order: Sequence[Placed], user) -> None:
    numbers = _numbers([one.draft for one in order])
    changing = [one for one in order if numbers[one.draft.pk] != one.draft.sort_order]
    _refuse_locked([one.draft for one in changing], user)
    for one in changing:
        number = numbers[one.draft.pk]
        if not one.live.live:
            # As Wagtail's editor does with what is not live: the row follows its draft.
            LayoutBlock.objects.filter(pk=one.live.pk).update(sort_order=number)
        one.draft.sort_order = number
        one.draft.save_revision(user=user, clean=False, log_action=True)


def _numbers(blocks: Sequence[LayoutBlock]) -> dict[int, int]:
    """{pk: number}, rising; a number that is high enough already is kept."""
    numbers, last = {}, -1
    for block in blocks:
        last = block.sort_order if block.sort_order > last else last + 1
        numbers[block.pk] = last
    return numbers


def _refuse_locked(blocks: Sequence[LayoutBlock], user) -> None:
    locks = [(block, block.get_lock()) for block in blocks]
    locked = [block for block, lock in locks if lock and lock.for_user(user)]
    if locked:
        raise OrderRefused(locked)


@transaction.atomic
def publish_order(position: str, seen: Sequence[int], *, user) -> list[LayoutBlock]:
    """Make the drafted order of a position live, and nothing else of the drafts: those
    with other changes are drafts again afterwards. Returns the blocks that moved.

    The caller has checked that the user may.

    Raises:
        OrderChanged: it is no longer what was seen.
        OrderRefused
    """
    lock(position)
    order = placed(position)
    _refuse_other([one.draft for one in order], seen)
    moving = [one for one in order if one.is_moved and one.live.position == position]
    _refuse_locked([one.live for one in moving], user)
    busy = [one.live for one in moving if _is_busy(one.live)]
    if busy:
        raise OrderRefused(busy)
    for one in moving:
        _publish(one, user)
    return [one.live for one in moving]


def _is_busy(block: LayoutBlock) -> bool:
    """Publishing it would call off what it waits for."""
    return block.workflow_in_progress or block.scheduled_revision is not None


def _publish(one: Placed, user) -> None:
    draft, by = one.live.latest_revision, one.draft.sort_order
    has_more = _without_number(one.draft) != _without_number(one.live)
    one.live.sort_order = by
    one.live.save_revision(user=user, clean=False, log_action=True).publish(user=user)
    if has_more and draft:
        again = draft.as_object()
        again.sort_order = by
        again.save_revision(user=draft.user, clean=False)


def _without_number(block: LayoutBlock) -> dict:
    return {n: v for n, v in block_content(block).items() if n != "sort_order"}
