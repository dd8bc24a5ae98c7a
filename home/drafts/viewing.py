"""Through which eyes a request looks at the shop: a workspace's, a moment's, or (most
of the time) nobody's in particular.

A cookie says that there is something to find out; without it neither session nor
database is asked, so that visitors pay nothing for workspaces.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.utils import timezone
from django.utils.functional import cached_property

from home.appearance import HIDDEN_COOKIE
from home.drafts import time_machine
from home.drafts.items import LOOK
from home.drafts.markers import Hands
from home.drafts.overlay import Overlay
from home.drafts.problems import person
from home.models import (
    DraftWorkspace,
    LayoutBlock,
    ReviewVerdict,
    ShareLink,
    WorkspacePage,
)
from home.positions import positions_of

# Says only that the session may hold a workspace; opens nothing by itself.
OPEN_COOKIE = "draft"
# Opens a workspace for reading; signed (see home.drafts.share).
REVIEW_COOKIE = "review"
SESSION_KEY = "draft_workspace"
AS_OF_KEY = "draft_as_of"


@dataclass
class Viewing:
    """What a request sees besides the published shop.

    ``workspace`` is the open one, ``link`` the reviewer's way in (none for the owner
    and for publishers), ``as_of`` the moment of the time machine.
    """

    workspace: DraftWorkspace | None
    user: object = None
    link: ShareLink | None = None
    as_of: datetime | None = None
    is_editing: bool = False
    # The key of the one change that is to show whether or not its time has come.
    looked_at: str = ""
    # Where the request showed positions and pages; what it showed of the workspace.
    seen_positions: set[str] = field(default_factory=set)
    seen_pages: set[int] = field(default_factory=set)

    @cached_property
    def now(self) -> datetime:
        return self.as_of or timezone.now()

    @cached_property
    def overlay(self) -> Overlay:
        own = [self.workspace] if self.workspace else []
        due = time_machine.due_workspaces(self.as_of) if self.as_of else []
        return Overlay(
            [*(w for w in due if w not in own), *own],
            now=self.now,
            is_elsewhen=self.as_of is not None,
            looked_at=self.looked_at if own else "",
            hands=self.hands,
        )

    @cached_property
    def hands(self) -> Hands | None:
        if not self.is_editing:
            return None
        return Hands(person(self.user), frozenset(positions_of(self.user)))

    @property
    def own_entries(self) -> list[WorkspacePage]:
        """The open workspace's pages, not those of workspaces that are scheduled."""
        own = self.workspace and self.workspace.pk
        return [one for one in self.overlay.entries if one.workspace_id == own]

    @property
    def own_rows(self) -> list[LayoutBlock]:
        own = self.workspace and self.workspace.key
        return [row for row in self.overlay.rows if row.draft_session_key == own]

    @property
    def unseen_rows(self) -> list[LayoutBlock]:
        return [row for row in self.own_rows if row.seen_digest != row.digest]

    @property
    def cache_key(self) -> str | None:
        """Names what is seen, for caches of the workspace's own; None: keep nothing.
        What counts as seen was read for this very response, not taken from a cache."""
        if self.as_of or self.looked_at or self.workspace is None:
            return None
        if self.link is None and self.unseen_rows:
            return None
        with_markers = (
            f"-{'.'.join(sorted(self.hands.positions))}" if self.hands else ""
        )
        return f"{self.workspace.pk}.{self.workspace.version}{with_markers}"


def find(request) -> Viewing | None:
    """The request's viewing; None for almost everyone, at the price of two look-ups in
    its cookies."""
    viewing = _find(request)
    if viewing and (wanted := request.GET.get(LOOK)):
        viewing.looked_at = wanted
        # An announcement that was put away is to be looked at, too.
        request.COOKIES.pop(HIDDEN_COOKIE, None)
    return viewing


def _find(request) -> Viewing | None:
    if REVIEW_COOKIE in request.COOKIES:
        from home.drafts import share

        viewing = share.viewing(request)
        if viewing:
            return viewing
    if OPEN_COOKIE in request.COOKIES:
        return _of_session(request)
    return None


def _of_session(request) -> Viewing | None:
    user = request.user
    if not (user.is_authenticated and user.has_perm("wagtailadmin.access_admin")):
        return None
    workspace = _workspace(request.session.get(SESSION_KEY), user)
    as_of = _as_of(request.session.get(AS_OF_KEY), user)
    if workspace is None and as_of is None:
        return None
    return Viewing(
        workspace=workspace,
        user=user,
        as_of=as_of,
        is_editing=bool(
            workspace and workspace.owner_id == user.pk and workspace.may_be_edited
        ),
    )


def _workspace(uuid, user) -> DraftWorkspace | None:
    if not uuid:
        return None
    visible = DraftWorkspace.objects.visible_to(user)
    known = visible.select_related("owner").annotate(approvals=approvals())
    workspace = known.filter(uuid=uuid).first()
    if workspace is None:
        return None
    shown = workspace.is_open or workspace.state == DraftWorkspace.State.INVERSE
    return workspace if shown else None


def approvals() -> ArraySubquery:
    """The digests that reviewers have approved, once for each of them."""
    approved = ReviewVerdict.objects.filter(
        workspace=OuterRef("pk"), answer=ReviewVerdict.Answer.APPROVED
    )
    return ArraySubquery(approved.order_by("pk").values("digest"))


def _as_of(text, user) -> datetime | None:
    may = text and user.has_perm("home.publish_draftworkspace")
    return datetime.fromisoformat(text) if may else None


def editing_workspace(request) -> DraftWorkspace | None:
    """The workspace that the admin's editors read and save, when its owner has it open.
    Never a reviewer's, never one that waits to be published."""
    if OPEN_COOKIE not in request.COOKIES:
        return None
    viewing = _of_session(request)
    return viewing.workspace if viewing and viewing.is_editing else None
