"""Whether every page and block of a workspace is as it should be."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from home.drafts.candidates import UNREADABLE, Candidate
from home.drafts.facts import Facts, asks_for_a_slug, place
from home.drafts.problems import REFUSE, WARN, Problem, Severity, moment, person
from home.drafts.references import Malformed, Unknown
from home.drafts.validity import complaints


def slug(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if not asks_for_a_slug(found):
        return
    holder = facts.slug_holders.get(place(found))
    if holder:
        words = _("The address “%(slug)s” belongs to “%(title)s”, by %(who)s.")
        known = {"title": holder.title, "who": person(holder.owner)}
    elif facts.wanted_places[place(found)] > 1:
        words = _("The address “%(slug)s” is wanted by two pages of this workspace.")
        known = {}
    else:
        return
    yield Problem(found.item, "slug", words % ({"slug": found.draft.slug} | known))


def unseen(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if not found.item.is_seen:
        words = _("Nobody has looked at it since its last change.")
        yield Problem(found.item, "unseen", words)


def readable(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if found.draft is None:
        if not (found.is_page and found.record.is_orphan):
            yield Problem(found.item, "malformed", _("Its content cannot be read."))
        return
    findings = facts.unreadable(found)
    names = {finding.name for finding in findings if isinstance(finding, Unknown)}
    for name in sorted(names):
        words = _("It has a block of a kind that is unknown here: %(name)s.")
        yield Problem(found.item, "unknown_block", words % {"name": name})
    if _is_malformed(facts, found):
        yield Problem(found.item, "malformed", _("Its blocks cannot be read."))


def _is_malformed(facts: Facts, found: Candidate) -> bool:
    return any(isinstance(finding, Malformed) for finding in facts.unreadable(found))


def _severity(facts: Facts) -> Severity:
    """What was live once may be live again, even if it would not pass today."""
    return WARN if facts.is_way_back else REFUSE


def valid(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if found.draft is None or found.takes_away or _is_malformed(facts, found):
        return
    severity = _severity(facts)
    try:
        sentences = list(complaints(found.draft))
    except UNREADABLE:
        yield Problem(found.item, "malformed", _("Its blocks cannot be read."))
        return
    for sentence in sentences:
        yield Problem(found.item, "invalid", sentence, severity)
    expiry = found.draft.expire_at
    if expiry and expiry <= facts.at:
        words = _("Its expiry, %(when)s, has passed by then.") % {
            "when": moment(expiry)
        }
        yield Problem(found.item, "invalid", words, severity)


def references(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if found.item.key not in facts.findings:
        return
    severity = _severity(facts)
    missing = {
        (reference.where, str(reference.model._meta.verbose_name))
        for reference in facts.references(found)
        if reference.key not in facts.existing.get(reference.model, ())
    }
    for where, name in sorted(missing):
        words = _("%(where)s: the %(name)s it shows has been deleted.")
        known = {"where": where, "name": name}
        yield Problem(found.item, "reference", words % known, severity)


def waits(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if found.waits(facts.at):
        words = _("Goes live on %(when)s, not at once.")
        known = {"when": moment(found.draft.go_live_at)}
        yield Problem(found.item, "waits", words % known, WARN)
