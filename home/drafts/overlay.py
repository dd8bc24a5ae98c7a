"""The published shop with a workspace laid over it, in memory: two queries for the
whole workspace, whatever a page shows."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import cast

from wagtail.models import Page, Revision

from home import showing
from home.drafts import time_machine
from home.drafts.content import laid_over
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage


class Overlay:
    """``workspaces`` in the order in which they would be published: where two change
    the same thing, the later one shows."""

    # A block that shows whatever its own state: only while it is being previewed.
    forced: LayoutBlock | None = None

    def __init__(
        self,
        workspaces: Sequence[DraftWorkspace],
        *,
        now: datetime,
        is_elsewhen: bool = False,
    ):
        self.workspaces = workspaces
        self.now = now
        # ``now`` is not now: what is scheduled till then has happened.
        self.is_elsewhen = is_elsewhen

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
        return {entry.page_id: entry for entry in self.entries if entry.page_id}

    @cached_property
    def new_pages(self) -> list[WorkspacePage]:
        return [e for e in self.entries if e.kind == e.Kind.CREATE and e.parent_id]

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
        copy = laid_over(page, entry.content)
        copy.live = True
        return copy

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

    def child(self, parent: Page, slug: str) -> tuple[Page, WorkspacePage] | None:
        """The child that answers to ``slug`` in the workspace, with its entry."""
        for entry in self.entries:
            if entry.draft_slug != slug:
                continue
            if entry.kind == entry.Kind.CREATE and entry.parent_id == parent.pk:
                return self.new_page(entry, parent), entry
            page = entry.page if entry.kind == entry.Kind.CHANGE else None
            if page and page.is_child_of(parent):
                page._cached_parent_obj = parent
                return page.specific, entry
        return None

    def moved_from(self, parent: Page, slug: str) -> WorkspacePage | None:
        """The entry of the published child that has given up ``slug``."""
        for entry in self.entries:
            page = entry.page if entry.kind == entry.Kind.CHANGE else None
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
            waiting = model.objects.filter(pk__in=self._scheduled.keys() - shown.keys())
            shown |= {page.pk: self.over(page) for page in waiting}
        for entry in self.entries:
            if entry.content_type.model_class() is not model:
                continue
            if entry.kind == entry.Kind.CREATE and entry.parent_id:
                shown[entry.uuid] = self.new_page(entry, entry.parent)
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
            if row.draft_of_id is None:
                standing[row.pk] = row
            elif row.draft_deleted:
                standing.pop(row.draft_of_id, None)
            elif not self._waits(row):
                standing[row.draft_of_id] = row
        return sorted(standing.values(), key=showing.place)

    def _waits(self, row: LayoutBlock) -> bool:
        """Published now, it would only be scheduled: what is live stays till then."""
        return bool(row.go_live_at and row.go_live_at > self.now)
