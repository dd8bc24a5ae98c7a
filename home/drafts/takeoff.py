"""Take pages and blocks off the site, as Wagtail does; in a way back also with their
earlier content, or for good.

The caller holds their locks in a transaction and has checked everything.
"""

from collections.abc import Sequence
from datetime import datetime

from wagtail.models import Page, Revision
from wagtail.signals import page_unpublished, unpublished

from home.drafts import history
from home.drafts.candidates import Candidate, Kind
from home.drafts.facts import Facts
from home.drafts.golive import draft_on_top, put_on_top, revision_of, write
from home.models import LayoutBlock


def take_off(facts: Facts, candidates: Sequence[Candidate], now: datetime) -> None:
    """Unpublish; what is not live any more stays as it is, except in a way back, where
    it gets its earlier content again."""
    if facts.is_way_back:
        _restore(facts, candidates, now)
    off = [found for found in candidates if found.was_live]
    for found in off:
        if not facts.is_way_back:
            _set_off(found.published)
            write(found.published)
        _tell(found.published)
    history.write(
        history.entry(found.published, "wagtail.unpublish", by=facts.by, at=now)
        for found in off
    )


def _set_off(thing: Page | LayoutBlock) -> None:
    thing.live, thing.has_unpublished_changes = False, True
    thing.live_revision = None


def _restore(facts: Facts, candidates: Sequence[Candidate], now: datetime) -> None:
    revisions = [revision_of(found.draft, facts.by, now) for found in candidates]
    drafts = [draft_on_top(facts, found, now) for found in candidates]
    Revision.objects.bulk_create([*revisions, *filter(None, drafts)])
    for found, revision, draft in zip(candidates, revisions, drafts, strict=True):
        _set_off(found.draft)
        put_on_top(found.draft, draft or revision)
        write(found.draft)


def _tell(thing: Page | LayoutBlock) -> None:
    if isinstance(thing, Page):
        for alias in thing.aliases.all() if thing.pk else ():
            alias.unpublish(log_action=False)
        page_unpublished.send(sender=thing.specific_class, instance=thing)
    unpublished.send(sender=type(thing), instance=thing)


def delete(facts: Facts, candidates: Sequence[Candidate]) -> None:
    """Only what a publish has made, and nothing has come beneath."""
    for found in candidates:
        if found.kind == Kind.DELETE and found.published:
            found.published.delete(user=facts.by)
