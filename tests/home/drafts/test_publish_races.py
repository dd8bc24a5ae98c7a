"""Several people at the same pages at once, on real PostgreSQL; each guard with a
control that lacks it."""

import threading
from contextlib import nullcontext, suppress
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, Revision

from home import scheduled
from home.drafts import checks, edit, schedule, sweep
from home.drafts import publish as publishing
from home.drafts.content import digest_of, page_content
from home.drafts.errors import Busy, Refused, WorkspaceClosed
from home.models import DraftWorkspace, DynamicPage, LayoutBlock, WorkspacePage
from home.models.drafts import DraftWorkspaceQuerySet
from tests.builders import (
    a_colleague,
    a_workspace,
    an_announcement,
    an_info_page,
    stage_block,
    stage_page,
)
from tests.checkout.ordering import all_at_once
from tests.home.drafts.releasing import agreed, fresh, republish, roll_back, see
from tests.waiting import is_waited_for, until

pytestmark = pytest.mark.django_db(transaction=True)
State = DraftWorkspace.State


@pytest.fixture
def henrik(transactional_db):
    return a_colleague("Publishers", "henrik")


@pytest.fixture
def campaign(henrik):
    """A page and an announcement that are to change together."""
    campaign = a_workspace("Autumn campaign", a_colleague("Editors", "sofia"))
    stage_page(campaign, an_info_page("About us"), title="The five")
    stage_block(campaign, an_announcement("Free delivery."), title="Half price.")
    see(campaign)
    return campaign


def the_page() -> DynamicPage:
    return DynamicPage.objects.get(slug="about-us")


def publisher_of(workspace, by):
    """A deed that publishes what is agreed to now."""
    digest = agreed(workspace)
    return lambda *_: publishing.publish(
        workspace.pk, by=by, digest=digest, now=timezone.now()
    )


def times(action: str) -> int:
    return PageLogEntry.objects.filter(page=the_page(), action=action).count()


def kinds(answers: list) -> set[str]:
    return {type(answer).__name__ for answer in answers}


def without_the_workspaces_lock(monkeypatch, readers: int) -> None:
    """Read it plainly, and go on only when everyone has read it."""
    gate = threading.Barrier(readers)

    def read(self, workspace_id):
        found = self.get(pk=workspace_id)
        with suppress(threading.BrokenBarrierError):
            gate.wait(timeout=10)
        return found

    monkeypatch.setattr(DraftWorkspaceQuerySet, "lock", read)


class Pause:
    """Holds publishing up between its checks and its first write, until somebody else
    has acted, or waits for what publishing has locked."""

    def __init__(self, monkeypatch) -> None:
        self.checked, self.done = threading.Event(), threading.Event()
        check = checks.problems_in

        def check_and_wait(facts):
            problems = check(facts)
            self.checked.set()
            until(lambda: self.done.is_set() or is_waited_for())
            return problems

        monkeypatch.setattr(checks, "problems_in", check_and_wait)

    def meanwhile(self, deed):
        """Do something as soon as publishing has checked everything."""
        self.checked.wait(timeout=20)
        try:
            return deed()
        finally:
            self.done.set()


def both(publish, pause: Pause, deed) -> list:
    """(what publishing answered, what the other did)."""
    return all_at_once(lambda act: act(), [publish, lambda: pause.meanwhile(deed)])


# The same workspace


def test_two_publishers_and_many_clicks_are_one_publish(campaign, henrik):
    before = times("wagtail.publish")

    answers = all_at_once(publisher_of(campaign, henrik), range(6))

    assert {answer.state for answer in answers} == {State.PUBLISHED}
    assert times("wagtail.publish") == before + 1
    assert DraftWorkspace.objects.filter(undoes=campaign).count() == 1


def test_control_without_the_lock_a_second_click_runs_into_the_constraint(
    campaign, henrik, monkeypatch
):
    without_the_workspaces_lock(monkeypatch, readers=2)

    answers = all_at_once(publisher_of(campaign, henrik), range(2))

    assert kinds(answers) == {"DraftWorkspace", "IntegrityError"}


