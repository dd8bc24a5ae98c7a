"""What a change changes, field by field, with Wagtail's own comparisons of rich text
and of blocks."""

from dataclasses import dataclass, field

from wagtail.admin.panels import get_edit_handler

from home.drafts.content import (
    block_digest,
    copy_block,
    laid_over,
    page_content,
    page_digest,
)
from home.drafts.items import Item
from home.drafts.problems import person
from home.models import LayoutBlock, WorkspacePage


@dataclass(frozen=True)
class Comparison:
    """One change. ``fields`` are Wagtail's comparisons of what is live now with the
    draft. ``since`` are those of what the draft was begun from with what is live now:
    what somebody else has published meanwhile; empty when nobody has."""

    item: Item
    fields: list
    since: list = field(default_factory=list)
    who: str = ""

    @property
    def is_conflict(self) -> bool:
        return bool(self.since)


def compare(item: Item, request) -> Comparison:
    """Locks nothing; a change whose page is gone has no fields."""
    record = item.record
    if isinstance(record, WorkspacePage):
        return _page(item, record, request)
    return _block(item, record, request)


def _page(item: Item, entry: WorkspacePage, request) -> Comparison:
    if entry.page is None:
        return Comparison(item, [])
    live = entry.page.specific
    if entry.kind != entry.Kind.CHANGE:
        return Comparison(item, [])
    draft = laid_over(live, entry.content)
    handler = live.get_edit_handler()
    moved_on = page_digest(page_content(live)) != entry.base_digest
    base = laid_over(live, entry.base_content or {}) if moved_on else live
    return Comparison(
        item,
        _differing(handler, live, draft, request),
        _differing(handler, base, live, request) if moved_on else [],
        _who(live) if moved_on else "",
    )


def _block(item: Item, row: LayoutBlock, request) -> Comparison:
    live = row.draft_of
    if live is None or row.draft_deleted:
        return Comparison(item, [])
    handler = get_edit_handler(LayoutBlock)
    draft = copy_block(row, LayoutBlock(pk=live.pk))
    moved_on = block_digest(live) != row.base_digest
    base = row.base_revision.as_object() if moved_on and row.base_revision else live
    return Comparison(
        item,
        _differing(handler, live, draft, request),
        _differing(handler, base, live, request) if moved_on else [],
        _who(live) if moved_on else "",
    )


def _differing(handler, before, after, request) -> list:
    bound = handler.get_bound_panel(instance=after, request=request, form=None)
    compared = (comparison(before, after) for comparison in bound.get_comparison())
    return [comparison for comparison in compared if comparison.has_changed()]


def _who(live) -> str:
    """Who published what is live now, as people are shown each other."""
    revision = live.live_revision
    user = revision.user if revision else None
    return person(user) if user else ""
