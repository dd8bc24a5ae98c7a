"""What nobody uses goes: after a warning, and after a while of grace."""

from datetime import timedelta

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from home.drafts import letters, schedule, sweep
from home.drafts import open as opening
from home.drafts.errors import WorkspaceClosed
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage
from tests.builders import (
    NOON,
    a_workspace,
    stage_block,
    stage_new_block,
    stage_page,
)
from tests.home.drafts.releasing import agreed, fresh, publish, see, way_back

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_once", "workspace_once"),
]
State = DraftWorkspace.State
DAY = timedelta(days=1)


def warnings() -> list[int]:
    jobs = ProcrastinateJob.objects.filter(task_name="home.send_expiry_warning")
    return [job.args["workspace_id"] for job in jobs]


def every_day(first: int, last: int) -> None:
    for day in range(first, last + 1):
        sweep.sweep(NOON + day * DAY)


def test_its_owner_is_warned_once_five_days_before(workspace, editor):
    every_day(1, 25)
    assert warnings() == []

    every_day(26, 29)

    assert warnings() == [workspace.pk]
    [job] = ProcrastinateJob.objects.filter(task_name="home.send_expiry_warning")
    letters.send_expiry_warning(**job.args)
    [letter] = mail.outbox
    assert letter.to == [editor.email]
    assert letter.subject == "“Autumn campaign” will be thrown away soon"
    assert "On 20 December 2026 it will be thrown away" in letter.body


def test_after_thirty_days_unused_it_is_thrown_away_with_its_blocks(
    workspace, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_block(workspace, "home", "Fresh")

    every_day(26, 30)
    workspace.refresh_from_db()
    assert workspace.state == State.OPEN
    every_day(31, 31)

    workspace.refresh_from_db()
    assert workspace.state == State.DISCARDED
    assert not LayoutBlock.all_objects.copies_in(workspace).exists()
    # The words of its pages are kept for a while.
    assert workspace.pages.exists()
    assert fresh(announcement).live


def test_using_it_keeps_it_and_the_next_warning_comes_again(workspace):
    every_day(26, 26)
    workspace.refresh_from_db()
    opening.keep(workspace, now=NOON + 27 * DAY)

    every_day(27, 51)
    workspace.refresh_from_db()
    assert (workspace.state, warnings()) == (State.OPEN, [workspace.pk])
    every_day(52, 58)

    workspace.refresh_from_db()
    assert workspace.state == State.DISCARDED
    assert warnings() == [workspace.pk] * 2


def test_nobody_loses_a_workspace_without_a_warning_because_the_worker_was_down(
    workspace,
):
    every_day(60, 60)
    workspace.refresh_from_db()
    assert (workspace.state, warnings()) == (State.OPEN, [workspace.pk])

    every_day(61, 66)

    workspace.refresh_from_db()
    assert workspace.state == State.DISCARDED


def test_one_without_an_owner_expires_like_any_other(workspace, editor):
    editor.delete()

    every_day(26, 31)

    workspace.refresh_from_db()
    assert (workspace.state, warnings()) == (State.DISCARDED, [])


def test_what_waits_for_its_hour_does_not_expire(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    see(workspace)
    schedule.schedule(
        workspace.pk,
        by=publisher,
        at=NOON + 80 * DAY,
        digest=agreed(workspace),
        now=NOON,
    )

    every_day(25, 35)

    workspace.refresh_from_db()
    assert workspace.state == State.SCHEDULED


def test_what_was_thrown_away_is_gone_after_ninety_days(workspace, page):
    stage_page(workspace, page, text="Five of us.")
    sweep.discard(workspace.pk, now=NOON)

    every_day(90, 90)
    assert DraftWorkspace.objects.filter(pk=workspace.pk).exists()
    every_day(91, 91)

    assert not DraftWorkspace.objects.exists()
    assert not WorkspacePage.objects.exists()


def test_of_what_was_published_only_the_name_stays(
    workspace, publisher, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    publish(workspace, publisher, now=NOON)

    every_day(90, 90)
    assert way_back(workspace).pages.exists()
    every_day(91, 91)

    assert [kept.pk for kept in DraftWorkspace.objects.all()] == [workspace.pk]
    assert not WorkspacePage.objects.exists()
    assert list(LayoutBlock.all_objects.all()) == [announcement]


def test_working_copies_without_a_workspace_are_swept(workspace, announcement):
    stage_block(workspace, announcement, line="Half price.")
    stage_new_block(workspace, "home", "Fresh")
    kept = a_workspace("Winter", workspace.owner)
    stage_block(kept, announcement, line="Snow.")
    DraftWorkspace.objects.filter(pk=workspace.pk).delete()

    sweep.sweep(NOON)

    assert set(LayoutBlock.all_objects.values_list("draft_session_key", flat=True)) == {
        None,
        kept.key,
    }


def test_more_than_a_batch_is_swept_batch_by_batch(workspace, editor, monkeypatch):
    monkeypatch.setattr(sweep, "BATCH", 3)
    for n in range(7):
        stage_new_block(a_workspace(f"No. {n}", editor), "home", f"Fresh {n}")

    every_day(26, 31)

    states = DraftWorkspace.objects.values_list("state", flat=True)
    assert set(states) == {State.DISCARDED}
    assert len(warnings()) == 8
    assert not LayoutBlock.all_objects.exists()


def test_throwing_away_twice_changes_nothing_and_what_is_published_stays(
    workspace, publisher, page
):
    stage_page(workspace, page, text="Five of us.")
    publish(workspace, publisher)
    with pytest.raises(WorkspaceClosed):
        sweep.discard(workspace.pk, now=NOON)

    other = a_workspace("Winter", workspace.owner)
    first = sweep.discard(other.pk, now=NOON)
    again = sweep.discard(other.pk, now=NOON + DAY)

    assert (first.updated_at, again.updated_at) == (NOON, NOON)