def publish_against_discard(campaign, henrik) -> list:
    publish = publisher_of(campaign, henrik)
    throw_away = lambda: sweep.discard(campaign.pk, now=timezone.now())  # noqa: E731
    return all_at_once(lambda act: act(), [publish, throw_away])


def test_a_workspace_is_published_or_thrown_away_never_both(campaign, henrik):
    answers = publish_against_discard(campaign, henrik)

    assert kinds(answers) == {"DraftWorkspace", "WorkspaceClosed"}
    campaign.refresh_from_db()
    is_live = the_page().title == "The five"
    assert campaign.state == (State.PUBLISHED if is_live else State.DISCARDED)


def test_control_without_the_lock_it_is_both(campaign, henrik, monkeypatch):
    # Of pages only: blocks that are gone would be missed by the digest.
    LayoutBlock.all_objects.copies_in(campaign).delete()
    without_the_workspaces_lock(monkeypatch, readers=2)

    answers = publish_against_discard(campaign, henrik)

    assert kinds(answers) == {"DraftWorkspace"}


def test_an_editors_save_comes_before_or_too_late_and_is_never_lost(
    campaign, henrik, monkeypatch
):
    pause = Pause(monkeypatch)
    save = lambda: stage_page(campaign, the_page(), title="The six")  # noqa: E731

    answers = both(publisher_of(campaign, henrik), pause, save)

    assert kinds(answers) == {"DraftWorkspace", "WorkspaceClosed"}
    assert the_page().title == "The five"


def test_control_without_the_lock_the_words_are_saved_into_nowhere(
    campaign, henrik, monkeypatch
):
    pause = Pause(monkeypatch)
    monkeypatch.setattr(
        DraftWorkspaceQuerySet, "lock", lambda self, key: self.get(pk=key)
    )
    save = lambda: stage_page(campaign, the_page(), title="The six")  # noqa: E731

    answers = both(publisher_of(campaign, henrik), pause, save)

    assert kinds(answers) == {"DraftWorkspace", "WorkspacePage"}
    assert WorkspacePage.objects.get(workspace=campaign).title == "The six"
    assert the_page().title == "The five"


def test_two_who_take_it_back_do_so_once(campaign, henrik):
    publisher_of(campaign, henrik)()
    before = times("wagtail.publish")

    answers = all_at_once(lambda _: roll_back(campaign, henrik), range(4))

    assert {answer.state for answer in answers} == {State.ROLLED_BACK}
    assert times("wagtail.publish") == before + 1
    assert the_page().title == "About us"


# The same pages


def test_what_wagtail_publishes_meanwhile_waits_and_comes_last(
    campaign, henrik, monkeypatch
):
    pause = Pause(monkeypatch)
    page = the_page()

    both(
        publisher_of(campaign, henrik),
        pause,
        lambda: republish(page, henrik, title="By hand"),
    )

    page = the_page()
    assert page.title == "By hand"
    assert page.live_revision.content["title"] == "By hand"
    assert times("wagtail.publish") == 3


def test_control_without_the_pages_lock_it_is_overwritten_unnoticed(
    campaign, henrik, monkeypatch
):
    pause = Pause(monkeypatch)
    monkeypatch.setattr(publishing, "_lock_pages", lambda entries: None)
    page = the_page()

    answers = both(
        publisher_of(campaign, henrik),
        pause,
        lambda: republish(page, henrik, title="By hand"),
    )

    assert kinds(answers) == {"DraftWorkspace", "NoneType"}
    assert the_page().title == "The five"


def test_what_wagtail_has_published_first_is_not_overwritten(campaign, henrik):
    publish = publisher_of(campaign, henrik)
    republish(the_page(), henrik, title="By hand")

    with pytest.raises(Refused):
        publish()

    assert the_page().title == "By hand"


