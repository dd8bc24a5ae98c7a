"""A publisher looks at the shop as of a moment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import DraftWorkspace
from tests.builders import (
    a_colleague,
    a_layout_block,
    a_workspace,
    an_info_page,
    stage_block,
    stage_page,
)
from tests.home.drafts.looking import enter, html, whole

pytestmark = pytest.mark.django_db
AS_OF = "/drafts/as-of/"


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def traveller(client, publisher):
    client.force_login(publisher)
    return client


def at(client, moment, workspace=None):
    enter(client, workspace, as_of=moment)
    return client


def scheduled_page(title, hour, **more):
    page = an_info_page(title, **more)
    page.title, page.go_live_at = f"{title} then", hour
    page.save_revision(approved_go_live_at=hour)
    return page


def test_a_scheduled_page_has_gone_live(traveller, visitor, now):
    scheduled_page("Kiln", now + timedelta(days=2), menu_placement="footer")

    assert "Kiln then" in html(at(traveller, now + timedelta(days=3)), "/kiln/")
    assert "Kiln then" in html(traveller)
    assert "Kiln then" not in html(at(traveller, now + timedelta(days=1)), "/kiln/")
    assert "Kiln then" not in html(visitor, "/kiln/")


def test_a_page_that_ends_is_gone(traveller, visitor, now):
    page = an_info_page("Kiln")
    type(page).objects.filter(pk=page.pk).update(expire_at=now + timedelta(days=1))

    assert at(traveller, now + timedelta(days=2)).get("/kiln/").status_code == 404
    assert visitor.get("/kiln/").status_code == 200


def test_a_scheduled_block_shows_and_one_that_ends_is_gone(traveller, visitor, now):
    ends = a_layout_block("home", "Ends", expire_at=now + timedelta(days=1))
    begins = a_layout_block("home", "Begins")
    type(begins).objects.filter(pk=begins.pk).update(live=False)
    begins.refresh_from_db()
    hour = now + timedelta(days=2)
    begins.go_live_at = hour
    begins.save_revision(approved_go_live_at=hour)

    then = html(at(traveller, now + timedelta(days=3)))

    assert "<p>Begins</p>" in then and "<p>Ends</p>" not in then
    live = html(visitor)
    assert "<p>Ends</p>" in live and "<p>Begins</p>" not in live
    assert ends.title


def test_scheduled_workspaces_are_applied_in_their_order_and_the_open_one_last(
    traveller, publisher, now, page, announcement
):
    for days, words in ((2, "Second."), (1, "First.")):
        waiting = a_workspace(words, a_colleague("Editors", f"tom{days}"))
        stage_page(waiting, page, text=words)
        stage_block(waiting, announcement, line=words)
        DraftWorkspace.objects.filter(pk=waiting.pk).update(
            state="scheduled", publish_at=now + timedelta(days=days)
        )

    def seen(days, workspace=None):
        moment = now + timedelta(days=days)
        return html(at(traveller, moment, workspace), "/about-us/")

    assert "Four of us." in seen(0.5)
    assert "First." in seen(1.5) and "Second." not in seen(1.5)
    assert "Second." in seen(3) and "First." not in seen(3)
    own = a_workspace("Mine", publisher)
    stage_page(own, page, text="Mine.")
    assert "Mine." in seen(3, own)


def test_the_moment_is_chosen_by_the_shops_clock_and_left_again(traveller):
    answer = traveller.post(AS_OF, {"at": "2031-07-01T09:30", "next": "/shop/"})

    assert (answer.status_code, answer["Location"]) == (303, "/shop/")
    assert "As of Tue 1 Jul 2031, 09:30" in whole(traveller)
    traveller.post("/drafts/leave/")
    assert "As of" not in whole(traveller)


@pytest.mark.parametrize(
    "text", ["x", "2031-13-01T00:00", "2031-07-01T09:30+02:00", "2027-03-28T01:30"]
)
def test_a_moment_that_is_none_is_refused(traveller, text):
    """The last one is leapt over when the clocks go forward."""
    answer = traveller.post(AS_OF, {"at": text})

    assert answer["Location"] == "/drafts/"
    assert "As of" not in whole(traveller)


def test_editors_have_no_time_machine(client, editor, now):
    client.force_login(editor)

    assert client.post(AS_OF, {"at": "2031-07-01T09:30"}).status_code == 404
    assert "As of" not in whole(at(client, now + timedelta(days=3)))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
@pytest.mark.parametrize("text", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_the_ends_of_the_calendar_break_nothing(traveller, settings, zone, text):
    settings.TIME_ZONE = zone

    assert traveller.post(AS_OF, {"at": text}).status_code == 303
    assert traveller.get("/").status_code == 200
