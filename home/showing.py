"""Which layout blocks a visitor sees, and why one is not seen. One rule for shop,
drafts, previews and the admin.

Knows nothing of selling: what is in stock says the room named by
``settings.STOCK_SOURCE``.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import TextChoices
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from home.positions import Position

if TYPE_CHECKING:
    from home.models import LayoutBlock


class Reason(TextChoices):
    """Why a block is seen, or is not."""

    SHOWN = "shown", _("Shown")
    DRAFT = "draft", _("Not shown: draft only")
    OFF = "off", _("Not shown: switched off")
    WAITING = "waiting", _("Not yet")
    EXPIRED = "expired", _("No longer")
    SOLD_OUT = "sold_out", _("Not shown: sold out")
    STANDING_BY = "standing_by", _("Not shown: stands in for the block above")
    NOWHERE = "nowhere", _("Not shown: its position no longer exists")


# What neither time nor stock will change.
NEVER = frozenset({Reason.DRAFT, Reason.OFF, Reason.NOWHERE})


def place(block: "LayoutBlock") -> tuple:
    """What the blocks of a site are sorted by; a copy stands where its block does."""
    number = block.draft_of_id or block.pk
    return block.position, block.sort_order, number is None, number or 0


def here(
    blocks: Iterable["LayoutBlock"], *, site_id: int, locale_id: int | None
) -> list["LayoutBlock"]:
    """Those meant for a site and a language; empty means every one."""
    return [
        block
        for block in blocks
        if block.site_id in (None, site_id) and block.locale_id in (None, locale_id)
    ]


def judge(
    blocks: Iterable["LayoutBlock"],
    *,
    now: datetime,
    forced: "LayoutBlock | None" = None,
) -> list[tuple["LayoutBlock", Reason]]:
    """Each block with its reason, in order. The blocks are of one site and language,
    sorted by ``place``; stock is asked for once, and only if a block depends on it.

    ``forced`` is a block that shows whatever its own state: it is being previewed.
    """
    standing = list(blocks)
    available = in_stock(standing)
    judged = []
    for _position, together in groupby(standing, key=lambda block: block.position):
        judged += _judge_position(together, now, available, forced)
    return judged


def shown(
    blocks: Iterable["LayoutBlock"],
    *,
    now: datetime,
    forced: "LayoutBlock | None" = None,
) -> list["LayoutBlock"]:
    """Those a visitor sees at that moment."""
    judged = judge(blocks, now=now, forced=forced)
    return [block for block, reason in judged if reason == Reason.SHOWN]


def by_themselves(
    blocks: Collection["LayoutBlock"], *, now: datetime, whenever: bool = False
) -> list["LayoutBlock"]:
    """Those that show where an editor placed them by name, whatever stands above them;
    ``whenever``: also those that wait, have expired or are sold out."""
    available = in_stock(blocks)
    reasons = [(block, own_reason(block, now, available)) for block in blocks]
    if whenever:
        return [block for block, reason in reasons if reason not in NEVER]
    return [block for block, reason in reasons if reason == Reason.SHOWN]


def _judge_position(blocks, now: datetime, available, forced):
    is_taken = False
    for block in blocks:
        reason = Reason.SHOWN if block is forced else own_reason(block, now, available)
        if reason in (Reason.DRAFT, Reason.NOWHERE):
            # Not there for anyone: what stands beneath it has not lost its neighbour.
            yield block, reason
            continue
        if not block.is_stand_in:
            is_taken = False
        elif reason == Reason.SHOWN and is_taken and block is not forced:
            reason = Reason.STANDING_BY
        is_taken = is_taken or reason == Reason.SHOWN
        yield block, reason


def own_reason(
    block: "LayoutBlock", now: datetime, available: Collection[int]
) -> Reason:
    """A block by itself, whatever stands above it. A live row's times count even when
    nobody has come by to take it off."""
    if block.position not in Position.values:
        return Reason.NOWHERE
    if not (block.live or block.expired or block.is_draft()):
        return Reason.DRAFT
    if not block.is_active or block.draft_deleted:
        return Reason.OFF
    if block.expired or (block.expire_at and block.expire_at <= now):
        return Reason.EXPIRED
    if block.go_live_at and block.go_live_at > now:
        return Reason.WAITING
    if block.only_in_stock and block.stock_product_id not in available:
        return Reason.SOLD_OUT
    return Reason.SHOWN


def in_stock(blocks: Iterable["LayoutBlock"]) -> Collection[int]:
    """Ids of the products, of those that blocks depend on, that can be bought."""
    wanted = {block.stock_product_id for block in blocks if block.only_in_stock}
    wanted.discard(None)
    return import_string(settings.STOCK_SOURCE)(wanted) if wanted else ()


def next_change(blocks: Iterable["LayoutBlock"], *, now: datetime) -> datetime | None:
    """When time alone will change what is seen: no page may be kept beyond it."""
    times = [time for block in blocks for time in (block.go_live_at, block.expire_at)]
    return min((time for time in times if time and time > now), default=None)
