"""A publisher looks at the shop as of a moment."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Revision

from home.drafts.viewing import OPEN_COOKIE
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

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("publisher_once")]
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

    assert answer.status_code == 422
    said = answer.content.decode()
    assert 'id="at-error"' in said and f'value="{text}"' in said
    assert "As of" not in whole(traveller)


def test_editors_have_no_time_machine(client, editor, now):
    client.force_login(editor)

    assert client.post(AS_OF, {"at": "2031-07-01T09:30"}).status_code == 404
    assert "As of" not in whole(at(client, now + timedelta(days=3)))


@pytest.mark.parametrize(
    ("zone", "text", "status"),
    [
        ("Europe/Berlin", "0001-01-01T00:00", 422),
        ("Europe/Berlin", "9999-12-31T23:59", 303),
        ("America/New_York", "0001-01-01T00:00", 303),
        ("America/New_York", "9999-12-31T23:59", 422),
        ("Asia/Tokyo", "0001-01-01T09:00", 422),
        ("Pacific/Kiritimati", "9999-12-31T23:59", 303),
        ("Pacific/Pago_Pago", "9999-12-31T13:00", 422),
    ],
)
def test_the_ends_of_the_calendar_break_nothing(
    traveller, settings, zone, text, status
):
    settings.TIME_ZONE = zone

    assert traveller.post(AS_OF, {"at": text, "next": "/"}).status_code == status
    assert traveller.get("/").status_code == 200
    assert traveller.get("/drafts/").status_code == 200


def test_from_another_moment_one_comes_back_to_now_in_the_same_workspace(
    traveller, publisher, page, now
):
    own = a_workspace("Mine", publisher)
    stage_page(own, page, text="Mine.")
    at(traveller, now + timedelta(days=3), own)
    bar = whole(traveller, "/about-us/")
    assert "As of" in bar and "Back to now" in bar

    answer = traveller.post(AS_OF, {"next": "/about-us/"})

    assert answer["Location"] == "/about-us/"
    bar = whole(traveller, "/about-us/")
    assert "Mine." in bar and "As of" not in bar and "Back to now" not in bar


def test_who_comes_back_to_now_without_a_workspace_sees_what_visitors_see(
    traveller, now
):
    at(traveller, now + timedelta(days=3))

    traveller.post(AS_OF, {})

    assert 'class="draft-bar"' not in whole(traveller)
    assert traveller.cookies[OPEN_COOKIE].value == ""


def test_on_a_day_that_has_passed_what_has_expired_since_is_there(
    traveller, visitor, now
):
    page = an_info_page("Kiln", menu_placement="footer")
    block = a_layout_block("home", "Summer")
    for thing in (page, block):
        type(thing).objects.filter(pk=thing.pk).update(
            live=False, expired=True, expire_at=now - timedelta(days=2)
        )

    then = html(at(traveller, now - timedelta(days=3)))

    assert "<p>Summer</p>" in then and 'href="/kiln/"' in then
    assert "Four of us." in html(traveller, "/kiln/")
    assert "<p>Summer</p>" not in html(at(traveller, now - timedelta(days=1)))
    assert traveller.get("/kiln/").status_code == 404
    assert "<p>Summer</p>" not in html(visitor)


def test_on_a_day_that_has_passed_what_was_not_due_yet_is_not_there(traveller, now):
    page = an_info_page("Kiln")
    block = a_layout_block("home", "Autumn")
    for thing in (page, block):
        hour = now - timedelta(days=2)
        type(thing).objects.filter(pk=thing.pk).update(go_live_at=hour)

    then = at(traveller, now - timedelta(days=3))

    assert "<p>Autumn</p>" not in html(then)
    assert then.get("/kiln/").status_code == 404
    assert "<p>Autumn</p>" in html(at(traveller, now - timedelta(days=1)))


def test_a_copy_is_shown_within_its_own_time_only(traveller, publisher, page, now):
    own = a_workspace("Mine", publisher)
    begin, end = now + timedelta(days=2), now + timedelta(days=4)
    values = {"go_live_at": begin.isoformat(), "expire_at": end.isoformat()}
    stage_page(own, page, text="Mine.", slug="mine", **values)

    def seen(days, path):
        return at(traveller, now + timedelta(days=days), own).get(path)

    assert "Four of us." in seen(1, "/about-us/").content.decode()
    assert seen(1, "/mine/").status_code == 404
    assert "Mine." in seen(3, "/mine/").content.decode()
    assert seen(3, "/about-us/")["Location"] == "/mine/"
    assert seen(5, "/mine/").status_code == 404


def test_a_scheduled_workspaces_address_is_the_address_by_then(
    traveller, publisher, page, now
):
    child = an_info_page("Our kiln", parent=page)
    for days, slug in ((1, "who-we-are"), (3, "the-five")):
        waiting = a_workspace(slug, a_colleague("Editors", f"tom{days}"))
        stage_page(waiting, page, slug=slug)
        DraftWorkspace.objects.filter(pk=waiting.pk).update(
            state="scheduled", publish_at=now + timedelta(days=days)
        )

    def seen(days, path):
        return at(traveller, now + timedelta(days=days)).get(path)

    assert seen(0.5, "/about-us/").status_code == 200
    assert seen(2, "/who-we-are/").status_code == 200
    assert seen(2, "/about-us/")["Location"] == "/who-we-are/"
    assert child.title in seen(2, "/who-we-are/our-kiln/").content.decode()
    assert seen(4, "/the-five/").status_code == 200
    assert seen(4, "/who-we-are/").status_code == 404
    assert seen(4, "/about-us/")["Location"] == "/the-five/"


def test_a_page_that_is_scheduled_under_another_address_answers_there_by_then(
    traveller, now
):
    scheduled_page("Kiln", now + timedelta(days=2))
    revision = Revision.objects.get(approved_go_live_at__isnull=False)
    revision.content["slug"] = "oven"
    revision.save()

    assert at(traveller, now + timedelta(days=1)).get("/oven/").status_code == 404
    assert "Kiln then" in html(at(traveller, now + timedelta(days=3)), "/oven/")
