"""What a workspace would make live: each change with what is published now, and with
the object that would be in its place. The same object is checked and published."""

from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.exceptions import FieldError, ValidationError
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.functional import cached_property
from wagtail.models import Page, Revision

from home.drafts.content import (
    PAGE_STATE,
    block_content,
    block_digest,
    block_fields,
    copy_block,
    laid_over,
    page_content,
    page_digest,
)
from home.drafts.items import Item, listed
from home.drafts.overlay import Overlay
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage

Kind = WorkspacePage.Kind
# What reading content of any shape may raise.
UNREADABLE = (
    AttributeError,
    FieldError,
    KeyError,
    TypeError,
    ValidationError,
    ValueError,
)


@dataclass
class Candidate:
    """``published`` is the page or block as it is now, None for a new one; ``draft`` as
    it would be, None when its content cannot be read or its place is gone.

    In a way back, what is taken off the site also gets its earlier content again.
    """

    item: Item
    kind: Kind
    published: Any
    draft: Any
    is_way_back: bool = False
    # The revision that publishing has made of the draft.
    made: Revision | None = None

    @property
    def record(self) -> Any:
        """The workspace's row: an entry for a page, a working copy of a block."""
        return self.item.record

    @property
    def is_page(self) -> bool:
        return self.item.is_page

    @property
    def is_new(self) -> bool:
        return self.kind == Kind.CREATE

    @property
    def takes_away(self) -> bool:
        return self.kind in (Kind.UNPUBLISH, Kind.DELETE)

    @property
    def base_digest(self) -> str:
        """Of what was live when the copy was taken."""
        return self.record.base_digest

    @cached_property
    def before(self) -> Any:
        """The content that is published now. Asked first before anything is written."""
        return content_of(self.published) if self.published else None

    @cached_property
    def after(self) -> Any:
        """The content that would be published."""
        return content_of(self.draft) if self.draft else None

    @cached_property
    def was_live(self) -> bool:
        return bool(self.published and self.published.live)

    @cached_property
    def digest_now(self) -> str:
        """Names what is published now, as ``base_digest`` names what was."""
        return digest_of_published(self.published, self.before)

    @cached_property
    def digest_then(self) -> str:
        """Names what would be published."""
        return digest_of_published(self.draft, self.after)

    @property
    def undone_revision(self) -> int | None:
        """Of a way back: the revision that it undoes, live or scheduled."""
        row = self.record
        return row.base_latest_revision if self.is_page else row.base_revision_id

    @property
    def is_written(self) -> bool:
        """Whether the content is written, and not only what is to become of it."""
        return self.kind == Kind.CHANGE or (
            self.kind == Kind.UNPUBLISH and self.is_way_back
        )

    @property
    def moves(self) -> bool:
        """Whether the page has got another slug."""
        both = self.is_page and self.is_written and self.published and self.draft
        return bool(both and self.published.slug != self.draft.slug)

    def waits(self, at: datetime) -> bool:
        """Published at that moment, it would only be scheduled."""
        day = None if self.takes_away else getattr(self.draft, "go_live_at", None)
        return bool(day and day > at)

    def leaves_live(self, at: datetime) -> bool:
        """Scheduled only, and what is live stays till then, under its address."""
        return self.waits(at) and self.was_live


def content_of(thing: Page | LayoutBlock) -> dict:
    return page_content(thing) if isinstance(thing, Page) else block_content(thing)


def digest_of_published(thing: Page | LayoutBlock, content: dict) -> str:
    return page_digest(content) if isinstance(thing, Page) else block_digest(thing)


def content_in(revision: Revision, thing: Page | LayoutBlock) -> dict:
    """The content that a revision of a page or block has kept."""
    if isinstance(thing, Page):
        return {n: v for n, v in revision.content.items() if n not in PAGE_STATE}
    return {field.name: revision.content.get(field.name) for field in block_fields()}


def load(workspace: DraftWorkspace) -> list[Candidate]:
    """The candidates of a workspace, in the order of its items."""
    entries, rows = read(workspace)
    ids = [entry.page_id for entry in entries if entry.page_id]
    pages = Page.objects.filter(pk__in=ids).specific() if ids else ()
    by_pk: dict[int | None, Page] = {page.pk: page for page in pages}
    found = [
        _of_page(item, by_pk) if item.is_page else _of_block(item)
        for item in listed(entries, rows)
    ]
    for candidate in found:
        candidate.is_way_back = workspace.undoes_id is not None
    return found


def read(workspace: DraftWorkspace) -> tuple[list[WorkspacePage], list[LayoutBlock]]:
    """The entries and rows of a workspace with what they are about: two queries.

    A row's ``stored_content`` is its stream as text: a StreamField that is read leaves
    out what it does not know.
    """
    entries = workspace.pages.select_related("page", "parent", "content_type")
    rows = LayoutBlock.all_objects.copies_in(workspace).select_related("draft_of")
    rows = rows.annotate(stored_content=Cast("content", TextField()))
    return (
        list(entries.order_by("pk")),
        list(rows.order_by("position", "sort_order", "pk")),
    )


def _of_page(item: Item, pages: dict[int | None, Page]) -> Candidate:
    entry = cast(WorkspacePage, item.record)
    published = pages.get(entry.page_id)
    try:
        draft = _draft_page(entry, published)
    except UNREADABLE:
        draft = None
    return Candidate(item, Kind(entry.kind), published, draft)


def _draft_page(entry: WorkspacePage, published: Page | None) -> Page | None:
    if entry.kind == Kind.CREATE:
        return _new_page(entry) if entry.parent else None
    return laid_over(published, entry.content) if published else None


def _new_page(entry: WorkspacePage) -> Page:
    """As its preview made it, but not yet anywhere."""
    page = Overlay([], now=entry.updated_at).new_page(entry, entry.parent)
    page.live = False
    page.draft_title = page.title
    return page


def _of_block(item: Item) -> Candidate:
    row = cast(LayoutBlock, item.record)
    kind = Kind.CHANGE
    if row.draft_deleted:
        kind = Kind.UNPUBLISH
    elif row.draft_of_id is None:
        kind = Kind.CREATE
    target = copy(row.draft_of) if row.draft_of else LayoutBlock(live=False)
    return Candidate(item, kind, row.draft_of, copy_block(row, target))
