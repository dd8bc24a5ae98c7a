"""A workspace goes live at its hour, once, whichever worker gets to it and whatever
that worker's clock says."""

import logging
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from wagtail.models import ModelLogEntry, PageLogEntry, Revision

from home import scheduled, tasks
from home.drafts import edit, letters, schedule
from home.drafts.clock import database_now
from home.drafts.errors import NotWhatWasConfirmed, Refused, TooLate, WorkspaceClosed
from home.models import DraftWorkspace, DynamicPage
from home.models.drafts import KEEP_UNUSED
from tests.builders import (
    a_colleague,
    a_layout_block,
    a_workspace,
    an_info_page,
    stage_block,
    stage_page,
)
from tests.home.drafts.looking import html
from tests.home.drafts.releasing import agreed, fresh, publish, republish, see

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_once", "publisher_once", "workspace_once"),
]
State = DraftWorkspace.State
LISBON = ZoneInfo("Europe/Lisbon")


def plan(workspace, by, at, *, now=None) -> DraftWorkspace:
    see(workspace)
    return schedule.schedule(
        workspace.pk,
        by=by,
        at=at,
        digest=agreed(workspace),
        now=now or at - timedelta(days=1),
    )


def times_published(page) -> int:
    return PageLogEntry.objects.filter(page=page.pk, action="wagtail.publish").count()


# Agree


def test_a_scheduled_workspace_is_closed_to_its_editor(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")

    kept = plan(workspace, publisher, timezone.now() + timedelta(days=1))

    assert (kept.state, kept.scheduled_by) == (State.SCHEDULED, publisher)
    with pytest.raises(WorkspaceClosed):
        stage_page(workspace, page, text="Six of us.")


def test_what_could_not_be_published_is_not_scheduled(workspace, publisher, page):
    stage_page(workspace, page, slug="cart")

    with pytest.raises(Refused):
        plan(workspace, publisher, timezone.now() + timedelta(days=1))

    workspace.refresh_from_db()
    assert workspace.state == State.OPEN


def test_only_what_was_agreed_to_is_scheduled_and_only_for_the_future(
    workspace, publisher, page
):
    now = timezone.now()
    stage_page(workspace, page, text="Five of us.")
    see(workspace)

    with pytest.raises(NotWhatWasConfirmed):
        schedule.schedule(
            workspace.pk, by=publisher, at=now + timedelta(1), digest="", now=now
        )
    with pytest.raises(TooLate):
        plan(workspace, publisher, now, now=now)
    plan(workspace, publisher, now + timedelta(1))
    with pytest.raises(WorkspaceClosed):
        plan(workspace, publisher, now + timedelta(2))


def test_it_can_be_opened_again_and_counts_as_used(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    now = timezone.now()
    plan(workspace, publisher, now + timedelta(days=60))

    for _ in range(2):
        kept = schedule.unschedule(workspace.pk, by=publisher, now=now)

    assert (kept.state, kept.publish_at) == (State.OPEN, None)
    assert kept.expires_at == now + KEEP_UNUSED
    entries = ModelLogEntry.objects.filter(action="home.workspace.unschedule")
    assert entries.count() == 1


# When the time has come


def test_nothing_happens_before_its_time_and_everything_at_it(
    visitor,
    workspace,
    publisher,
    page,
    announcement,
    django_capture_on_commit_callbacks,
):
    at = timezone.now() + timedelta(hours=1)
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    plan(workspace, publisher, at)

    schedule.publish_due(at - timedelta(seconds=1))
    assert "Four of us." in html(visitor, "/about-us/")

    with django_capture_on_commit_callbacks(execute=True):
        schedule.publish_due(at)
    seen = html(visitor, "/about-us/")
    assert "Five of us." in seen and "Half price." in seen
    workspace.refresh_from_db()
    assert (workspace.state, workspace.published_by) == (State.PUBLISHED, publisher)


def test_a_worker_that_was_down_at_the_minute_publishes_once_when_it_is_back(
    workspace, publisher, page
):
    at = timezone.now() + timedelta(hours=1)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)
    before = times_published(page)

    for minutes in (95, 96, 97):
        schedule.publish_due(at + timedelta(minutes=minutes))

    assert times_published(page) == before + 1


@pytest.mark.parametrize(
    ("local", "minutes_before"),
    [
        # In spring 01:00 to 02:00 does not exist, in autumn it happens twice.
        (datetime(2027, 3, 28, 2, 30, tzinfo=LISBON), 31),
        (datetime(2027, 10, 31, 1, 30, tzinfo=LISBON), 60),
        (datetime(2027, 10, 31, 1, 30, tzinfo=LISBON, fold=1), 60),
    ],
)
def test_nights_when_the_clocks_change_publish_once(
    workspace, publisher, page, local, minutes_before
):
    at = local.astimezone(UTC)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)
    before = times_published(page)

    published_at = None
    for minute in range(-minutes_before, 91):
        schedule.publish_due(at + timedelta(minutes=minute))
        if published_at is None and times_published(page) > before:
            published_at = minute

    assert (published_at, times_published(page)) == (0, before + 1)


