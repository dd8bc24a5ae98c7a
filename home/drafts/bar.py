"""What the draft bar says on top of every page of a draft; asks nothing that the page
has not asked already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from home import showing
from home.drafts import items
from home.drafts.compare import has_moved_on
from home.drafts.items import Item
from home.drafts.markers import Note
from home.drafts.problems import person
from home.drafts.viewing import Viewing
from home.models import DraftWorkspace, WorkspacePage
from home.office.why import sentence, shop_time
from home.showing import Reason

MOST_LISTED = 200
ORIGINS = {
    "change": "draft",
    "create": "new",
    "unpublish": "gone",
}


@dataclass(frozen=True)
class Bar:
    """``viewing`` is the request's; ``here`` the page's own address."""

    viewing: Viewing
    here: str
    notes: tuple[Note, ...] = ()

    @property
    def workspace(self) -> DraftWorkspace | None:
        return self.viewing.workspace

    @cached_property
    def changes(self) -> list[Item]:
        """The open workspace's own, not those of workspaces that are scheduled."""
        if self.workspace is None:
            return []
        return items.listed(self.viewing.own_entries, self.viewing.own_rows)

    @cached_property
    def looked_at(self) -> str:
        """Why visitors would not see what is shown to be looked at; empty if they
        would, or if nothing is."""
        overlay = self.viewing.overlay
        if day := overlay.day_of_page_looked_at:
            return _("Not yet: goes live %(when)s") % {"when": shop_time(day)}
        if overlay.forced is None:
            return ""
        available = showing.in_stock([overlay.forced])
        reason = showing.own_reason(overlay.forced, overlay.now, available)
        return "" if reason == Reason.SHOWN else sentence(overlay.forced, reason)

    @property
    def listed(self) -> list[Item]:
        """Those that the bar unfolds; the overview has all."""
        return self.changes[:MOST_LISTED]

    @cached_property
    def approved_by(self) -> int:
        """How many reviewers have approved exactly what it is now."""
        digests = getattr(self.workspace, "approvals", None)
        return digests.count(items.set_digest(self.changes)) if digests else 0

    @cached_property
    def unseen(self) -> int:
        return sum(not item.is_seen for item in self.changes)

    @cached_property
    def moved_on(self) -> list[Item]:
        """Changes of what somebody has published since they were begun."""
        return [item for item in self.changes if has_moved_on(item.record)]

    @property
    def is_expiring(self) -> bool:
        return bool(self.workspace and self.workspace.expires_soon(self.viewing.now))

    @property
    def is_own(self) -> bool:
        return self.viewing.is_editing

    @property
    def may_publish(self) -> bool:
        user: Any = self.viewing.user
        return bool(user and user.has_perm("home.publish_draftworkspace"))

    @property
    def owner_name(self) -> str:
        owner = self.workspace.owner if self.workspace else None
        return person(owner) if owner else ""

    @property
    def as_of(self) -> datetime | None:
        return self.viewing.as_of

    @property
    def time_zone(self) -> str:
        return settings.TIME_ZONE

    @cached_property
    def here_is(self) -> str:
        """How the page itself stands: draft, new, gone, or published."""
        shown = [e for e in self.viewing.overlay.entries if self._was_shown(e)]
        return ORIGINS.get(shown[-1].kind, "published") if shown else "published"

    def _was_shown(self, entry: WorkspacePage) -> bool:
        return entry.pk in self.viewing.seen_pages


def of(request) -> Bar | None:
    viewing = getattr(request, "draft", None)
    if viewing is None:
        return None
    storefront = getattr(request, "storefront", None)
    return Bar(viewing, request.get_full_path(), getattr(storefront, "notes", ()))
