"""A process that publishes is killed in the middle: what is left is all of the old
site or all of the new one."""

import os
import signal
import time

import pytest
from django.db import connection
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageLogEntry

from home.drafts import edit
from home.drafts.sweep import discard
from home.models import DraftWorkspace
from tests.builders import (
    a_colleague,
    a_workspace,
    an_announcement,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.checkout.ordering import assert_invariants, broken_rules
from tests.faults.repeats import times
from tests.home.drafts.dying import POINTS, Mother
from tests.home.drafts.releasing import (
    agreed,
    publish,
    roll_back,
    see,
    site,
    way_back,
)

pytestmark = pytest.mark.django_db(transaction=True)
AFTER = "after the commit"
State = DraftWorkspace.State


@pytest.fixture(scope="module")
def mother():
    with Mother() as mother:
        yield mother
        mother.stdin.close()


@pytest.fixture
def henrik(transactional_db):
    return a_colleague("Publishers", "henrik")


@pytest.fixture
def campaign(henrik):
    campaign = a_workspace("Autumn campaign", a_colleague("Editors", "sofia"))
    page, announcement = an_info_page("About us"), an_announcement("Free delivery.")
    stage_page(campaign, page, title="The five", slug="who-we-are")
    stage_page(campaign, an_info_page("Our kiln", parent=page), title="The kiln")
    stage_new_page(campaign, title="Kiln news")
    stage_block(campaign, announcement, title="Half price.")
    stage_new_block(campaign, "home", "Fresh")
    edit.unpublish_page(campaign, an_info_page("Old"), now=timezone.now())
    see(campaign)
    return campaign


def kill_at(mother, point: str, workspace, by, *, whole: bool = True) -> None:
    """Kill -9 a process that has come to a point, and wait until PostgreSQL has
    noticed."""
    # Earlier tests of this worker may have left connections that wait for nobody.
    before = connected()
    child = mother.child_at(
        point, workspace=workspace.pk, by=by.pk, digest=agreed(workspace), whole=whole
    )
    os.kill(child, signal.SIGKILL)
    until_nobody_new_is_connected(before)


def connected() -> set[int]:
    """The server processes that others of this database's clients are served by."""
    others = """
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()
          AND backend_type = 'client backend'
    """
    with connection.cursor() as cursor:
        cursor.execute(others)
        return {pid for (pid,) in cursor.fetchall()}


def until_nobody_new_is_connected(before: set[int], within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if connected() <= before:
            return
        time.sleep(0.05)
    raise AssertionError("The dead process is still connected.")


def traces(workspace) -> tuple:
    """What a publish leaves besides the site itself."""
    workspace.refresh_from_db()
    return (
        workspace.state,
        DraftWorkspace.objects.filter(undoes=workspace).count(),
        Redirect.objects.count(),
        PageLogEntry.objects.filter(action="wagtail.publish").count(),
        any(Page.find_problems()),
    )


@pytest.mark.parametrize("repeat", range(times(1, 3)))
def test_killed_before_the_commit_nothing_has_happened_and_it_can_be_done_again(
    mother, campaign, henrik, repeat
):
    """At one point after the other: each publish meets what the last kill left."""
    before, left = site(), traces(campaign)

    for point in POINTS:
        kill_at(mother, point, campaign, henrik)
        assert (site(), traces(campaign)) == (before, left), point
        assert_invariants()

    publish(campaign, henrik)
    assert traces(campaign) == (State.PUBLISHED, 1, 2, left[3] + 3, False)
    assert_invariants()


@pytest.mark.parametrize("repeat", range(times(1, 2)))
def test_killed_after_the_commit_everything_has_happened(
    mother, campaign, henrik, repeat
):
    before, left = site(), traces(campaign)

    kill_at(mother, AFTER, campaign, henrik)

    assert traces(campaign) == (State.PUBLISHED, 1, 2, left[3] + 3, False)
    assert site() != before
    assert_invariants()
    roll_back(campaign, henrik)
    assert site() == before
    assert_invariants()


def test_control_without_the_transaction_half_of_it_is_left(mother, campaign, henrik):
    before = site()

    kill_at(mother, "second row written", campaign, henrik, whole=False)

    torn = site()
    assert torn != before
    assert traces(campaign)[:2] == (State.OPEN, 0)
    with pytest.raises(DraftWorkspace.DoesNotExist):
        way_back(campaign)
    discard(campaign.pk, now=timezone.now())
    assert site() == torn


def test_control_what_is_live_without_its_workspace_breaks_a_rule(
    mother, campaign, henrik
):
    kill_at(mother, "all live", campaign, henrik, whole=False)

    assert broken_rules() == {
        "what is new in a workspace stands on the site only once it is published"
    }