@pytest.mark.parametrize(("hours_off", "is_due"), [(1, False), (-1, True)])
def test_the_database_says_what_time_it_is_not_a_worker_an_hour_off(
    workspace, publisher, page, hours_off, is_due
):
    now = database_now()
    at = now + timedelta(minutes=-30 if is_due else 30)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)

    with time_machine.travel(now + timedelta(hours=hours_off)):
        tasks.act_on_schedules(timestamp=0)

    workspace.refresh_from_db()
    assert (workspace.state == State.PUBLISHED) is is_due
    if is_due:
        assert abs(workspace.published_at - now) < timedelta(minutes=1)


def test_the_permission_of_who_scheduled_it_is_asked_again(
    visitor, workspace, publisher, page, editor
):
    at = timezone.now() + timedelta(hours=1)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)
    publisher.groups.clear()

    schedule.publish_due(at)

    workspace.refresh_from_db()
    assert workspace.state == State.OPEN
    assert [problem["code"] for problem in workspace.refusal] == ["permission"] * 2
    assert "Four of us." in html(visitor, "/about-us/")


def test_who_scheduled_it_may_have_no_account_any_more(workspace, publisher, page):
    at = timezone.now() + timedelta(hours=1)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)
    publisher.delete()

    schedule.publish_due(at)

    workspace.refresh_from_db()
    assert (workspace.state, workspace.refusal[0]["code"]) == (State.OPEN, "permission")


def test_a_refusal_is_told_to_the_owner_in_the_admin_and_by_letter(
    client, workspace, publisher, editor, page
):
    at = timezone.now() + timedelta(hours=1)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)
    republish(page, publisher, title="Henrik's")

    schedule.publish_due(at)
    schedule.publish_due(at + timedelta(minutes=1))

    client.force_login(editor)
    home = html(client, reverse("wagtailadmin_home"))
    assert "“Autumn campaign” was scheduled, but could not be published" in home
    assert "About us: Published by henrik on " in home
    [job] = ProcrastinateJob.objects.filter(task_name="home.send_refusal")
    letters.send_refusal(**job.args)
    [letter] = mail.outbox
    assert letter.to == [editor.email]
    assert letter.subject == "“Autumn campaign” was not published"
    assert "- About us: Published by henrik on " in letter.body


def test_a_letter_to_nobody_is_not_sent(workspace, editor):
    letters.send_refusal(workspace_id=workspace.pk + 1, at=timezone.now().isoformat())
    editor.is_active = False
    editor.save()
    letters.send_refusal(workspace_id=workspace.pk, at=timezone.now().isoformat())

    assert mail.outbox == []


