"""The changes of a workspace, pages and blocks alike, as people are shown them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from home.drafts.content import block_content, digest_of
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage
from home.positions import Position

# Where a position can be looked at; the names of addresses of other rooms.
PLACES = {"catalog": "shop:index", "cart": "checkout:cart"}
ORDER_FIELDS = {"position", "sort_order"}
# In an address: show this change whether or not its time has come.
LOOK = "look"


class Change(TextChoices):
    ADDED = "added", gettext_lazy("added")
    CHANGED = "changed", gettext_lazy("changed")
    MOVED = "moved", gettext_lazy("moved")
    HIDDEN = "hidden", gettext_lazy("hidden")
    REMOVED = "removed", gettext_lazy("removed")


PAGE_CHANGES: dict[str, Change] = {
    WorkspacePage.Kind.CREATE: Change.ADDED,
    WorkspacePage.Kind.CHANGE: Change.CHANGED,
    WorkspacePage.Kind.UNPUBLISH: Change.HIDDEN,
    WorkspacePage.Kind.DELETE: Change.REMOVED,
}


@dataclass
class Item:
    """One change. ``record`` is its row, ``key`` its name in forms and addresses."""

    record: WorkspacePage | LayoutBlock
    key: str
    change: Change
    title: str
    where: str

    @property
    def is_page(self) -> bool:
        return isinstance(self.record, WorkspacePage)

    @property
    def is_removed_block(self) -> bool:
        return self.change == Change.REMOVED and not self.is_page

    @property
    def digest(self) -> str:
        return self.record.digest

    @property
    def is_seen(self) -> bool:
        return self.record.seen_digest == self.record.digest

    @cached_property
    def view_url(self) -> str:
        """Where the change shows in the draft, now or not; empty when its place is
        gone."""
        if isinstance(self.record, WorkspacePage):
            url = page_url(self.record)
            shows = not (url and self.record.content.get("go_live_at"))
        else:
            url = _place(self.record)
            shows = _shows_by_itself(self.record)
        return url if shows else f"{url}?{LOOK}={self.key}"

    @cached_property
    def edit_url(self) -> str:
        """The admin's editor, which opens the workspace's copy."""
        if isinstance(self.record, WorkspacePage):
            return _page_editor(self.record)
        return _block_editor(self.record)


def items(workspace: DraftWorkspace) -> list[Item]:
    """All changes of a workspace, pages first: two queries."""
    entries = workspace.pages.select_related("page", "parent", "content_type")
    rows = LayoutBlock.all_objects.copies_in(workspace).select_related("draft_of")
    return listed(entries.order_by("pk"), rows.order_by("position", "sort_order", "pk"))


def listed(entries: Iterable[WorkspacePage], rows: Iterable[LayoutBlock]) -> list[Item]:
    return [*map(page_item, entries), *map(block_item, rows)]


def set_digest(changes: Iterable[Item]) -> str:
    """Names the exact content of a set: what was confirmed is what is published."""
    return digest_of(sorted([item.key, item.digest] for item in changes))


def page_item(entry: WorkspacePage) -> Item:
    change = PAGE_CHANGES[entry.kind]
    return Item(entry, page_key(entry), change, entry.title, _("Page"))


def page_key(entry: WorkspacePage) -> str:
    return f"page-{entry.uuid}"


def takes_page_away(entry: WorkspacePage) -> bool:
    return entry.kind in (entry.Kind.UNPUBLISH, entry.Kind.DELETE)


def block_item(row: LayoutBlock) -> Item:
    where = row.get_position_display()
    return Item(row, block_key(row), _block_change(row), row.title, where)


def block_key(row: LayoutBlock) -> str:
    return f"block-{row.pk}"


def _place(row: LayoutBlock) -> str:
    """A page with the position where a block stands, or stood before it was hidden."""
    stands = row.draft_of if takes_away(row) and row.draft_of else row
    if stands.position in PLACES:
        return reverse(PLACES[stands.position])
    if stands.position == Position.PRODUCT:
        return reverse("home:drafts:place", args=[stands.position])
    return "/"


def _shows_by_itself(row: LayoutBlock) -> bool:
    """Whether nothing but its place decides where and when it shows."""
    stands = row.draft_of if takes_away(row) and row.draft_of else row
    conditions = (row.go_live_at, row.only_in_stock, row.is_stand_in)
    elsewhere = (stands.site_id, stands.locale_id)
    return stands.position in Position.values and not any((*conditions, *elsewhere))


def takes_away(row: LayoutBlock) -> bool:
    """Whether its effect is that a block does not show."""
    return row.draft_deleted or not row.is_active


def _block_change(row: LayoutBlock) -> Change:
    if row.draft_deleted:
        return Change.REMOVED
    if row.draft_of is None:
        return Change.ADDED
    old, new = block_content(row.draft_of), block_content(row)
    differing = {name for name in new if new[name] != old[name]}
    if differing and differing <= ORDER_FIELDS:
        return Change.MOVED
    if differing == {"is_active"} and not row.is_active:
        return Change.HIDDEN
    return Change.CHANGED


def page_url(entry: WorkspacePage) -> str:
    """The address of a page in its draft, slug included; empty for an orphan."""
    if entry.kind == entry.Kind.CREATE:
        above = entry.parent.url if entry.parent else ""
        return f"{above}{entry.draft_slug}/" if above else ""
    if entry.page is None:
        return ""
    url = entry.page.url or ""
    if entry.kind == entry.Kind.CHANGE and entry.draft_slug != entry.page.slug:
        return f"{url.removesuffix(f'{entry.page.slug}/')}{entry.draft_slug}/"
    return url


def _page_editor(entry: WorkspacePage) -> str:
    if entry.is_orphan:
        return ""
    if entry.kind != entry.Kind.CREATE:
        return reverse("wagtailadmin_pages:edit", args=[entry.page_id])
    model = entry.content_type
    arguments = [model.app_label, model.model, entry.parent_id]
    return f"{reverse('wagtailadmin_pages:add', args=arguments)}?ws_entry={entry.uuid}"


def _block_editor(row: LayoutBlock) -> str:
    return reverse(
        "wagtailsnippets_home_layoutblock:edit", args=[row.draft_of_id or row.pk]
    )
