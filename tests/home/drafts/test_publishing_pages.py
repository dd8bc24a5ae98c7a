"""The pages for handing a workspace over, publishing it, and taking it back."""

import re
from copy import copy
from datetime import timedelta
from itertools import product
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from home.drafts import schedule
from home.drafts.content import page_digest
from home.drafts.panels import WorkspacesPanel
from home.models import DraftWorkspace, WorkspacePage
from tests.builders import (
    NOON,
    a_colleague,
    a_workspace,
    stage_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import enter, html
from tests.home.drafts.releasing import agreed, publish, republish, see, way_back

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("publisher_once", "handed_over_once"),
]
State = DraftWorkspace.State
NAMES = [
    "hand_over",
    "take_back",
    "look",
    "publish",
    "schedule",
    "unschedule",
    "rollback",
]


def address(name: str, workspace) -> str:
    return reverse(f"home:drafts:{name}", args=[workspace.uuid])


@pytest.fixture(scope="module")
def handed_over_once(workspace_once, page_once):
    stage_page(workspace_once, page_once, text="Five of us.", title="The five")
    DraftWorkspace.objects.filter(pk=workspace_once.pk).update(handed_over_at=NOON)
    see(workspace_once)


@pytest.fixture
def handed_over(workspace):
    """A workspace with one change that publishers may see."""
    return workspace


@pytest.fixture
def not_handed_over(workspace):
    """The same, of which they know nothing."""
    DraftWorkspace.objects.filter(pk=workspace.pk).update(handed_over_at=None)
    return workspace


@pytest.fixture
def henrik(client, publisher):
    """The publisher's browser."""
    client.force_login(publisher)
    return client


def state_of(workspace) -> str:
    workspace.refresh_from_db()
    return workspace.state


# Publish


def test_the_page_lists_every_change_and_asks_for_a_yes(henrik, handed_over):
    seen = html(henrik, address("publish", handed_over))

    assert "The five" in seen and "1 change" in seen and "Ready" in seen
    assert "Publish everything now" in seen
    assert f'name="digest" value="{agreed(handed_over)}"' in seen


def test_a_yes_publishes_and_shows_what_went_live(
    henrik, visitor, publisher, handed_over
):
    answer = henrik.post(
        address("publish", handed_over), {"digest": agreed(handed_over)}, follow=True
    )

    assert answer.redirect_chain == [(address("publish", handed_over), 303)]
    shown = answer.content.decode()
    assert "Went live on" in shown and "published by henrik" in shown
    assert "The five" in shown and "Take it back…" in shown
    assert "Five of us." in html(visitor, "/about-us/")
    assert state_of(handed_over) == State.PUBLISHED


