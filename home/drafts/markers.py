"""What stands under each layout block of a draft, for its owner alone: why it is there,
and what may be done with it at once."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse

from home.office.why import shop_time
from home.positions import Position
from home.showing import Reason

EDITOR = "wagtailsnippets_home_layoutblock:edit"
# Their blocks are parts of lists and bars that nothing may be put between.
UNMARKED = {Position.ANNOUNCEMENT, Position.HEADER, Position.FOOTER}


@dataclass(frozen=True)
class Hands:
    """Whose the workspace is that is being edited, and at which positions they may
    change anything. ``Overlay.standing`` gives it to each block."""

    owner: str
    positions: frozenset[str]


def may_stage(block) -> bool:
    hands = getattr(block, "hands", None)
    return hands is not None and block.position in hands.positions


def key(block) -> str:
    """Names a block in forms: published ones by their own number, a workspace's new
    ones by theirs, and a copy by the block that it replaces."""
    if block.draft_of_id:
        return f"published-{block.draft_of_id}"
    return f"{'new' if block.is_draft() else 'published'}-{block.pk}"


def origin(block) -> str:
    """live, changed (the workspace's copy of a live one) or new."""
    if not block.is_draft():
        return "live"
    return "changed" if block.draft_of_id else "new"


def marked(block, markup: str) -> str:
    """A block's markup with its marker behind."""
    if block.position in UNMARKED or not markup:
        return markup
    hands = getattr(block, "hands", None)
    told = {
        "block": block,
        "key": key(block),
        "origin": origin(block),
        "owner": hands.owner if hands else "",
        "may_stage": may_stage(block),
        "goes_live": shop_time(block.go_live_at) if block.go_live_at else "",
        "ends": shop_time(block.expire_at) if block.expire_at else "",
    }
    return markup + render_to_string("home/drafts/marker.html", told)


@dataclass(frozen=True)
class Note:
    """What the bar says of a block that no marker tells of."""

    key: str
    title: str
    where: str
    origin: str
    reason: str
    is_off: bool
    may_stage: bool
    edit_url: str


def notes(judged) -> tuple[Note, ...]:
    """Of the blocks of bars and lists, and of hidden ones with the reason."""
    return tuple(
        Note(
            key=key(block),
            title=block.title,
            where=block.get_position_display(),
            origin=origin(block),
            reason=str(reason.label),
            is_off=reason == Reason.OFF,
            may_stage=may_stage(block),
            edit_url=reverse(EDITOR, args=[block.draft_of_id or block.pk]),
        )
        for block, reason in judged
        if block.position in UNMARKED or reason != Reason.SHOWN
    )