def test_a_crowd_of_stock_and_workspace_publishes_leaves_one_whole_page(
    campaign, henrik
):
    publish, page = publisher_of(campaign, henrik), the_page()
    by_hand = [
        lambda n=n: republish(page, henrik, title=f"By hand {n}") for n in range(5)
    ]

    answers = all_at_once(lambda act: act(), [publish, *by_hand])

    assert kinds(answers) <= {"DraftWorkspace", "Refused", "NoneType"}
    page = the_page()
    kept, of_row = page.live_revision.content, page_content(page)
    assert digest_of({name: kept[name] for name in of_row}) == digest_of(of_row)
    ours = sum(isinstance(answer, DraftWorkspace) for answer in answers)
    assert times("wagtail.publish") == 1 + ours + kinds_count(answers, type(None))


def kinds_count(answers: list, kind: type) -> int:
    return sum(isinstance(answer, kind) for answer in answers)


def test_publish_and_unpublish_of_one_page_each_happen_once(
    campaign, henrik, monkeypatch
):
    pause = Pause(monkeypatch)
    page = fresh(the_page())

    both(publisher_of(campaign, henrik), pause, lambda: page.unpublish(user=henrik))

    assert (times("wagtail.publish"), times("wagtail.unpublish")) == (2, 1)
    assert not the_page().live


def test_of_two_workspaces_that_change_and_take_off_one_page_one_is_refused(
    campaign, henrik
):
    other = a_workspace("Winter", campaign.owner)
    edit.unpublish_page(other, the_page(), now=timezone.now())
    see(other)
    deeds = [publisher_of(campaign, henrik), publisher_of(other, henrik)]

    answers = all_at_once(lambda act: act(), deeds)

    assert kinds(answers) == {"DraftWorkspace", "Refused"}
    assert the_page().live is (the_page().title == "The five")


def crossed_workspaces(editor, n=0) -> list[DraftWorkspace]:
    """Two workspaces of the same two pages, taken in opposite orders; what one writes
    is what the other writes, so that only their locks can stand in the way."""
    pages = [an_info_page(f"One {n}"), an_info_page(f"Other {n}")]
    crossed = []
    for order in (pages, pages[::-1]):
        workspace = a_workspace(f"From {order[0]}", editor)
        for page in order:
            stage_page(workspace, page, title="Same words")
        see(workspace)
        crossed.append(workspace)
    return crossed


def test_opposite_orders_do_not_deadlock(campaign, henrik):
    for n in range(3):
        crossed = crossed_workspaces(campaign.owner, n)
        deeds = [publisher_of(workspace, henrik) for workspace in crossed]

        answers = all_at_once(lambda act: act(), deeds)

        assert kinds(answers) == {"DraftWorkspace"}


def test_control_pages_locked_as_they_come_do_deadlock(campaign, henrik, monkeypatch):
    met = threading.Barrier(2)

    def lock_one_by_one(entries):
        for n, entry in enumerate(entries):
            list(Page.objects.filter(pk=entry.page_id).select_for_update())
            if n == 0:
                met.wait(timeout=20)

    monkeypatch.setattr(publishing, "_lock_pages", lock_one_by_one)
    crossed = crossed_workspaces(campaign.owner)
    deeds = [publisher_of(workspace, henrik) for workspace in crossed]

    answers = all_at_once(lambda act: act(), deeds)

    assert any(isinstance(answer, Busy) for answer in answers)


# Several workers


def scheduled_now(campaign, henrik):
    now = timezone.now()
    DraftWorkspace.objects.filter(pk=campaign.pk).update(
        state=State.SCHEDULED,
        publish_at=now,
        scheduled_by=henrik,
        scheduled_digest=agreed(campaign),
    )
    return now


def test_several_workers_publish_a_due_workspace_once(campaign, henrik):
    now = scheduled_now(campaign, henrik)
    before = times("wagtail.publish")

    answers = all_at_once(lambda _: schedule.publish_one(campaign.pk, now), range(6))

    assert set(answers) == {None}
    assert times("wagtail.publish") == before + 1