def test_a_double_click_publishes_once(henrik, handed_over):
    digest = {"digest": agreed(handed_over)}

    answers = [henrik.post(address("publish", handed_over), digest) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert DraftWorkspace.objects.filter(undoes=handed_over).count() == 1


def test_what_was_not_seen_is_listed_and_one_click_opens_it(henrik, handed_over):
    entry = stage_new_page(handed_over, title="Kiln news")
    seen = html(henrik, address("publish", handed_over))
    assert "Nobody has looked at it since its last change." in seen
    assert "Publish everything now" not in seen

    answer = henrik.post(address("look", handed_over), {"item": f"page-{entry.uuid}"})
    assert answer["Location"] == "/kiln-news/"
    html(henrik, "/kiln-news/")

    assert "Publish everything now" in html(henrik, address("publish", handed_over))


def test_only_its_owner_is_led_to_the_editor(client, publisher, handed_over, page):
    own = a_workspace("Mine", publisher)
    entry = stage_page(own, page, text="Seven of us.")
    client.force_login(publisher)
    assert ">Edit<" not in html(client, address("publish", handed_over))
    assert ">Edit<" in html(client, address("publish", own))

    answer = client.post(
        address("look", own), {"item": f"page-{entry.uuid}", "to": "edit"}
    )

    assert answer["Location"] == f"/admin/pages/{page.pk}/edit/"


def test_an_item_that_is_gone_opens_the_home_page(henrik, handed_over):
    answer = henrik.post(address("look", handed_over), {"item": "page-nothing"})

    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_a_refusal_names_everything_and_publishes_nothing(
    henrik, visitor, publisher, handed_over, page
):
    digest = agreed(handed_over)
    republish(page, publisher, title="Henrik's")

    answer = henrik.post(address("publish", handed_over), {"digest": digest})

    assert answer.status_code == 409
    shown = answer.content.decode()
    assert "Published by henrik on " in shown and "since sofia began." in shown
    assert "Nothing has been published" in shown
    assert "Five of us." not in html(visitor, "/about-us/")


def test_an_edit_since_the_page_was_opened_is_told(henrik, handed_over, page):
    digest = agreed(handed_over)
    stage_page(handed_over, page, text="Six of us.")

    answer = henrik.post(address("publish", handed_over), {"digest": digest})

    assert answer.status_code == 409
    assert "It has been edited since this page was opened." in answer.content.decode()


def test_words_of_editors_are_shown_as_words(henrik, handed_over, page):
    stage_page(handed_over, page, title="<script>alert(1)</script>")

    seen = html(henrik, address("publish", handed_over))

    assert "<script>alert(1)" not in seen
    assert "&lt;script&gt;alert(1)" in seen


def test_what_was_thrown_away_is_not_there_to_publish(henrik, handed_over):
    DraftWorkspace.objects.update(state=State.DISCARDED)

    assert henrik.get(address("publish", handed_over)).status_code == 404


def test_a_form_of_another_site_is_refused(handed_over, publisher):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(publisher)
    digest = {"digest": agreed(handed_over)}

    forged = strict.post(
        address("publish", handed_over), digest, HTTP_SEC_FETCH_SITE="cross-site"
    )
    assert (forged.status_code, state_of(handed_over)) == (403, State.OPEN)

    # From inside a draft browsers send no address, so the token's check would fail.
    own = strict.post(
        address("publish", handed_over),
        digest,
        HTTP_SEC_FETCH_SITE="same-origin",
        HTTP_ORIGIN="null",
    )
    assert (own.status_code, state_of(handed_over)) == (303, State.PUBLISHED)


# Take back


def test_two_clicks_take_it_back(henrik, visitor, publisher, handed_over):
    publish(handed_over, publisher)
    seen = html(henrik, address("rollback", handed_over))
    assert "Take everything back now" in seen
    [digest] = re.findall(r'name="digest" value="(\w+)"', seen)

    answer = henrik.post(
        address("rollback", handed_over), {"digest": digest}, follow=True
    )

    assert "It has been taken back since" in answer.content.decode()
    assert "Four of us." in html(visitor, "/about-us/")
    assert state_of(handed_over) == State.ROLLED_BACK


def test_the_way_back_can_be_entered_from_its_page(henrik, publisher, handed_over):
    publish(handed_over, publisher)
    back = way_back(handed_over)
    assert address("look", back) in html(henrik, address("rollback", handed_over))

    henrik.post(address("look", back), {"item": ""})

    assert "Four of us." in html(henrik, "/about-us/")


def test_a_way_back_leads_to_the_page_of_what_it_takes_back(
    henrik, publisher, handed_over
):
    publish(handed_over, publisher)

    answer = henrik.get(address("publish", way_back(handed_over)))

    assert answer["Location"] == address("publish", handed_over)


def test_a_refused_way_back_says_why(henrik, publisher, handed_over, page):
    publish(handed_over, publisher)
    digest = agreed(way_back(handed_over))
    republish(page, publisher, title="Better")

    answer = henrik.post(address("rollback", handed_over), {"digest": digest})

    assert answer.status_code == 409
    assert "Published by henrik on " in answer.content.decode()


def test_what_was_not_published_cannot_be_taken_back(henrik, handed_over):
    shown = henrik.get(address("rollback", handed_over))
    posted = henrik.post(address("rollback", handed_over), {"digest": ""})

    assert shown["Location"] == address("publish", handed_over)
    assert (posted.status_code, posted["Location"]) == (303, "/admin/")


# Schedule


def plan(henrik, workspace, at: str):
    return henrik.post(
        address("schedule", workspace), {"at": at, "digest": agreed(workspace)}
    )


def test_it_is_scheduled_in_the_shops_own_time(henrik, publisher, handed_over):
    # Whatever zone the publisher reads the admin in.
    UserProfile.objects.create(user=publisher, current_time_zone="Asia/Tokyo")

    answer = plan(henrik, handed_over, "2030-07-01T09:00")

    assert answer["Location"] == address("publish", handed_over)
    assert state_of(handed_over) == State.SCHEDULED
    assert handed_over.publish_at.isoformat() == "2030-07-01T08:00:00+00:00"
    seen = html(henrik, address("publish", handed_over))
    assert "Goes live on 1 July 2030, 09:00 (Europe/Lisbon)" in seen
    assert "Publish everything now" not in seen


def test_a_time_that_cannot_be_meant_is_refused_in_words(henrik, handed_over):
    for at, words in (
        ("", "This field is required."),
        ("tomorrow", "Enter a valid date/time."),
        ("2020-01-01T00:00", "That time has passed already."),
        # Does not exist, and exists twice.
        ("2027-03-28T01:30", "may be ambiguous or it may not exist"),
        ("2027-10-31T01:30", "may be ambiguous or it may not exist"),
    ):
        answer = plan(henrik, handed_over, at)

        assert answer.status_code == 422, at
        assert words in answer.content.decode(), at
        assert state_of(handed_over) == State.OPEN


def test_a_refused_schedule_says_why(henrik, publisher, handed_over, page):
    republish(page, publisher, title="Henrik's")

    answer = plan(henrik, handed_over, "2030-07-01T09:00")

    assert answer.status_code == 409
    assert state_of(handed_over) == State.OPEN


def test_its_owner_may_open_it_again(client, editor, publisher, handed_over):
    at = timezone.now() + timedelta(days=1)
    schedule.schedule(
        handed_over.pk,
        by=publisher,
        at=at,
        digest=agreed(handed_over),
        now=timezone.now(),
    )
    client.force_login(editor)

    client.post(address("unschedule", handed_over))

    assert state_of(handed_over) == State.OPEN


# Hand over


def test_publishers_are_told_of_what_was_handed_over(
    client, editor, publisher, not_handed_over
):
    client.force_login(editor)

    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        client.post(address("hand_over", not_handed_over))
        client.post(address("hand_over", not_handed_over))
        client.force_login(publisher)
        home = html(client, reverse("wagtailadmin_home"))

    assert "handed over by sofia" in home and ">Autumn campaign</a>" in home
    assert address("publish", not_handed_over) in home
    assert html(client, address("publish", not_handed_over))


def test_its_owner_can_take_it_back(client, editor, publisher, handed_over):
    client.force_login(editor)
    client.post(address("take_back", handed_over))

    client.force_login(publisher)

    assert client.get(address("publish", handed_over)).status_code == 404
    assert "handed over by" not in html(client, reverse("wagtailadmin_home"))


def test_the_panel_asks_as_much_for_many_as_for_one(
    henrik, editor, django_assert_max_num_queries
):
    for n in range(20):
        a_workspace(f"No. {n}", editor)
    DraftWorkspace.objects.update(handed_over_at=NOON)

    ida = a_colleague("Publishers", "ida")

    # Two for her permissions, two for the lists.
    with django_assert_max_num_queries(4):
        panel = WorkspacesPanel(ida).render_html({})
    assert panel.count("handed over by") == 8


# Who may come in


def test_what_is_not_yours_is_not_there(not_handed_over):
    """An editor's own workspace, not handed over: nobody else's business."""
    others = {role: Client() for role in ("Editors", "Publishers", "Shop staff")}
    for role, client in others.items():
        client.force_login(a_colleague(role, role.lower().replace(" ", "-")))

    for name, method in product(NAMES, ("get", "post")):
        url = address(name, not_handed_over)
        anonymous = getattr(Client(), method)(url)
        assert anonymous.status_code in (302, 405), name
        assert "/login/" in anonymous.get("Location", "/login/"), name
        for role, client in others.items():
            code = getattr(client, method)(url).status_code
            assert code in (404, 405), (name, method, role)
        assert state_of(not_handed_over) == State.OPEN


def test_its_own_editor_does_not_publish_it(client, editor, handed_over):
    client.force_login(editor)
    digest = {"digest": agreed(handed_over)}

    for name in ("publish", "schedule", "rollback"):
        answer = client.post(address(name, handed_over), digest)

        assert answer.status_code == 404, name
        assert state_of(handed_over) == State.OPEN


def test_a_publisher_does_not_hand_over_for_somebody_else(henrik, handed_over):
    assert henrik.post(address("hand_over", handed_over)).status_code == 404
    assert henrik.post(address("take_back", handed_over)).status_code == 404


def test_a_publisher_may_come_from_inside_a_draft(henrik, handed_over):
    enter(henrik, handed_over)

    answer = henrik.post(
        address("publish", handed_over), {"digest": agreed(handed_over)}
    )

    assert (answer.status_code, state_of(handed_over)) == (303, State.PUBLISHED)


def stage_many_new_pages(workspace, count: int) -> None:
    """As ``stage_new_page`` does, all but the first in one statement."""
    first = stage_new_page(workspace, title="Page 0")
    entries = [copy(first) for _ in range(count - 1)]
    for n, entry in enumerate(entries, start=1):
        entry.pk, entry.uuid = None, uuid4()
        entry.title, entry.draft_slug = f"Page {n}", f"page-{n}"
        named = {"title": entry.title, "slug": entry.draft_slug}
        entry.content = first.content | named
        entry.digest = page_digest(entry.content, entry.kind)
    WorkspacePage.objects.bulk_create(entries)


def test_five_hundred_changes_are_a_page(henrik, handed_over, announcement):
    stage_many_new_pages(handed_over, 498)
    stage_block(handed_over, announcement, line="Half price.")

    answer = henrik.get(address("publish", handed_over))

    assert answer.status_code == 200
    assert "500 changes" in answer.content.decode()
