"""Make pages and blocks live as Wagtail does when a revision is published: revision,
row, signals, log entries. For many at once: what Wagtail asks and writes for each by
itself is asked and written once for all, and nothing is validated a second time.

The caller holds their locks in a transaction and has checked everything.
"""

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from wagtail.models import Page, Revision
from wagtail.signals import page_published, published

from home.drafts import history
from home.drafts.candidates import Candidate
from home.drafts.facts import Facts
from home.models import LayoutBlock

# So much later is a shared draft that stays on top of what is published.
ON_TOP = timedelta(milliseconds=1)


@dataclass
class Release:
    """One candidate on its way. ``waits``: it is only scheduled; ``kept`` is somebody's
    shared draft of it, saved anew."""

    found: Candidate
    waits: bool
    kept: Revision | None = None

    @property
    def thing(self) -> Page | LayoutBlock:
        return self.found.draft

    @property
    def revision(self) -> Revision:
        return self.found.made

    @property
    def leaves_row(self) -> bool:
        """What is live stays till then."""
        return self.waits and self.found.was_live


def release(facts: Facts, candidates: Sequence[Candidate], now: datetime) -> None:
    """Make new and changed pages and blocks live, or scheduled if they say so."""
    if not candidates:
        return
    releases = [Release(found, found.waits(now)) for found in candidates]
    for each in releases:
        if not each.leaves_row:
            _set_state(each.thing, is_live=not each.waits, now=now)
        if each.found.is_new:
            _add(each, facts)
    _save_revisions(releases, facts, now)
    for each in releases:
        _point(each)
        _write(each)
    _tell(releases)
    history.write(entry for each in releases for entry in _entries(each, facts.by, now))


def _set_state(thing: Page | LayoutBlock, *, is_live: bool, now: datetime) -> None:
    thing.live, thing.expired = is_live, False
    thing.has_unpublished_changes = not is_live
    thing.live_revision = None
    if is_live:
        thing.last_published_at = now
        thing.first_published_at = thing.first_published_at or now


def _add(each: Release, facts: Facts) -> None:
    thing, record = each.thing, each.found.record
    if isinstance(thing, LayoutBlock):
        thing.save()
        return
    thing.owner_id = facts.workspace.owner_id
    with as_it_is(thing):
        record.parent.add_child(instance=thing)


@contextmanager
def as_it_is(page: Page):
    """Inside, saving the page validates and logs nothing: both are done by others."""
    vars(page)["save"] = partial(page.save, clean=False, log_action=None)
    try:
        yield
    finally:
        del vars(page)["save"]


# Revisions


def _save_revisions(releases: Sequence[Release], facts: Facts, now: datetime) -> None:
    for each in releases:
        each.found.made = revision_of(each.thing, facts.by, now)
        if each.waits:
            each.revision.approved_go_live_at = each.thing.go_live_at
        each.kept = draft_on_top(facts, each.found, now)
    kept = [each.kept for each in releases if each.kept]
    Revision.objects.bulk_create([*(each.revision for each in releases), *kept])


def revision_of(thing: Page | LayoutBlock, by, at: datetime) -> Revision:
    return Revision(
        content_object=thing,
        base_content_type=thing.get_base_content_type(),
        user=by,
        created_at=at,
        content=thing.serializable_data(),
        object_str=str(thing),
    )


def draft_on_top(facts: Facts, found: Candidate, now: datetime) -> Revision | None:
    """Somebody's shared draft once more, to stay the latest; not yet written."""
    draft = facts.shared_draft(found)
    return draft and Revision(
        content_type_id=draft.content_type_id,
        base_content_type_id=draft.base_content_type_id,
        object_id=draft.object_id,
        user_id=draft.user_id,
        created_at=now + ON_TOP,
        content=draft.content,
        object_str=draft.object_str,
    )


def _point(each: Release) -> None:
    """Let the row name its revisions."""
    thing = each.thing
    put_on_top(thing, each.kept or each.revision)
    if not each.waits:
        thing.live_revision = each.revision
    if each.kept or each.leaves_row:
        thing.has_unpublished_changes = True


def put_on_top(thing: Page | LayoutBlock, revision: Revision) -> None:
    thing.latest_revision = revision
    if isinstance(thing, Page):
        thing.latest_revision_created_at = revision.created_at
        thing.draft_title = revision.content["title"]


# Rows

POINTERS = ("latest_revision", "has_unpublished_changes")
PAGE_POINTERS = (*POINTERS, "latest_revision_created_at", "draft_title")


def _write(each: Release) -> None:
    thing = each.thing
    if each.leaves_row or each.found.is_new:
        names = PAGE_POINTERS if isinstance(thing, Page) else POINTERS
        if not each.leaves_row:
            names = (*names, "live_revision")
        values = {name: getattr(thing, name) for name in names}
        rows = Page.objects if isinstance(thing, Page) else LayoutBlock.objects
        rows.filter(pk=thing.pk).update(**values)
    else:
        write(thing)


def write(thing: Page | LayoutBlock) -> None:
    if isinstance(thing, Page):
        thing.save(clean=False)
    else:
        thing.save()


def _tell(releases: Sequence[Release]) -> None:
    """Signals and aliases, as Wagtail's own publishing."""
    written = [each for each in releases if not each.leaves_row]
    pages = [each.thing.pk for each in written if isinstance(each.thing, Page)]
    aliases = Page.objects.filter(alias_of__in=pages).values_list("alias_of", flat=True)
    followed = set(aliases) if pages else set()
    for each in written:
        thing, revision = each.thing, each.revision
        if isinstance(thing, Page):
            page_published.send(
                sender=thing.specific_class, instance=thing, revision=revision
            )
        published.send(sender=type(thing), instance=thing, revision=revision)
        if isinstance(thing, Page) and thing.pk in followed:
            thing.update_aliases(revision=revision, _content=revision.content)


def _entries(each: Release, by, now: datetime):
    noted = partial(history.entry, each.thing, by=by, at=now, revision=each.revision)
    if each.found.is_new:
        yield noted("wagtail.create", content_changed=True)
    else:
        yield noted("wagtail.edit", content_changed=True)
    if each.waits:
        data = {"revision": _as_data(each)}
        yield noted("wagtail.publish.schedule", data=data, content_changed=True)
        return
    old, new = str(each.found.published or each.thing), str(each.thing)
    data = {"title": {"old": old, "new": new}} if old != new else {}
    if data:
        yield noted("wagtail.rename", data=data)
    yield noted("wagtail.publish", data=data, content_changed=True)


def _as_data(each: Release) -> dict:
    return {
        "id": each.revision.pk,
        "created": each.revision.created_at,
        "go_live_at": each.thing.go_live_at,
        "has_live_version": each.found.was_live,
    }
