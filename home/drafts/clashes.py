"""What others have done, or are doing, to the pages and blocks of a workspace."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.locks import BasicLock
from wagtail.models import Page, WorkflowState

from home.drafts.candidates import Candidate, Kind
from home.drafts.facts import Facts, key_of
from home.drafts.problems import WARN, Problem, moment, person


def lock(facts: Facts, found: Candidate) -> Iterator[Problem]:
    thing = found.published
    if thing is None:
        return
    if thing.locked and facts.by and BasicLock(thing).for_user(facts.by):
        words = _("Locked by %(who)s.") % {"who": person(thing.locked_by)}
        yield Problem(found.item, "lock", words)
    waiting = facts.scheduled.get(key_of(thing))
    if waiting and not (facts.is_way_back and waiting.pk == found.undone_revision):
        words = _("Already scheduled to go live on %(when)s.")
        when = moment(waiting.approved_go_live_at)
        yield Problem(found.item, "lock", words % {"when": when})


def workflow(facts: Facts, found: Candidate) -> Iterator[Problem]:
    state = facts.workflows.get(key_of(found.published)) if found.published else None
    if state and state.status == WorkflowState.STATUS_IN_PROGRESS:
        yield Problem(found.item, "workflow", _("A workflow is running for it."))


def buried(facts: Facts, found: Candidate) -> Iterator[Problem]:
    """Someone's shared draft is not what is published, and must not be lost by it."""
    draft = facts.shared_draft(found)
    if draft is None:
        return
    words = _("%(who)s saved a draft of it on %(when)s. It stays a draft.")
    known = {"who": person(draft.user), "when": moment(draft.created_at)}
    yield Problem(found.item, "buried", words % known, WARN)


def gone(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if not (found.is_page and found.record.is_orphan):
        return
    if found.is_new:
        yield Problem(found.item, "gone", _("The page it was to stand under is gone."))
        return
    deed = facts.deletion(found)
    if deed is None:
        yield Problem(found.item, "gone", _("The page has been deleted."))
        return
    words = _("The page was deleted by %(who)s on %(when)s.")
    known = {"who": person(deed.user), "when": moment(deed.timestamp)}
    yield Problem(found.item, "gone", words % known)


def conflict(facts: Facts, found: Candidate) -> Iterator[Problem]:
    """Someone has published something else since the copy was taken."""
    thing = found.published
    if thing is None:
        return
    if _was_taken_off(found):
        deeds = ("wagtail.unpublish", "wagtail.unpublish.scheduled")
        words = _("Taken off the site by %(who)s on %(when)s, since %(owner)s began.")
    elif _was_changed(found):
        deeds = ("wagtail.publish", "wagtail.publish.scheduled")
        words = _("Published by %(who)s on %(when)s, since %(owner)s began.")
    else:
        return
    deed = facts.last_deed(found, *deeds)
    known = {
        "who": person(deed.user if deed else None),
        "when": moment(deed.timestamp if deed else thing.last_published_at or facts.at),
        "owner": person(facts.workspace.owner),
    }
    yield Problem(found.item, "conflict", words % known)


def _was_taken_off(found: Candidate) -> bool:
    record = found.record
    was_live = record.base_live_revision if found.is_page else record.base_revision_id
    return bool(was_live) and not found.was_live and not found.takes_away


def _was_changed(found: Candidate) -> bool:
    if found.digest_now == found.base_digest or found.draft is None:
        return False
    # The same words, published by somebody else: nothing is overwritten.
    return found.takes_away or found.digest_now != found.digest_then


def beneath(facts: Facts, found: Candidate) -> Iterator[Problem]:
    page = found.published
    if not (found.takes_away and isinstance(page, Page)):
        return
    if found.kind == Kind.DELETE and page.numchild:
        words = _("Pages have been added beneath it, which would be deleted with it.")
        yield Problem(found.item, "conflict", words)
    elif found.kind == Kind.UNPUBLISH and page.numchild:
        count = page.get_descendants().live().count()
        words = ngettext(
            "%(count)d page beneath it stays on the site.",
            "%(count)d pages beneath it stay on the site.",
            count,
        )
        if count:
            yield Problem(found.item, "beneath", words % {"count": count}, WARN)
