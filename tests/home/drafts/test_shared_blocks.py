"""A layout block that a page shows by name, in a draft and at another moment."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from home.blocks import next_change
from home.drafts import edit
from tests.builders import NOON, a_product, stage_block, stage_page
from tests.composing import a_layout_block, a_page, block
from tests.home.drafts.looking import enter, html

pytestmark = pytest.mark.django_db


def content(title: str) -> str:
    return json.dumps([block("banner", title=title)])


@pytest.fixture
def shared():
    # Where no page shows it by itself.
    return a_layout_block(block("banner", title="Seconds"), position="cart")


@pytest.fixture
def page(shared):
    return a_page(block("shared", block=shared.pk))


def test_a_draft_of_a_shared_block_is_seen_inside_only(
    inside, visitor, workspace, shared, page
):
    stage_block(workspace, shared, content=content("Thirds"))

    assert "Thirds" in html(inside, page.url)
    assert "Seconds" not in html(inside, page.url)
    assert "Seconds" in html(visitor, page.url)
    assert "Thirds" not in html(visitor, page.url)


def test_a_draft_takes_a_shared_block_away(inside, visitor, workspace, shared, page):
    edit.change_block(workspace, shared, draft_deleted=True, now=NOON)

    assert "Seconds" not in html(inside, page.url)
    assert "Seconds" in html(visitor, page.url)


def test_a_new_place_for_a_shared_block_is_seen_inside(inside, workspace, shared):
    about = a_page(title="About")
    stage_page(workspace, about, body=json.dumps([block("shared", block=shared.pk)]))

    assert "Seconds" in html(inside, about.url)


def test_a_shared_block_waits_for_its_hour_and_is_seen_by_the_time_machine(
    client, visitor, publisher, shared, page
):
    hour = timezone.now() + timedelta(days=1)
    shared.go_live_at = hour
    shared.save()

    client.force_login(publisher)
    enter(client, None, as_of=hour + timedelta(minutes=1))

    assert "Seconds" in html(client, page.url)
    assert "Seconds" not in html(visitor, page.url)
    assert next_change(page.body, timezone.now()) == hour


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_shared_block_that_needs_stock_hides_with_the_last_piece(
    client, settings, shared, page, is_kept
):
    product = a_product("Bowl")
    shared.only_in_stock, shared.stock_product = True, product
    shared.save()
    settings.STOCK_SOURCE = f"{__name__}.{'everything' if is_kept else 'nothing'}"

    assert ("Seconds" in html(client, page.url)) == is_kept


def everything(ids):
    return ids


def nothing(ids):
    return ()
