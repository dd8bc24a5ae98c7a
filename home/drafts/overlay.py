"""The published shop with a workspace laid over it, in memory: two queries for the
whole workspace, whatever a page shows."""

from collections.abc import Iterable, Sequence
from copy import copy
from datetime import datetime
from typing import cast

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.functional import cached_property
from wagtail.models import Page, Revision

from home import showing
from home.drafts import time_machine
from home.drafts.content import laid_over
from home.drafts.items import block_key, page_key, takes_away, takes_page_away
from home.drafts.markers import Hands
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage


class Overlay:
    """``workspaces`` in the order in which they would be published: where two change
    the same thing, the later one shows."""

    # What there was to choose from when the storefront asked; None: it has not.
    stood: list[LayoutBlock] | None = None

    def __init__(
        self,
        workspaces: Sequence[DraftWorkspace],
        *,
        now: datetime,
        is_elsewhen: bool = False,
        looked_at: str = "",
        hands: Hands | None = None,
    ):
        self.workspaces = workspaces
        self.now = now
        # ``now`` is not now: what is scheduled till then has happened.
        self.is_elsewhen = is_elsewhen
        # The key of a change of the last workspace that shows whatever its time.
        self.looked_at = looked_at
        self.hands = hands

    # Pages

    @cached_property
    def entries(self) -> list[WorkspacePage]:
        rank = {workspace.pk: n for n, workspace in enumerate(self.workspaces)}
        if not rank:
            return []
        entries = WorkspacePage.objects.filter(workspace__in=rank).select_related(
            "content_type", "page", "parent"
        )
        return sorted(entries, key=lambda entry: (rank[entry.workspace_id], entry.pk))

    @cached_property
    def by_page(self) -> dict[int, WorkspacePage]:
        """What is to become of each page now. Published now, a copy with a later day
        would only be scheduled: what is live stays till then."""
        standing = (entry for entry in self.entries if not self._is_later(entry))
        return {entry.page_id: entry for entry in standing if entry.page_id}

    def over(self, page: Page) -> Page:
        """The page as the workspace has it; the page itself where it has nothing."""
        if self.is_elsewhen:
            page = time_machine.page_at(page, self._scheduled.get(page.pk), self.now)
        entry = self.by_page.get(page.pk)
        if entry is None:
            return page
        if entry.kind != entry.Kind.CHANGE:
            page.live = False
            return page
        drafted = laid_over(page, entry.content)
        drafted.live = self._is_within_its_time(entry)
        return drafted

    def _is_later(self, entry: WorkspacePage) -> bool:
        day = None if takes_page_away(entry) else _moment(entry, "go_live_at")
        return bool(day and day > self.now) and page_key(entry) != self.looked_at

    @cached_property
    def day_of_page_looked_at(self) -> datetime | None:
        """When it goes live, if that is later; None: no page is looked at."""
        entries = self.entries if self.looked_at.startswith("page-") else ()
        found = (e for e in entries if page_key(e) == self.looked_at)
        days = (None if takes_page_away(e) else _moment(e, "go_live_at") for e in found)
        return next((day for day in days if day and day > self.now), None)

    def _is_within_its_time(self, entry: WorkspacePage) -> bool:
        end = _moment(entry, "expire_at")
        return not (self._is_later(entry) or (end and end <= self.now))

    @cached_property
    def _scheduled(self) -> dict[int, Revision]:
        return time_machine.scheduled(Page, self.now)

    def new_page(self, entry: WorkspacePage, parent: Page) -> Page:
        """A page of the workspace only, as a child of ``parent``, not in the tree."""
        model = cast(type[Page], entry.content_type.model_class())
        page = model.from_serializable_data(entry.content | {"pk": None})
        page.content_type = entry.content_type
        page.live = True
        page.depth = parent.depth + 1
        # As Wagtail's own preview of a new page does: a path that is nobody's.
        page.path = Page._get_children_path_interval(parent.path)[1]
        page.locale_id = parent.locale_id
        page.set_url_path(parent)
        page._cached_parent_obj = parent
        return page

    def _new_page_now(self, entry: WorkspacePage, parent: Page) -> Page:
        page = self.new_page(entry, parent)
        page.live = self._is_within_its_time(entry)
        return page

    def child(self, parent: Page, slug: str) -> tuple[Page, WorkspacePage] | None:
        """The child that answers to ``slug`` in the workspace, with its entry."""
        for entry in self.entries:
            if entry.draft_slug != slug:
                continue
            if entry.kind == entry.Kind.CREATE and entry.parent_id == parent.pk:
                return self._new_page_now(entry, parent), entry
            page = self._changed_now(entry)
            if page and page.is_child_of(parent):
                page._cached_parent_obj = parent
                return page.specific, entry
        return None

    def _changed_now(self, entry: WorkspacePage) -> Page | None:
        """The page of an entry that says how it is now; no later one does."""
        page = entry.page if entry.kind == entry.Kind.CHANGE else None
        return page if page and self.by_page.get(page.pk) is entry else None

    def renamed(self, parent: Page, slug: str) -> Page | None:
        """The child that answers to ``slug`` by then, for it is scheduled under it."""
        for pk, revision in self._scheduled.items() if self.is_elsewhen else ():
            if revision.content.get("slug") != slug or pk in self.by_page:
                continue
            page = Page.objects.filter(pk=pk).exclude(slug=slug).first()
            if page and page.is_child_of(parent):
                page._cached_parent_obj = parent
                return page.specific
        return None

    def moved_from(self, parent: Page, slug: str) -> WorkspacePage | None:
        """The entry of the published child that has given up ``slug``."""
        for entry in self.entries:
            page = self._changed_now(entry)
            if page is None or not page.slug == slug != entry.draft_slug:
                continue
            if page.is_child_of(parent):
                return entry
        return None

    def among(self, pages: Iterable[Page], model: type[Page]) -> list[Page]:
        """Published pages of one model with the workspace's own mixed in: changed ones
        as changed, new ones behind, those taken off the site left out."""
        shown = {page.pk: self.over(page) for page in pages}
        if self.is_elsewhen:
            then = Q(pk__in=self._scheduled) | Q(expired=True, expire_at__gt=self.now)
            others = model.objects.filter(then).exclude(pk__in=shown)
            shown |= {page.pk: self.over(page) for page in others}
        for entry in self.entries:
            if entry.content_type.model_class() is not model:
                continue
            if entry.kind == entry.Kind.CREATE and entry.parent_id:
                shown[entry.uuid] = self._new_page_now(entry, entry.parent)
            elif entry.page and entry.page_id not in shown:
                shown[entry.page_id] = self.over(entry.page.specific)
        return [page for page in shown.values() if page.live]

    # Layout blocks

    @cached_property
    def rows(self) -> list[LayoutBlock]:
        """Working copies and new blocks, each copy with the block it replaces."""
        rank: dict[str | None, int] = {
            workspace.key: n for n, workspace in enumerate(self.workspaces)
        }
        if not rank:
            return []
        rows = LayoutBlock.all_objects.filter(draft_session_key__in=rank)
        by_workspace = rows.select_related("draft_of").order_by("pk")
        return sorted(by_workspace, key=lambda row: rank[row.draft_session_key])

    def blocks(self, published: Iterable[LayoutBlock]) -> list[LayoutBlock]:
        """What is shown in place of the published blocks, in order."""
        return showing.shown(self.standing(published), now=self.now)

    def standing(self, published: Iterable[LayoutBlock]) -> list[LayoutBlock]:
        """The published blocks with the workspace's in their places, in order. Whether
        one of them shows is for ``home.showing`` to say.

        Per block: a row replaces, takes away, moves or adds one; all others stay.
        """
        if self.is_elsewhen:
            published = time_machine.blocks_at(published, self.now)
        standing = {block.pk: block for block in published}
        for row in self.rows:
            shown = self._as_shown(row)
            if row.draft_of_id is None:
                standing[row.pk] = shown
            elif row.draft_deleted:
                standing.pop(row.draft_of_id, None)
            elif not self._waits(row):
                standing[row.draft_of_id] = shown
        for block in standing.values():
            block.hands = self.hands
        return sorted(standing.values(), key=showing.place)

    def _waits(self, row: LayoutBlock) -> bool:
        """Published now, it would only be scheduled: what is live stays till then."""
        is_later = bool(row.go_live_at and row.go_live_at > self.now)
        return is_later and block_key(row) != self.looked_at

    def _as_shown(self, row: LayoutBlock) -> LayoutBlock:
        return self.forced if self.forced and self.forced.pk == row.pk else row

    @cached_property
    def forced(self) -> LayoutBlock | None:
        """The block that is looked at: it shows whatever its time, stock, site and
        language. One that takes something away does so, and shows nothing."""
        rows = self.rows if self.looked_at else ()
        found = next((row for row in rows if block_key(row) == self.looked_at), None)
        if found is None or takes_away(found):
            return None
        forced = copy(found)
        forced.site_id = forced.locale_id = None
        return forced


def _moment(entry: WorkspacePage, name: str) -> datetime | None:
    """A time of a page's content, which is JSON."""
    text = entry.content.get(name)
    return parse_datetime(text) if text else None