def test_control_without_a_claim_workers_run_into_each_other(
    campaign, henrik, monkeypatch
):
    now = scheduled_now(campaign, henrik)
    gate = threading.Barrier(2)

    def read(workspace_id, now):
        found = schedule.due(now).get(pk=workspace_id)
        gate.wait(timeout=5)
        return found

    monkeypatch.setattr(schedule, "_claim", read)

    answers = all_at_once(lambda _: schedule.publish_one(campaign.pk, now), range(2))

    assert any(isinstance(answer, IntegrityError) for answer in answers)


def test_several_workers_let_a_page_expire_once(campaign, henrik):
    over = timezone.now()
    Page.objects.filter(pk=the_page().pk).update(expire_at=over)
    later = over + timedelta(minutes=1)

    all_at_once(lambda _: scheduled.act_on(later), range(4))

    assert not the_page().live
    assert times("wagtail.unpublish.scheduled") == 1


def test_control_without_locks_it_expires_more_than_once(campaign, henrik, monkeypatch):
    over = timezone.now()
    Page.objects.filter(pk=the_page().pk).update(expire_at=over)
    later = over + timedelta(minutes=1)
    gate = threading.Barrier(2)
    unpublish = DynamicPage.unpublish

    def meet(self, **more):
        with suppress(threading.BrokenBarrierError):
            gate.wait(timeout=5)
        return unpublish(self, **more)

    monkeypatch.setattr(scheduled, "alone", lambda deed: True)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **more: self)
    monkeypatch.setattr(DynamicPage, "unpublish", meet)

    all_at_once(lambda _: scheduled.act_on(later), range(2))

    assert times("wagtail.unpublish.scheduled") == 2


# What readers see

SHOWN = """
    SELECT page.title, block.title, revision.content ->> 'title'
    FROM wagtailcore_page page, home_layoutblock block, wagtailcore_revision revision
    WHERE page.slug = 'about-us' AND revision.id = page.live_revision_id
      AND block.draft_session_key IS NULL
"""
OLD = ("About us", "Free delivery.", "About us")
NEW = ("The five", "Half price.", "The five")


def watching(change) -> set[tuple]:
    """All states that a reader has seen while ``change`` was at work. It gets the set,
    to see what has been seen."""
    seen, over = set(), threading.Event()

    def read():
        while not over.is_set():
            with connection.cursor() as cursor:
                cursor.execute(SHOWN)
                seen.update(cursor.fetchall())

    def act():
        try:
            change(seen)
        finally:
            over.set()

    answers = all_at_once(lambda deed: deed(), [read, read, act])
    assert answers == [None, None, None]
    return seen


def test_a_reader_sees_all_of_it_or_nothing(campaign, henrik):
    def there_and_back(seen):
        until(lambda: OLD in seen)
        publisher_of(campaign, henrik)()
        until(lambda: NEW in seen)
        roll_back(campaign, henrik)

    assert watching(there_and_back) == {OLD, NEW}


def test_control_without_the_transaction_a_reader_sees_half_of_it(
    campaign, henrik, monkeypatch
):
    save, seen_by_readers = LayoutBlock.save, [set()]

    def publish(seen):
        seen_by_readers[0] = seen
        until(lambda: OLD in seen)
        publisher_of(campaign, henrik)()
        until(lambda: NEW in seen)

    def save_when_half_was_seen(self, *args, **more):
        until(lambda: seen_by_readers[0] - {OLD, NEW}, within_s=2)
        save(self, *args, **more)

    no_transaction = SimpleNamespace(atomic=lambda **more: nullcontext())
    monkeypatch.setattr(publishing, "transaction", no_transaction)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **more: self)
    monkeypatch.setattr(LayoutBlock, "save", save_when_half_was_seen)

    assert watching(publish) > {OLD, NEW}


def test_nothing_is_left_locked(campaign, henrik):
    publisher_of(campaign, henrik)()

    with transaction.atomic():
        found = Page.objects.select_for_update(nowait=True).get(pk=the_page().pk)

    assert found.live
    assert Revision.objects.filter(approved_go_live_at__isnull=False).count() == 0
    with pytest.raises(WorkspaceClosed):
        stage_page(campaign, the_page(), title="The six")
