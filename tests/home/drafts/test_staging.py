"""Small deeds on layout blocks from the storefront itself, and what it says of them."""

import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from wagtail.models import Locale, Site

from home.models import DraftWorkspace
from tests.builders import (
    NOON,
    a_colleague,
    a_layout_block,
    stage_block,
    stage_new_block,
)
from tests.home.drafts.looking import enter, html, whole

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("inside_once", "blocks_once"),
]
STAGE = "/drafts/stage/"


@pytest.fixture(scope="module")
def blocks_once(module_db):
    return [a_layout_block("home", f"No. {n}", sort_order=10 * n) for n in range(3)]


@pytest.fixture
def blocks(built):
    return built["blocks"]


def do(client, deed, block, kind="published"):
    """A press on the page as it is now."""
    workspace = DraftWorkspace.objects.order_by("pk").first()
    version = workspace.version if workspace else 0
    said = {"deed": f"{deed} {kind}-{block.pk}", "next": "/?x=1", "version": version}
    return client.post(STAGE, said)


def version_of(workspace) -> int:
    workspace.refresh_from_db()
    return workspace.version


def lock(block, by) -> None:
    type(block).objects.filter(pk=block.pk).update(locked=True, locked_by=by)


def order(client) -> list[int]:
    page = html(client)
    at = {n: page.find(f"<p>No. {n}</p>") for n in range(3)}
    return [n for n in sorted(at, key=at.get) if at[n] >= 0]


def test_a_block_changes_places_with_its_neighbour(inside, visitor, workspace, blocks):
    answer = do(inside, "up", blocks[2])

    assert answer["Location"] == f"/?x=1#block-published-{blocks[2].pk}"
    assert order(inside) == [0, 2, 1]
    do(inside, "down", blocks[0])
    assert order(inside) == [2, 0, 1]
    assert order(visitor) == [0, 1, 2]


def test_at_the_end_nothing_moves(inside, workspace, blocks):
    do(inside, "up", blocks[0])
    do(inside, "down", blocks[2])

    assert order(inside) == [0, 1, 2]
    workspace.refresh_from_db()
    assert workspace.version == 0


def test_a_block_is_hidden_shown_again_and_removed(inside, visitor, workspace, blocks):
    do(inside, "hide", blocks[1])
    assert order(inside) == [0, 2]
    assert "switched off" in whole(inside)

    do(inside, "show", blocks[1])
    assert order(inside) == [0, 1, 2]

    do(inside, "remove", blocks[1])
    assert order(inside) == [0, 2]
    assert order(visitor) == [0, 1, 2]


def test_a_new_block_is_removed_for_good(inside, workspace):
    row = stage_new_block(workspace, "home", "Fresh")

    do(inside, "remove", row, kind="new")

    assert "Fresh" not in whole(inside)
    assert not type(row).all_objects.filter(pk=row.pk).exists()


def test_each_block_says_why_it_is_there_to_its_owner_alone(
    inside, client, publisher, workspace, blocks
):
    stage_block(workspace, blocks[0], title="Ours")
    stage_new_block(workspace, "home", "Fresh", sort_order=99)

    page = html(inside)
    assert "“Ours” is your draft of a published block." in page
    assert "“No. 1” is published" in page
    assert "“Fresh” exists in your draft only." in page

    type(workspace).objects.update(handed_over_at=workspace.created_at)
    client.force_login(publisher)
    enter(client, workspace)
    assert "Why am I seeing this?" not in html(client)
    assert "<p>Fresh</p>" in html(client)


@pytest.mark.parametrize("deed", ["", "up", "up x", "burn published-1", "up new-1"])
def test_strange_deeds_are_not_there(inside, workspace, blocks, deed):
    assert inside.post(STAGE, {"deed": deed}).status_code == 404


def test_nobody_stages_without_a_workspace_of_their_own(
    client, publisher, workspace, blocks
):
    client.force_login(publisher)
    assert do(client, "hide", blocks[0]).status_code == 404

    type(workspace).objects.update(handed_over_at=workspace.created_at)
    enter(client, workspace)
    assert do(client, "hide", blocks[0]).status_code == 404


def test_a_position_that_is_not_ones_own_is_not_there(inside, workspace):
    menu = a_layout_block("header", "Menu")

    assert do(inside, "hide", menu).status_code == 404


