"""Small deeds on layout blocks from the storefront itself, and what it says of them."""

import pytest
from django.urls import reverse

from tests.builders import (
    a_colleague,
    a_layout_block,
    stage_block,
    stage_new_block,
)
from tests.home.drafts.looking import enter, html, whole

pytestmark = pytest.mark.django_db
STAGE = "/drafts/stage/"


@pytest.fixture
def blocks(db):
    return [a_layout_block("home", f"No. {n}", sort_order=10 * n) for n in range(3)]


def do(client, deed, block, kind="published"):
    said = {"deed": f"{deed} {kind}-{block.pk}", "next": "/?x=1"}
    return client.post(STAGE, said)


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
