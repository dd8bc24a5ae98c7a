"""What counts as looked at: the exact content in a response, or its absence there."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from home import showing
from home.blocks.stories import TextBlock
from home.drafts import edit, preview
from home.drafts.items import items
from home.models import DraftWorkspace, LayoutBlock, WorkspacePage
from tests.builders import (
    NOON,
    a_colleague,
    a_layout_block,
    a_product,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import enter, html, whole

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("inside_once", "page_once", "block_once"),
]
DAY = timedelta(days=1)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture(scope="module")
def block_once(module_db):
    return a_layout_block("home", "Block", sort_order=10)


@pytest.fixture
def block(built):
    return built["block"]


def is_seen(change) -> bool:
    manager = type(change)._base_manager
    kept = manager.get(pk=change.pk)
    return kept.seen_digest == kept.digest


def look(client, workspace) -> str:
    """Follow where the only change is said to show."""
    (item,) = items(workspace)
    return whole(client, item.view_url)


def test_a_block_that_fails_is_seen_by_nobody(inside, workspace, block, monkeypatch):
    copy = stage_block(workspace, block, title="Broken")
    monkeypatch.setattr(TextBlock, "render", fail)

    html(inside)

    assert not is_seen(copy)
    monkeypatch.undo()
    edit.change_block(workspace, block, title="Mended", now=NOON)
    html(inside)
    assert is_seen(copy)


def fail(*anything, **more):
    raise ZeroDivisionError


# Blocks that show nothing now


def waiting(workspace, block, now):
    return stage_block(workspace, block, title="Later", go_live_at=now + DAY)


def out_of_stock(workspace, block, now):
    piece = a_product("Sold out", stock=0)
    return stage_block(workspace, block, only_in_stock=True, stock_product=piece)


def standing_by(workspace, block, now):
    a_layout_block("home", "Above", sort_order=0)
    return stage_block(workspace, block, title="Stand-in", is_stand_in=True)


def elsewhere(workspace, block, now):
    root = Site.objects.get().root_page
    other = Site.objects.create(hostname="other.example", root_page=root)
    return stage_block(workspace, block, site=other)


def new_and_waiting(workspace, block, now):
    return stage_new_block(workspace, "home", "Fresh", go_live_at=now + DAY)


HIDDEN = [waiting, out_of_stock, standing_by, elsewhere, new_and_waiting]


@pytest.mark.parametrize("hide", HIDDEN)
def test_a_block_that_did_not_show_is_not_seen_till_it_is_looked_at(
    inside, workspace, block, now, hide
):
    row = hide(workspace, block, now)
    html(inside)
    assert not is_seen(row)

    shown = look(inside, workspace)

    assert f"block-{'new' if row.draft_of_id is None else 'published'}" in shown
    assert is_seen(row)


@pytest.mark.parametrize("hide", HIDDEN)
def test_without_the_question_whether_it_shows_it_would_be_seen(
    inside, workspace, block, now, hide, monkeypatch
):
    """The control: whatever stands in the workspace counts as shown."""
    row = hide(workspace, block, now)
    monkeypatch.setattr(
        preview, "_shown", lambda overlay, here: [row] if overlay.stood else []
    )

    html(inside)

    assert is_seen(row)


def test_whoever_looks_at_what_waits_is_told_that_visitors_do_not_see_it(
    inside, workspace, block, now
):
    waiting(workspace, block, now)
    assert "Shown to be looked at. Not yet: goes live" in look(inside, workspace)
    assert "Shown to be looked at" not in whole(inside)


def test_what_waits_is_seen_as_of_its_hour(client, publisher, now):
    workspace = a_workspace(owner=publisher)
    row = stage_new_block(workspace, "home", "Fresh", go_live_at=now + DAY)
    client.force_login(publisher)
    enter(client, workspace)
    html(client)
    assert not is_seen(row)

    enter(client, workspace, as_of=now + 2 * DAY)
    assert "<p>Fresh</p>" in html(client)

    assert is_seen(row)


# Blocks that are gone


@pytest.mark.parametrize("values", [{"draft_deleted": True}, {"is_active": False}])
def test_what_is_gone_is_seen_where_it_stood(inside, workspace, values):
    block = a_layout_block("catalog", "Above the goods")
    row = stage_block(workspace, block, **values)
    html(inside)
    assert not is_seen(row)

    assert "Above the goods" not in html(inside, "/shop/")

    assert is_seen(row)


def test_what_is_hidden_from_its_day_on_is_not_seen_while_it_shows(
    inside, workspace, block, now
):
    row = stage_block(workspace, block, is_active=False, go_live_at=now + DAY)
    assert "<p>Block</p>" in html(inside)
    assert not is_seen(row)

    assert "<p>Block</p>" not in look(inside, workspace)

    assert is_seen(row)


def test_what_has_moved_is_seen_where_it_has_moved_to(inside, workspace, block):
    row = stage_block(workspace, block, position="catalog")
    html(inside)
    assert not is_seen(row)

    html(inside, "/shop/")

    assert is_seen(row)


@pytest.mark.parametrize("position", ["catalog", "product", "cart", "home"])
def test_every_place_can_be_looked_at(inside, workspace, position):
    a_product()
    row = stage_new_block(workspace, position, "Fresh")

    look(inside, workspace)

    assert is_seen(row)


def test_an_announcement_that_was_put_away_is_seen_when_it_is_asked_for(
    inside, workspace, announcement
):
    row = stage_block(workspace, announcement, title="Renamed", is_stand_in=True)
    key = inside.get("/").context["storefront"].announcement_key
    LayoutBlock.all_objects.filter(pk=row.pk).update(seen_digest="")
    inside.cookies["hidden"] = key
    html(inside)
    assert not is_seen(row)

    look(inside, workspace)

    assert is_seen(row)


# Whose, and when


def test_what_another_workspace_has_scheduled_is_not_seen_through_the_time_machine(
    client, publisher, page, block, now
):
    theirs = a_workspace("Theirs", a_colleague("Editors", "tom"))
    entry = stage_page(theirs, page, text="Five of us.")
    row = stage_block(theirs, block, title="Theirs")
    DraftWorkspace.objects.filter(pk=theirs.pk).update(
        state="scheduled", publish_at=now + DAY
    )
    client.force_login(publisher)
    for own in (None, a_workspace("Own", publisher)):
        enter(client, own, as_of=now + 2 * DAY)
        assert "Five of us." in html(client, "/about-us/")
        html(client)

        assert not is_seen(entry) and not is_seen(row)


def test_what_is_kept_in_a_cache_is_not_taken_for_what_is_seen(
    inside, workspace, block
):
    stage_block(workspace, block, title="First")
    html(inside), html(inside)
    row = stage_block(workspace, block, title="Second")
    # As if saved while the page was on its way: the version has not grown.
    LayoutBlock.all_objects.filter(pk=row.pk).update(title="Third", digest="third")

    html(inside)
    html(inside)

    assert "“Third”" in html(inside) and is_seen(row)


def test_what_was_saved_meanwhile_stays_unseen(inside, workspace, block, monkeypatch):
    row = stage_block(workspace, block, title="First")
    shown = showing.shown

    def and_saved_meanwhile(*args, **kwargs):
        LayoutBlock.all_objects.filter(pk=row.pk).update(digest="another")
        return shown(*args, **kwargs)

    monkeypatch.setattr(showing, "shown", and_saved_meanwhile)
    html(inside)

    assert not is_seen(row)


# Pages


def test_a_page_that_waits_is_seen_when_it_is_looked_at(inside, workspace, page, now):
    later = (now + DAY).isoformat()
    entry = stage_page(workspace, page, text="Five of us.", go_live_at=later)
    assert "Four of us." in html(inside, "/about-us/")
    assert not is_seen(entry)

    shown = look(inside, workspace)
    assert "Five of us." in shown and "Not yet: goes live" in shown

    assert is_seen(entry)


def test_a_new_page_that_waits_is_there_when_it_is_looked_at(inside, workspace, now):
    entry = stage_new_page(workspace, title="Kiln news", go_live_at=now + DAY)
    assert inside.get("/kiln-news/").status_code == 404
    assert not is_seen(entry)

    assert "New words." in look(inside, workspace)

    assert is_seen(entry)


def test_a_page_that_is_over_is_not_seen_by_its_absence(inside, workspace, page, now):
    entry = stage_page(workspace, page, expire_at=(now - DAY).isoformat())

    assert inside.get("/about-us/").status_code == 404

    assert not is_seen(entry)


def test_a_page_taken_off_is_seen_by_its_absence_alone(inside, workspace, page):
    an_info_page("Our kiln", parent=page)
    entry = edit.unpublish_page(workspace, page, now=timezone.now())
    inside.get("/about-us/our-kiln/")
    assert not is_seen(entry)

    assert inside.get("/about-us/").status_code == 404

    assert is_seen(WorkspacePage.objects.get())


def test_an_odd_question_shows_what_is_there(inside, workspace, block):
    stage_block(workspace, block, title="Ours")

    for asked in ("block-0", "x", "block-999999999999999999999", "%00", ""):
        assert "<p>Block</p>" in html(inside, f"/?look={asked}")


@pytest.mark.parametrize("n", [1, 50])
def test_looking_costs_no_more_for_fifty_changes_than_for_one(inside, workspace, n):
    for k in range(n):
        stage_new_block(workspace, "home", f"Fresh {k}", sort_order=k)
    html(inside, "/shop/")

    with CaptureQueriesContext(connection) as captured:
        html(inside)

    assert all(item.is_seen for item in items(workspace))
    assert len(captured) <= 22, n
