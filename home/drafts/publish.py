"""Make a whole workspace live, or take a published one back: everything in one
transaction, or nothing."""

from collections.abc import Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Q
from wagtail.models import Page, Revision, WorkflowState

from home import published
from home.drafts import addresses, checks, golive, history, inverse, takeoff
from home.drafts.candidates import Candidate, Kind, load, read
from home.drafts.errors import Busy, NotWhatWasConfirmed, Refused, WorkspaceClosed
from home.drafts.facts import Facts
from home.drafts.items import set_digest
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage

State = DraftWorkspace.State
# Deadlock, lock and statement time-outs: what PostgreSQL breaks off for others' sake.
BROKEN_OFF = {"40P01", "55P03", "57014"}


def publish(workspace_id: int, *, by, digest: str, now: datetime) -> DraftWorkspace:
    """Make every change of a workspace live and keep the way back; log and redirects
    are part of it.

    Locks the workspace, then its pages by key, then its blocks by key, until commit.
    ``digest`` is that of the items somebody agreed to. A second call returns the
    published workspace and changes nothing.

    Raises:
        Refused: ``.problems`` names everything that speaks against it.
        NotWhatWasConfirmed: it has been edited since.
        WorkspaceClosed: it was thrown away.
        Busy: somebody holds the same pages; try again.
    """
    with giving_way(), transaction.atomic(durable=True):
        workspace = DraftWorkspace.objects.lock(workspace_id)
        if workspace.state in (State.PUBLISHED, State.ROLLED_BACK):
            return workspace
        if not workspace.is_open:
            raise WorkspaceClosed
        return make_live(workspace, by=by, digest=digest, now=now)


def roll_back(workspace_id: int, *, by, digest: str, now: datetime) -> DraftWorkspace:
    """Make live what was live before a workspace was published; through the same
    checks. ``digest`` is that of the way back. A second call changes nothing.

    Raises:
        Refused, NotWhatWasConfirmed, Busy: as for ``publish``.
        WorkspaceClosed: it was never published, or its way back is not kept any more.
    """
    with giving_way(), transaction.atomic(durable=True):
        workspace = DraftWorkspace.objects.lock(workspace_id)
        if workspace.state == State.ROLLED_BACK:
            return workspace
        way_back = DraftWorkspace.objects.filter(undoes=workspace).first()
        if workspace.state != State.PUBLISHED or way_back is None:
            raise WorkspaceClosed
        way_back = DraftWorkspace.objects.lock(way_back.pk)
        make_live(way_back, by=by, digest=digest, now=now)
        workspace.state = State.ROLLED_BACK
        workspace.updated_at = now
        workspace.save(update_fields=["state", "updated_at"])
        history.note(workspace, "home.workspace.roll_back", by=by, at=now)
        return workspace


@contextmanager
def giving_way():
    """Let a transaction that PostgreSQL breaks off for another's sake be known."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", None) in BROKEN_OFF:
            raise Busy from error
        raise


def make_live(
    workspace: DraftWorkspace, *, by, digest: str, now: datetime
) -> DraftWorkspace:
    """The same for a workspace, or a way back, that the caller has locked."""
    candidates = _locked(workspace)
    items = [candidate.item for candidate in candidates]
    if set_digest(items) != digest:
        raise NotWhatWasConfirmed
    facts = Facts(workspace, by, now, candidates)
    problems = checks.problems_in(facts)
    if checks.refusals(problems):
        raise Refused(problems)
    _apply(facts, now)
    _close(workspace, by, now)
    if workspace.undoes_id is None:
        inverse.keep(workspace, candidates, by, now)
        history.note(workspace, "home.workspace.publish", by=by, at=now, items=items)
    published.changed()
    return workspace


def _locked(workspace: DraftWorkspace) -> list[Candidate]:
    """The candidates, read again once nobody else can change what they are about."""
    entries, rows = read(workspace)
    _lock_pages(entries)
    ids = {row.draft_of_id for row in rows if row.draft_of_id}
    blocks = LayoutBlock.all_objects.filter(pk__in=ids).order_by("pk")
    list(blocks.select_for_update(of=("self",), no_key=True))
    return load(workspace)


def _lock_pages(entries: Sequence[WorkspacePage]) -> None:
    """Pages, parents of new ones, and all whose address changes with them."""
    ids = {e.page_id for e in entries} | {e.parent_id for e in entries}
    moved = [e.page for e in entries if e.page and e.draft_slug != e.page.slug]
    pages = Page.objects.filter(Q(pk__in=ids - {None}) | addresses.beneath(moved))
    list(pages.order_by("pk").select_for_update(of=("self",), no_key=True).only("pk"))


def _apply(facts: Facts, now: datetime) -> None:
    """In an order in which no step writes over another: addresses first; then pages,
    whole rows; then what counts the children in the rows of their parents."""
    found = facts.candidates
    off = [c for c in found if c.kind == Kind.UNPUBLISH]
    changed = [c for c in found if c.kind == Kind.CHANGE]
    new = [c for c in found if c.kind == Kind.CREATE]
    _forget_schedules(facts)
    addresses.move(found, now)
    takeoff.take_off(facts, off, now)
    golive.release(facts, changed, now)
    golive.release(facts, new, now)
    _end_workflows(facts)
    takeoff.delete(facts, found)
    _keep_as_history(new)


def _forget_schedules(facts: Facts) -> None:
    """Only a way back meets any: what its workspace had scheduled."""
    ids = [revision.pk for revision in facts.scheduled.values()]
    if ids:
        Revision.objects.filter(pk__in=ids).update(approved_go_live_at=None)


def _end_workflows(facts: Facts) -> None:
    """Those that wait for their editor end with a publish, as in Wagtail."""
    for state in facts.workflows.values():
        if state.status == WorkflowState.STATUS_NEEDS_CHANGES:
            state.cancel(user=facts.by)


def _keep_as_history(new: Sequence[Candidate]) -> None:
    """Let what was new in the workspace name what has become of it."""
    for candidate in new:
        record, thing = candidate.record, candidate.draft
        name = "page" if candidate.is_page else "draft_of"
        setattr(record, name, thing)
    pages = [c.record for c in new if c.is_page]
    rows = [c.record for c in new if not c.is_page]
    if pages:
        WorkspacePage.objects.bulk_update(pages, ["page"])
    if rows:
        LayoutBlock.all_objects.bulk_update(rows, ["draft_of"])


def _close(workspace: DraftWorkspace, by, now: datetime) -> None:
    workspace.state = State.PUBLISHED
    workspace.published_at = workspace.updated_at = now
    workspace.published_by = by
    workspace.publish_at = None
    workspace.refusal = []
    workspace.save()