def test_another_site_stages_nothing(inside, workspace, blocks):
    answer = inside.post(
        STAGE,
        {"deed": f"hide published-{blocks[0].pk}"},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 403
    assert order(inside) == [0, 1, 2]


def test_staff_without_drafts_are_turned_away(client, blocks):
    client.force_login(a_colleague("Shop staff", "tomas"))

    assert do(client, "hide", blocks[0]).status_code == 404
    assert client.get(reverse("home:drafts:list")).status_code == 404


# Twice, and meanwhile


def test_a_second_press_changes_nothing(inside, workspace, blocks):
    for deed in ("hide", "show", "remove"):
        do(inside, deed, blocks[1])
        version = version_of(workspace)
        assert do(inside, deed, blocks[1]).status_code == 303
        assert version_of(workspace) == version


def test_a_move_that_is_pressed_twice_is_one_move_and_said_so(
    inside, workspace, blocks
):
    pressed = {"deed": f"up published-{blocks[2].pk}", "next": "/", "version": "0"}
    assert inside.post(STAGE, pressed).status_code == 303

    again = inside.post(STAGE, pressed)

    assert again.status_code == 409
    assert "has changed since the page was opened" in again.content.decode()
    assert order(inside) == [0, 2, 1]


def test_without_the_version_it_would_move_twice(inside, workspace, blocks):
    """The control: each press says the version that it finds."""
    do(inside, "up", blocks[2]), do(inside, "up", blocks[2])

    assert order(inside) == [2, 0, 1]


def test_the_page_says_which_version_it_shows(inside, workspace, blocks):
    do(inside, "hide", blocks[0])

    assert f'name="version" value="{version_of(workspace)}"' in whole(inside)


def test_a_new_block_that_is_removed_twice_is_gone(inside, workspace):
    row = stage_new_block(workspace, "home", "Fresh")

    for _again in range(2):
        assert do(inside, "remove", row, kind="new").status_code == 303


@pytest.mark.parametrize("state", ["scheduled", "published", "discarded"])
def test_a_closed_workspace_is_told_in_words(inside, workspace, blocks, state):
    type(workspace).objects.filter(pk=workspace.pk).update(state=state, publish_at=NOON)

    answer = do(inside, "hide", blocks[0])

    assert answer.status_code == 409
    said = answer.content.decode()
    assert "published, scheduled or thrown away" in said and 'href="/?x=1"' in said
    assert answer["Cache-Control"] == "private, no-store"


# What stands there


def test_what_is_hidden_over_or_of_another_site_takes_no_step(
    inside, workspace, blocks
):
    root = Site.objects.get().root_page
    other = Site.objects.create(hostname="other.example", root_page=root)
    a_layout_block("home", "Elsewhere", sort_order=11, site=other)
    a_layout_block("home", "Off", sort_order=12, is_active=False)
    over = a_layout_block("home", "Over", sort_order=13)
    type(over).objects.filter(pk=over.pk).update(expire_at=NOON)
    foreign = Locale.objects.create(language_code="fr")
    a_layout_block("home", "Ailleurs", sort_order=14, locale=foreign)

    do(inside, "up", blocks[2])
    assert order(inside) == [0, 2, 1]

    do(inside, "down", blocks[2])
    assert order(inside) == [0, 1, 2]


def test_what_is_not_here_is_not_moved_from_here(inside, workspace, blocks):
    root = Site.objects.get().root_page
    other = Site.objects.create(hostname="other.example", root_page=root)
    theirs = a_layout_block("home", "Elsewhere", sort_order=11, site=other)

    assert do(inside, "up", theirs).status_code == 404


# Who may


def test_buttons_are_there_for_those_who_may_press_them(
    inside, editor, workspace, blocks
):
    button = f'value="up published-{blocks[0].pk}"'
    assert button in html(inside)

    for group in editor.groups.all():
        held = group.permissions.filter(codename="change_position_home")
        group.permissions.remove(*held)

    page = html(inside)
    assert button not in page and "“No. 0” is published" in page
    assert do(inside, "hide", blocks[0]).status_code == 404


def test_a_hidden_block_is_shown_again_by_those_who_may(inside, workspace):
    a_layout_block("home", "Off", is_active=False)
    a_layout_block("header", "Menu", is_active=False)

    bar = whole(inside)

    assert bar.count('name="deed" value="show') == 1


def test_somebodys_lock_is_asked(inside, workspace, publisher, blocks):
    lock(blocks[1], publisher)

    for deed in ("hide", "remove", "up"):
        answer = do(inside, deed, blocks[1])
        assert answer.status_code == 409
        assert "“No. 1” is locked by henrik." in answer.content.decode()
    assert order(inside) == [0, 1, 2]


def test_ones_own_lock_is_not_in_the_way(inside, workspace, editor, blocks):
    lock(blocks[1], editor)

    assert do(inside, "hide", blocks[1]).status_code == 303


def test_a_block_is_brought_back_from_the_bar(inside, workspace, blocks):
    do(inside, "remove", blocks[1])
    (key,) = re.findall(r'form="draft-forget" name="item" value="(.*?)"', whole(inside))

    forget = reverse("home:drafts:forget", args=[workspace.uuid])
    answer = inside.post(forget, {"item": key, "next": "/?x=1"})

    assert answer["Location"] == "/?x=1"
    assert order(inside) == [0, 1, 2]


def test_the_marker_tells_the_owner_and_the_days_by_the_shops_clock(
    inside, workspace, settings
):
    settings.TIME_ZONE = "America/New_York"
    day = datetime(2020, 1, 5, 12, tzinfo=UTC), datetime(2099, 7, 1, 12, tzinfo=UTC)
    stage_new_block(workspace, title="Fresh", go_live_at=day[0], expire_at=day[1])

    page = html(inside)

    assert "Owner: sofia." in page
    assert "Shown from 5 Jan 2020, 07:00 (EST)." in page
    assert "Shown until 1 Jul 2099, 08:00 (EDT)." in page
