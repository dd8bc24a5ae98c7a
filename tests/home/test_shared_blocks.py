"""A layout block within a page."""

import re

import pytest

from home.blocks import LayoutBlocks
from tests.composing import a_layout_block, block, link, shown

pytestmark = pytest.mark.django_db


def test_a_shared_block_shows_what_its_layout_block_holds(client):
    shared = a_layout_block(
        block("banner", title="Seconds"), block("text", text="<p>Words</p>")
    )

    html = shown(client, block("shared", block=shared.pk, anchor="here"))

    assert "Seconds" in html and "Words" in html
    assert re.search(r'<div class="section" id="here">\s*<section class="wrap">', html)


@pytest.mark.parametrize("state", [{"live": False}, {"is_active": False}])
def test_a_shared_block_that_is_not_shown_shows_nothing(client, state):
    shared = a_layout_block(block("banner", title="Seconds"), **state)

    assert "Seconds" not in shown(client, block("shared", block=shared.pk))


def test_a_working_copy_of_a_draft_is_never_shared(client):
    copy = a_layout_block(block("banner", title="Secret"), draft_session_key="a-draft")

    assert "Secret" not in shown(client, block("shared", block=copy.pk))


def test_a_shared_block_holds_no_shared_block():
    assert "shared" not in LayoutBlocks().child_blocks


def test_parts_of_the_menu_do_not_stand_in_the_page(client):
    shared = a_layout_block(
        block("menu_link", **link("Everything")), block("banner", title="Seconds")
    )

    html = shown(client, block("shared", block=shared.pk))

    assert "Seconds" in html and "Everything" not in html


def test_the_same_block_twice_makes_no_id_twice(client, furnished):
    shared = a_layout_block(
        block("hotspots", **furnished["hotspots"]),
        block("flash_sale", **furnished["flash_sale"]),
        block("newsletter", **furnished["newsletter"]),
    )

    html = shown(client, *[block("shared", block=shared.pk)] * 2)

    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) > 6
    assert sorted(set(ids)) == sorted(ids)