def test_one_workspace_that_fails_keeps_no_other_from_its_hour(
    workspace, publisher, editor, page, monkeypatch, caplog
):
    at = timezone.now() + timedelta(hours=1)
    other = a_workspace("Winter", editor)
    stage_page(workspace, page, text="Five of us.")
    stage_page(other, an_info_page("Other"), text="Six of us.")
    for each in (workspace, other):
        plan(each, publisher, at)
    make_live = schedule.make_live

    def break_the_first(found, **more):
        if found.pk == workspace.pk:
            raise RuntimeError("A bug.")
        return make_live(found, **more)

    monkeypatch.setattr(schedule, "make_live", break_the_first)
    with caplog.at_level(logging.ERROR):
        schedule.publish_due(at)

    other.refresh_from_db()
    workspace.refresh_from_db()
    assert (workspace.state, other.state) == (State.SCHEDULED, State.PUBLISHED)
    assert "could not be published" in caplog.text


def test_an_item_whose_own_day_comes_later_waits_on_alone(workspace, publisher, page):
    at = timezone.now().replace(microsecond=0) + timedelta(hours=1)
    day = at + timedelta(days=1)
    stage_page(workspace, page, text="Five of us.", go_live_at=day.isoformat())
    plan(workspace, publisher, at)

    schedule.publish_due(at)

    assert Revision.objects.filter(approved_go_live_at=day).count() == 1


# Wagtail's own schedules


def test_wagtails_own_schedules_are_acted_on(visitor, publisher, page):
    now = timezone.now()
    block = a_layout_block("home", "Over", expire_at=now + timedelta(hours=1))
    republish(page, publisher, title="Later", go_live_at=now + timedelta(hours=1))
    over = an_info_page("Over", expire_at=now + timedelta(hours=1))

    with time_machine.travel(now + timedelta(hours=2)):
        for _ in range(2):
            scheduled.act_on(now + timedelta(hours=2))

    assert fresh(page).title == "Later"
    assert (fresh(over).live, fresh(over).expired) == (False, True)
    assert not fresh(block).live
    actions = PageLogEntry.objects.filter(action__endswith=".scheduled")
    assert sorted(actions.values_list("action", "page")) == [
        ("wagtail.publish.scheduled", page.pk),
        ("wagtail.unpublish.scheduled", over.pk),
    ]


def test_a_worker_whose_clock_is_behind_does_not_schedule_it_once_more(publisher, page):
    now = timezone.now().replace(microsecond=0)
    day = now + timedelta(hours=1)
    republish(page, publisher, title="Later", go_live_at=day)

    # The database says it is time, this process's clock says that it is not yet.
    scheduled.act_on(day + timedelta(minutes=1))

    assert (fresh(page).title, fresh(page).go_live_at) == ("Later", day)
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_one_object_that_cannot_go_live_keeps_no_other_from_its_hour(
    publisher, page, caplog
):
    day = timezone.now() + timedelta(hours=1)
    republish(page, publisher, title="Later", go_live_at=day)
    broken = an_info_page("Broken")
    republish(broken, publisher, title="Later too", go_live_at=day - timedelta(1))
    republish(broken, publisher, title="Later too", go_live_at=day)
    waiting = Revision.objects.get(object_id=str(broken.pk), approved_go_live_at=day)
    waiting.content["title"] = ""
    waiting.approved_go_live_at = day - timedelta(minutes=1)
    Revision.objects.bulk_update([waiting], ["content", "approved_go_live_at"])

    with caplog.at_level(logging.ERROR):
        scheduled.act_on(day + timedelta(minutes=1))

    assert DynamicPage.objects.get(pk=page.pk).title == "Later"
    assert "could not be brought up to date" in caplog.text


def test_a_published_workspace_is_not_published_by_its_old_schedule(
    workspace, publisher, page
):
    at = timezone.now() + timedelta(hours=1)
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, at)
    publish(workspace, publisher)
    before = times_published(page)

    schedule.publish_due(at)

    assert times_published(page) == before


def test_an_editor_reading_on_does_not_reopen_it(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    plan(workspace, publisher, timezone.now() + timedelta(days=1))

    with pytest.raises(WorkspaceClosed):
        edit.unpublish_page(workspace, page, now=timezone.now())
    assert a_colleague("Editors", "tom").draft_workspaces.count() == 0
