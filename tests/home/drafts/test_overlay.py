"""What a workspace's owner sees on the storefront, and nobody else."""

import pytest

from home.drafts import edit
from home.models import HomePage, LayoutBlock
from tests.builders import (
    NOON,
    a_colleague,
    a_layout_block,
    a_workspace,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
)
from tests.home.drafts.looking import enter, html

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("page_once", "inside_once"),
]


def test_a_changed_page_is_seen_inside_only(inside, visitor, workspace, page):
    stage_page(workspace, page, text="Five of us.")

    assert "Five of us." in html(inside, "/about-us/")
    assert "Four of us." in html(visitor, "/about-us/")


def test_a_changed_home_page_is_seen_inside_only(inside, visitor, workspace):
    stage_page(workspace, HomePage.objects.get(), text="Autumn is here.")

    assert "Autumn is here." in html(inside)
    assert "Autumn is here." not in html(visitor)


def test_a_changed_announcement_is_seen_inside_only(
    inside, visitor, workspace, announcement
):
    html(inside), html(visitor)
    stage_block(workspace, announcement, line="Half price.")

    assert "Half price." in html(inside)
    assert "Free delivery" not in html(inside)
    assert "Half price." not in html(visitor)
    assert "Free delivery" in html(visitor)


def test_a_draft_replaces_one_block_and_leaves_the_others(inside, workspace):
    first = a_layout_block("home", "First", sort_order=1)
    a_layout_block("home", "Second", sort_order=2)
    stage_block(workspace, first, title="x", sort_order=1, is_active=False)

    assert "<p>First</p>" not in html(inside)
    assert "<p>Second</p>" in html(inside)


def test_a_block_is_added_hidden_removed_and_moved(inside, visitor, workspace):
    blocks = [a_layout_block("home", f"No. {n}", sort_order=n) for n in range(4)]
    stage_new_block(workspace, "home", "Fresh", sort_order=9)
    stage_block(workspace, blocks[0], draft_deleted=True)
    stage_block(workspace, blocks[1], is_active=False)
    stage_block(workspace, blocks[3], sort_order=1)

    seen = html(inside)
    assert "No. 0" not in seen and "No. 1" not in seen
    assert seen.index("No. 3") < seen.index("No. 2") < seen.index("Fresh")
    live = html(visitor)
    assert all(f"No. {n}" in live for n in range(4)) and "Fresh" not in live


def test_an_order_copies_only_what_has_to_move(workspace):
    blocks = [a_layout_block("home", f"No. {n}", sort_order=10 * n) for n in range(3)]

    edit.reorder_blocks(workspace, [blocks[1], blocks[0], blocks[2]], now=NOON)

    copies = LayoutBlock.all_objects.copies_in(workspace)
    assert {(copy.draft_of_id, copy.sort_order) for copy in copies} == {
        (blocks[0].pk, 15)
    }


def test_a_new_page_answers_inside_and_exists_for_nobody_else(
    inside, visitor, workspace
):
    stage_new_page(workspace, title="Kiln news", text="It is warm.")

    assert "It is warm." in html(inside, "/kiln-news/")
    assert visitor.get("/kiln-news/").status_code == 404
    assert inside.get("/kiln-news/more/").status_code == 404


def test_a_new_page_beneath_a_page_answers_too(inside, workspace, page):
    stage_new_page(workspace, page, title="Kiln news", text="It is warm.")

    assert "It is warm." in html(inside, "/about-us/kiln-news/")


def test_a_changed_slug_leads_on_inside(inside, visitor, workspace, page):
    child = an_info_page("Our kiln", parent=page)
    stage_page(workspace, page, slug="who-we-are")

    assert inside.get("/who-we-are/").status_code == 200
    assert inside.get("/about-us/")["Location"] == "/who-we-are/"
    assert inside.get("/about-us/our-kiln/")["Location"] == "/who-we-are/our-kiln/"
    assert child.title in html(inside, "/who-we-are/our-kiln/")
    assert visitor.get("/who-we-are/").status_code == 404
    assert visitor.get("/about-us/").status_code == 200


def test_a_page_taken_off_is_gone_inside_only(inside, visitor, workspace, page):
    edit.unpublish_page(workspace, page, now=NOON)

    assert inside.get("/about-us/").status_code == 404
    assert visitor.get("/about-us/").status_code == 200


def test_menus_follow_the_workspace(inside, visitor, workspace, page):
    stage_page(workspace, page, menu_placement="footer", title="About the four")
    stage_new_page(workspace, title="Kiln news", menu_placement="header")
    gone = an_info_page("Old page", menu_placement="footer")
    edit.unpublish_page(workspace, gone, now=NOON)

    seen = html(inside)
    assert "About the four" in seen and 'href="/kiln-news/"' in seen
    assert "Old page" not in seen
    assert "Old page" in html(visitor) and "Kiln news" not in html(visitor)


def test_two_editors_do_not_see_each_other(inside, client, workspace, page):
    other = a_colleague("Editors", "tom")
    theirs = a_workspace("Winter", other)
    stage_page(workspace, page, text="Five of us.")
    stage_page(theirs, page, text="Six of us.")

    assert "Five of us." in html(inside, "/about-us/")
    client.force_login(other)
    enter(client, theirs)
    assert "Six of us." in html(client, "/about-us/")


def test_a_foreign_workspace_in_the_session_opens_nothing(client, workspace, page):
    stage_page(workspace, page, text="Five of us.")
    client.force_login(a_colleague("Editors", "tom"))
    enter(client, workspace)

    assert "Five of us." not in html(client, "/about-us/")


def test_a_workspace_outlives_logout_and_password_change(
    client, editor, workspace, page
):
    stage_page(workspace, page, text="Five of us.")
    client.force_login(editor)
    enter(client, workspace)
    client.logout()
    assert "Five of us." not in html(client, "/about-us/")

    editor.set_password("another")
    editor.save()
    client.force_login(editor)
    enter(client, workspace)
    assert "Five of us." in html(client, "/about-us/")


def test_what_is_seen_inside_is_kept_by_no_cache(inside, workspace, page):
    stage_page(workspace, page, text="Five of us.")

    answer = inside.get("/about-us/")

    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert answer["Referrer-Policy"] == "no-referrer"


def test_nothing_is_bought_from_inside(inside, workspace):
    assert inside.post("/cart/add/", {"sku": "X"}).status_code == 409


def test_looking_remembers_the_exact_content(inside, workspace, page, announcement):
    entry = stage_page(workspace, page, text="Five of us.")
    copy = stage_block(workspace, announcement, line="Half price.")
    html(inside, "/about-us/")
    entry.refresh_from_db()
    copy.refresh_from_db()
    assert entry.is_seen and copy.seen_digest == copy.digest

    entry = stage_page(workspace, page, text="Six of us.")
    assert not entry.is_seen


def test_a_page_that_is_gone_is_seen_by_its_absence(inside, workspace, page):
    entry = edit.unpublish_page(workspace, page, now=NOON)
    inside.get("/about-us/")

    entry.refresh_from_db()
    assert entry.is_seen
