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
from home.drafts.items import Change, Item
from home.drafts.overlay import Overlay
from home.drafts.problems import person
from home.models import LayoutBlock, WorkspacePage


@dataclass(frozen=True)
class Comparison:
    """One change. ``fields`` are Wagtail's comparisons of what is live now with the
    draft; all of a new page or block. ``is_conflict``: somebody else has published
    something meanwhile, and the draft says something else. ``since`` is what they have
    changed; empty where nobody has kept what it was before."""

    item: Item
    fields: list
    is_conflict: bool = False
    since: list = field(default_factory=list)
    who: str = ""


def compare(item: Item, request) -> Comparison:
    """Locks nothing; a change whose page is gone has no fields."""
    record = item.record
    if isinstance(record, WorkspacePage):
        return _page(item, record, request)
    return _block(item, record, request)


def _page(item: Item, entry: WorkspacePage, request) -> Comparison:
    if entry.kind == entry.Kind.CREATE and entry.parent:
        new = Overlay([], now=entry.updated_at).new_page(entry, entry.parent)
        empty = type(new)(content_type=new.content_type)
        return Comparison(item, _differing(new.get_edit_handler(), empty, new, request))
    if entry.page is None or entry.kind != entry.Kind.CHANGE:
        return Comparison(item, [])
    live = entry.page.specific
    handler = live.get_edit_handler()
    found = _differing(handler, live, laid_over(live, entry.content), request)
    if page_digest(page_content(live)) == entry.base_digest:
        return Comparison(item, found)
    base = laid_over(live, entry.base_content or {}) if entry.base_content else None
    return _conflict(item, found, base, live, handler, request)


def _block(item: Item, row: LayoutBlock, request) -> Comparison:
    handler, live = get_edit_handler(LayoutBlock), row.draft_of
    if live is None:
        new = copy_block(row, LayoutBlock(pk=row.pk))
        return Comparison(item, _differing(handler, LayoutBlock(), new, request))
    found = []
    if not row.draft_deleted:
        draft = copy_block(row, LayoutBlock(pk=live.pk))
        found = _differing(handler, live, draft, request)
    if not has_moved_on(row):
        return Comparison(item, found)
    base = row.base_revision.as_object() if row.base_revision else None
    return _conflict(item, found, base, live, handler, request)


def _conflict(item, found: list, base, live, handler, request) -> Comparison:
    """The same words, published by somebody else, are none."""
    is_taken_away = item.change == Change.REMOVED
    return Comparison(
        item,
        found,
        is_conflict=bool(found) or is_taken_away,
        since=_differing(handler, base, live, request) if base else [],
        who=_who(live),
    )


def has_moved_on(record: WorkspacePage | LayoutBlock) -> bool:
    """Whether what a copy was taken from is published otherwise by now. Of a page the
    quick question: whether it has another revision; its content is not at hand."""
    if isinstance(record, WorkspacePage):
        page = record.page
        return page is not None and page.live_revision_id != record.base_live_revision
    published = record.draft_of
    return published is not None and block_digest(published) != record.base_digest


def _differing(handler, before, after, request) -> list:
    bound = handler.get_bound_panel(instance=after, request=request, form=None)
    compared = (comparison(before, after) for comparison in bound.get_comparison())
    return [comparison for comparison in compared if comparison.has_changed()]


def _who(live) -> str:
    """Who published what is live now, as people are shown each other."""
    revision = live.live_revision
    user = revision.user if revision else None
    return person(user) if user else ""
