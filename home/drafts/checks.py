"""Everything that speaks against publishing a workspace, item by item, all at once."""

from collections.abc import Callable, Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail import hooks

from home.drafts import clashes, fitness
from home.drafts.candidates import Candidate, Kind, load
from home.drafts.facts import Facts
from home.drafts.problems import REFUSE, Problem, person
from home.models import DraftWorkspace

# Other rooms and apps may add a say: registered functions get (user, position) and
# answer whether that user may publish blocks there.
POSITION_HOOK = "may_publish_position"

Rule = Callable[[Facts, Candidate], Iterator[Problem]]


def check(workspace: DraftWorkspace, by, now: datetime) -> list[Problem]:
    """All problems, should ``by`` publish the workspace now, or at the time that it is
    scheduled for; in the order of its items. Writes nothing."""
    at = max(workspace.publish_at or now, now)
    return problems_in(Facts(workspace, by, at, load(workspace)))


def problems_in(facts: Facts) -> list[Problem]:
    """The same for facts in hand: the whole first, then item by item."""
    of_items = (
        problem
        for candidate in facts.candidates
        for rule in RULES
        for problem in rule(facts, candidate)
    )
    return [*_of_whole(facts), *of_items]


def refusals(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == REFUSE]


def edited_since() -> Problem:
    return Problem(None, "edited", _("It has been edited since it was agreed to."))


def _of_whole(facts: Facts) -> Iterator[Problem]:
    by = facts.by
    if by is None:
        words = _("Whoever was to publish it has no account any more.")
        yield Problem(None, "permission", words)
    elif not by.has_perm("home.publish_draftworkspace"):
        words = _("%(who)s may not publish workspaces.") % {"who": person(by)}
        yield Problem(None, "permission", words)
    if not facts.candidates:
        yield Problem(None, "empty", _("There is nothing in it to publish."))


# Who may


def _permission(facts: Facts, found: Candidate) -> Iterator[Problem]:
    if facts.by is None or _is_permitted(facts.by, found):
        return
    words = _("%(who)s may not publish this.") % {"who": person(facts.by)}
    yield Problem(found.item, "permission", words)


def _is_permitted(by, found: Candidate) -> bool:
    record = found.record
    if not found.is_page:
        positions = {row.position for row in (record, record.draft_of) if row}
        return by.has_perm("home.publish_layoutblock") and all(
            may(by, position)
            for may in hooks.get_hooks(POSITION_HOOK)
            for position in positions
        )
    if found.is_new:
        return record.parent is None or _may_add(by, record)
    if found.published is None:
        return True
    may_do = found.published.permissions_for_user(by)
    if found.kind == Kind.DELETE:
        # That nothing is beneath it is asked for elsewhere.
        return may_do.can_delete(ignore_bulk=True)
    return may_do.can_publish()


def _may_add(by, record) -> bool:
    model, parent = record.content_type.model_class(), record.parent
    may_do = parent.permissions_for_user(by)
    return bool(
        model in parent.specific_class.creatable_subpage_models()
        and model.can_create_at(parent)
        and may_do.can_add_subpage()
        and may_do.can_publish_subpage()
    )


RULES: tuple[Rule, ...] = (
    _permission,
    clashes.lock,
    clashes.workflow,
    clashes.gone,
    clashes.conflict,
    clashes.beneath,
    fitness.slug,
    fitness.unseen,
    fitness.readable,
    fitness.valid,
    fitness.references,
    fitness.waits,
    clashes.buried,
)
