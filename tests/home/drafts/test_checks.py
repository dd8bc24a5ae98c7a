"""What speaks against publishing a workspace, said all at once, item by item."""

import json
from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Workflow, WorkflowContentType

from home.drafts import checks, edit
from home.models import LayoutBlock, WorkspacePage
from tests.builders import (
    NOON,
    a_picture,
    a_product,
    an_info_page,
    stage_block,
    stage_new_block,
    stage_new_page,
    stage_page,
    stream_of,
)
from tests.home.drafts.releasing import (
    a_plain_block,
    a_plain_page,
    a_shared_draft,
    fresh,
    republish,
    see,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures(
        "page_once", "announcement_once", "publisher_once", "workspace_once"
    ),
]


def found(workspace, by) -> list[tuple[str, str]]:
    """(code, words) of all problems, once everything has been looked at."""
    see(workspace)
    problems = checks.check(workspace, by, timezone.now())
    return [(problem.code, problem.words) for problem in problems]


def codes(workspace, by) -> list[str]:
    return [code for code, _ in found(workspace, by)]


def test_nothing_speaks_against_what_is_in_order(
    workspace, publisher, page, announcement
):
    stage_page(workspace, page, text="Five of us.", slug="who-we-are")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_page(workspace, title="Kiln news")
    stage_new_block(workspace, "home", "Fresh")
    edit.unpublish_page(workspace, an_info_page("Old"), now=NOON)

    assert found(workspace, publisher) == []


def test_an_empty_workspace_is_not_published(workspace, publisher):
    assert codes(workspace, publisher) == ["empty"]


def test_all_problems_are_named_at_once_in_the_order_of_the_items(
    workspace, publisher, editor, page, announcement
):
    stage_page(workspace, page, title="")
    stage_block(workspace, announcement, line="Half price.")
    republish(announcement, publisher, title="Another")
    fresh(announcement).__class__.objects.update(locked=True, locked_by=editor)

    problems = checks.check(workspace, publisher, timezone.now())

    assert [(p.item.title, p.code) for p in problems] == [
        ("", "unseen"),
        ("", "invalid"),
        (announcement.title, "lock"),
        (announcement.title, "conflict"),
        (announcement.title, "unseen"),
    ]


# Who may


def test_who_may_not_publish_is_told_so_for_each_item(
    workspace, editor, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    stage_new_page(workspace, title="Kiln news")

    assert found(workspace, editor) == [
        ("permission", "sofia may not publish workspaces."),
        *[("permission", "sofia may not publish this.")] * 3,
    ]


def test_the_page_trees_permissions_count_page_by_page(workspace, publisher, page):
    from wagtail.models import GroupPagePermission

    other = an_info_page("Other")
    stage_page(workspace, page, text="Five of us.")
    stage_page(workspace, other, text="New.")
    GroupPagePermission.objects.filter(group__user=publisher).update(page=page)

    problems = checks.check(workspace, publisher, NOON)

    assert {p.item.title for p in problems if p.code == "permission"} == {"Other"}


def test_other_rooms_have_a_say_on_positions(workspace, publisher, announcement):
    stage_block(workspace, announcement, position="footer")
    asked = []

    def may(user, position):
        asked.append((user, position))
        return position != "announcement"

    with hooks.register_temporarily(checks.POSITION_HOOK, may):
        assert codes(workspace, publisher) == ["permission"]
    assert {user for user, _ in asked} == {publisher}
    assert codes(workspace, publisher) == []


def test_a_kind_of_page_that_may_not_stand_there_is_refused(workspace, publisher, page):
    entry = stage_new_page(workspace, page, title="Second home")
    kind = ContentType.objects.get_by_natural_key("home", "homepage")
    WorkspacePage.objects.filter(pk=entry.pk).update(content_type=kind)

    assert "permission" in codes(workspace, publisher)


# Who else is at it


def test_a_lock_of_somebody_else_is_named(workspace, publisher, editor, page):
    stage_page(workspace, page, text="Five of us.")
    page.locked, page.locked_by, page.locked_at = True, editor, NOON
    page.save()

    assert found(workspace, publisher) == [("lock", "Locked by sofia.")]
    page.locked_by = publisher
    page.save()
    assert found(workspace, publisher) == []


def test_a_running_workflow_is_not_overtaken(
    workspace, publisher, editor, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    workflow = Workflow.objects.get()
    assert WorkflowContentType.objects.exists()
    for thing in (page, announcement):
        workflow.start(fresh(thing), editor)

    assert codes(workspace, publisher) == ["workflow", "workflow"]


def test_what_wagtail_is_to_publish_at_its_own_time_is_not_overtaken(
    workspace, publisher, page
):
    later = timezone.now() + timedelta(days=1)
    republish(page, publisher, go_live_at=later)
    stage_page(workspace, fresh(page), text="Five of us.", go_live_at=None)

    [(code, words)] = found(workspace, publisher)

    assert code == "lock" and words.startswith("Already scheduled to go live on ")


def test_somebodys_shared_draft_is_announced_but_stops_nothing(
    workspace, publisher, editor, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    for thing in (page, announcement):
        a_shared_draft(thing, editor, title="Sofia's own")
    see(workspace)

    problems = checks.check(workspace, publisher, timezone.now())

    assert {(p.code, p.severity) for p in problems} == {("buried", "warn")}
    assert len(problems) == 2
    assert problems[0].words.startswith("sofia saved a draft of it on ")


def test_a_draft_that_says_what_is_published_is_no_draft(
    workspace, publisher, editor, page
):
    stage_page(workspace, page, title="Taken over")
    a_shared_draft(page, editor, title="Taken over")

    assert found(workspace, publisher) == []


# Conflicts


def test_a_page_or_block_that_was_published_since_is_a_conflict_of_two_names(
    workspace, publisher, page, announcement
):
    henrik = publisher
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    republish(page, henrik, title="Henrik's")
    republish(announcement, henrik, title="Henrik's")

    problems = found(workspace, henrik)

    assert [code for code, _ in problems] == ["conflict", "conflict"]
    for _, words in problems:
        assert words.startswith("Published by henrik on ")
        assert words.endswith(", since sofia began.")


def test_the_same_words_published_by_somebody_else_are_no_conflict(
    workspace, publisher, page
):
    stage_page(workspace, page, title="The five")
    republish(page, publisher, title="The five")

    assert found(workspace, publisher) == []


def test_a_page_or_block_taken_off_since_is_a_conflict(
    workspace, publisher, page, announcement
):
    stage_page(workspace, page, text="Five of us.")
    stage_block(workspace, announcement, line="Half price.")
    fresh(page).unpublish(user=publisher)
    fresh(announcement).unpublish(user=publisher)

    problems = found(workspace, publisher)

    assert [code for code, _ in problems] == ["conflict", "conflict"]
    assert all(w.startswith("Taken off the site by henrik on ") for _, w in problems)


def test_a_page_is_not_taken_off_that_says_something_else_by_now(
    workspace, publisher, page
):
    edit.unpublish_page(workspace, page, now=NOON)
    republish(page, publisher, title="Henrik's")

    assert codes(workspace, publisher) == ["conflict"]


def test_a_deleted_page_is_named_with_who_deleted_it(workspace, publisher, page):
    stage_page(workspace, page, text="Five of us.")
    fresh(page).delete(user=publisher)

    [(code, words)] = found(workspace, publisher)

    assert code == "gone" and words.startswith("The page was deleted by henrik on ")


def test_a_new_page_whose_parent_is_gone(workspace, publisher, page):
    stage_new_page(workspace, page, title="Kiln news")
    fresh(page).delete()

    assert codes(workspace, publisher) == ["gone"]


def test_a_slug_that_somebody_has_taken_is_named_with_its_page(
    workspace, publisher, page
):
    stage_new_page(workspace, title="Kiln news")
    stage_page(workspace, page, slug="the-kiln")
    for title in ("Kiln news", "The kiln"):
        theirs = an_info_page(title)
        type(theirs).objects.filter(pk=theirs.pk).update(owner=publisher)

    assert {words for _, words in found(workspace, publisher)} == {
        "The address “kiln-news” belongs to “Kiln news”, by henrik.",
        "The address “the-kiln” belongs to “The kiln”, by henrik.",
    }


def test_a_slug_that_the_workspace_itself_gives_up_is_free(workspace, publisher, page):
    stage_page(workspace, page, slug="who-we-are")
    stage_new_page(workspace, title="About us", slug="about-us")

    assert found(workspace, publisher) == []


def test_two_pages_of_a_workspace_cannot_have_one_address(workspace, publisher, page):
    stage_page(workspace, page, slug="kiln-news")
    stage_new_page(workspace, title="Kiln news")

    assert codes(workspace, publisher) == ["slug", "slug"]


def test_pages_beneath_one_that_is_taken_off_are_counted(workspace, publisher, page):
    an_info_page("Our kiln", parent=page)
    edit.unpublish_page(workspace, fresh(page), now=NOON)

    assert found(workspace, publisher) == [
        ("beneath", "1 page beneath it stays on the site.")
    ]


# As it should be


def test_what_nobody_has_looked_at_since_its_last_change_is_refused(
    workspace, publisher, page
):
    stage_page(workspace, page, text="Five of us.")
    see(workspace)
    stage_page(workspace, page, text="Six of us.")

    [problem] = checks.check(workspace, publisher, NOON)

    assert problem.code == "unseen"
    assert problem.item.view_url == "/about-us/"


def test_a_reserved_word_is_refused_as_an_address(workspace, publisher, page):
    stage_page(workspace, page, slug="cart")

    assert found(workspace, publisher) == [
        ("invalid", "Slug: “cart” is an address of the shop itself.")
    ]


def test_faults_of_blocks_are_led_to_by_their_labels(workspace, publisher, page):
    shelf = {"heading": "", "rule": "picked", "products": [], "count": 40}
    stage_page(workspace, page, body=stream_of(("product_shelf", shelf)))

    assert found(workspace, publisher) == [
        ("invalid", "Product shelf: Heading: This field is required."),
        (
            "invalid",
            "Product shelf: How many: Ensure this value is less than or equal to 12.",
        ),
        ("invalid", "Product shelf: Products: Pick two to twelve products."),
    ]


def test_a_block_of_the_layout_is_validated_too(workspace, publisher, announcement):
    stage_block(workspace, announcement, line="")

    assert codes(workspace, publisher) == ["invalid"]


def test_a_deleted_picture_or_product_is_missed(workspace, publisher, page):
    picture, product = a_picture(), a_product(price=None)
    other = a_product("Other", price=None)
    shelf = {
        "heading": "Picked",
        "rule": "picked",
        "products": [product.pk, other.pk],
        "count": 4,
    }
    body = stream_of(("product_shelf", shelf))
    stage_page(workspace, page, body=body, social_picture=picture.pk)
    assert found(workspace, publisher) == []
    picture.delete()
    product.delete()

    missing = [
        words for code, words in found(workspace, publisher) if code != "invalid"
    ]

    assert missing == [
        "Product shelf: the product it shows has been deleted.",
        "picture for sharing: the picture it shows has been deleted.",
    ]


def test_a_deleted_page_behind_a_link_in_the_text_is_missed(workspace, publisher, page):
    other = an_info_page("Other")
    link = f'<p><a linktype="page" id="{other.pk}">there</a></p>'
    stage_page(workspace, page, body=stream_of(("text", {"text": link})))
    assert found(workspace, publisher) == []
    fresh(other).delete()

    assert codes(workspace, publisher) == ["reference"]


def store(copy, content: str) -> None:
    """Past the field, as another version of the shop has left it."""
    with connection.cursor() as cursor:
        statement = "UPDATE home_layoutblock SET content = %s WHERE id = %s"
        cursor.execute(statement, [content, copy.pk])


def test_a_block_of_an_unknown_kind_is_named(workspace, publisher, page, announcement):
    old = ("carousel_3d", {"speed": 9})
    stage_page(workspace, page, body=stream_of(old))
    copy = stage_block(workspace, announcement, line="Half price.")
    kept = ("announcement", {"line": "Half price.", "links": [], "glaze": "cobalt"})
    store(copy, stream_of(old, kept))

    words = "It has a block of a kind that is unknown here: carousel_3d."
    assert found(workspace, publisher) == [("unknown_block", words)] * 2


@pytest.mark.parametrize(
    "content",
    [
        [],
        "words",
        {"title": 7, "slug": "x", "body": "[}"},
        {"title": "x", "slug": "x", "body": json.dumps({"type": "text"})},
        {"title": "x", "slug": "x", "body": json.dumps([{"type": "text"}, 7])},
        {"title": "x", "slug": "x", "body": json.dumps([{"type": "text", "value": 7}])},
    ],
)
def test_malformed_content_is_a_clear_word_and_no_crash(
    workspace, publisher, page, content
):
    entry = stage_page(workspace, page, text="Five of us.")
    WorkspacePage.objects.filter(pk=entry.pk).update(content=content)

    assert "malformed" in codes(workspace, publisher)


def test_malformed_content_of_a_block_too(workspace, publisher, announcement):
    copy = stage_block(workspace, announcement, line="Half price.")
    store(copy, stream_of(("announcement", 7)))

    assert "malformed" in codes(workspace, publisher)


def test_a_day_in_the_future_is_told(workspace, publisher, page):
    at = timezone.now() + timedelta(days=2)
    stage_page(workspace, page, text="Five of us.", go_live_at=at.isoformat())

    [(code, words)] = found(workspace, publisher)

    assert code == "waits" and words.startswith("Goes live on ")


def test_an_expiry_that_has_passed_is_refused(workspace, publisher, page):
    at = timezone.now() - timedelta(days=2)
    stage_page(workspace, page, text="Five of us.", expire_at=at.isoformat())

    assert codes(workspace, publisher) == ["invalid"]


# What it costs


def test_checking_asks_no_more_for_fifty_items_than_for_one_but_their_parents(
    workspace, publisher
):
    costs = {}
    for count in (1, 50):
        while workspace.pages.count() < count:
            n = workspace.pages.count()
            stage_page(workspace, a_plain_page(f"Page {n}"), text=f"New {n}")
            stage_block(workspace, a_plain_block(f"B {n}"), title="New")
        see(workspace)
        with CaptureQueriesContext(connection) as asked:
            assert checks.check(workspace, publisher, timezone.now()) == []
        costs[count] = len(asked)

    assert (costs[50] - costs[1]) / 49 <= 3
    assert LayoutBlock.all_objects.copies_in(workspace).count() == 50


def test_who_has_no_account_any_more_may_not(workspace, page):
    stage_page(workspace, page, text="Five of us.")

    assert codes(workspace, None) == ["permission"]


def test_who_has_been_locked_out_may_not(workspace, publisher, page):
    publisher.is_active = False
    publisher.save()
    stage_page(workspace, page, text="Five of us.")

    assert set(codes(workspace, publisher)) == {"permission"}
