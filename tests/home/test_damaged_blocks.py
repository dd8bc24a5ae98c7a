"""Streams that an older shop, a script or a hand has written: shoppers see the rest of
the page, editors are told, and nothing is lost."""

import json

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data

from home.blocks.faults import faults
from home.models import DynamicPage
from home.roles import Role
from shop.models import Product
from tests.builders import a_colleague
from tests.composing import a_layout_block, a_page, block, link, main_of, shown

pytestmark = pytest.mark.django_db

GOOD = block("banner", title="Still here")
DAMAGED_ITEMS = {
    "an unknown kind": block("carousel", slides=[1, 2]),
    "no kind": {"value": {"title": "Lost"}},
    "a kind that is a number": {"type": 7, "value": {"title": "Lost"}},
    "no value": {"type": "banner"},
    "words for a block": {"type": "banner", "value": "Lost"},
    "a list for a block": {"type": "banner", "value": []},
    "a number for words": block("banner", title=5),
    "words for a list": block("product_shelf", heading="Lost", products="1,2"),
    "words for a key": block("image", picture="sunset"),
    "a key below one": block("image", picture=-1),
    "a key too large": block("image", picture=10**30),
    "yes for a key": block("image", picture=True),
    "words for a date": block("banner", title="Lost", shown_from="soon"),
    "a day that is none": block("banner", title="Lost", shown_from="2026-02-31T10:00"),
    "no number": block(
        "hotspots", heading="Lost", points=[{"x": float("nan"), "y": 1}]
    ),
    "a table without columns": block("table", table={"rows": []}),
    "a table of unknown cells": block(
        "table", table={"columns": [{"type": "sums", "heading": "A"}], "rows": []}
    ),
    "a table with a short row": block(
        "table",
        table={
            "columns": [{"type": "words", "heading": "A"}],
            "rows": [{"values": []}],
            "caption": "Lost",
        },
    ),
    "an id that is a list": GOOD | {"id": [1]},
    "a word": "carousel",
    "nothing": None,
    "a list": [GOOD],
}
DAMAGED_STREAMS = ["Plain words", '{"type": "banner"}', "7", '"words"', "[[1]]", "true"]


def test_a_damaged_block_is_skipped_and_the_rest_is_shown(client):
    rest = block("banner", title="Behind them all")

    html = shown(client, *DAMAGED_ITEMS.values(), rest)

    assert "Behind them all" in html
    assert "Lost" not in html and "carousel" not in html


@pytest.mark.parametrize("stored", DAMAGED_STREAMS)
def test_a_damaged_stream_is_an_empty_page(client, stored):
    page = a_page(GOOD)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE home_dynamicpage SET body = to_jsonb(%s::text)"
            " WHERE page_ptr_id = %s",
            [stored, page.pk],
        )

    html = main_of(client, page)
    assert "<h1>A page</h1>" in html and "words" not in html


def test_what_cannot_be_read_is_kept_through_a_save():
    page = a_page(GOOD, *DAMAGED_ITEMS.values())

    page = DynamicPage.objects.get(pk=page.pk)
    page.title = "Another title"
    page.save()
    page.save_revision().publish()

    _, *kept = DynamicPage.objects.get(pk=page.pk).body.get_prep_value()
    for (what, item), one in zip(DAMAGED_ITEMS.items(), kept, strict=True):
        assert one["type"] == "unreadable", what
        assert json.dumps(json.loads(one["value"])) == json.dumps(item)


def test_a_figure_that_is_none_does_not_reach_the_page():
    """A revision is text, and may hold what no column would take."""
    revision = '[{"type": "hotspots", "value": {"points": [{"x": NaN, "y": 1e999}]}}]'

    [kept] = DynamicPage(body=revision).body.get_prep_value()

    assert kept["type"] == "unreadable"


def test_a_block_that_lacks_everything_can_be_looked_at_and_saved(client):
    kinds = list(DynamicPage._meta.get_field("body").stream_block.child_blocks)
    empty = [{"type": k, "value": "" if k == "unreadable" else {}} for k in kinds]
    page = a_page(*empty, GOOD)
    [child.value for child in page.body]
    page.save()

    page = DynamicPage.objects.get(pk=page.pk)
    kept = [item["type"] for item in page.body.get_prep_value()]
    assert kept == [*kinds, "banner"]
    html = main_of(client, page)
    assert "Still here" in html and "None" not in html


def test_what_can_be_read_again_is_shown_again(client):
    """A shop that was set back a version, and forward again."""
    wrapped = {"type": "unreadable", "value": json.dumps(GOOD)}

    assert "Still here" in shown(client, wrapped)


def test_a_damaged_menu_leaves_the_rest_of_the_page(client):
    a_layout_block(
        block("carousel"), block("menu_link", **link("Everything")), position="header"
    )

    assert "Everything" in client.get("/").content.decode()


# Editors


@pytest.fixture
def editor(client):
    backend = "allauth.account.auth_backends.AuthenticationBackend"
    client.force_login(a_colleague(Role.EDITORS), backend=backend)
    return client


def edit_page(page) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def told(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def test_an_editor_is_told_what_shoppers_do_not_see(editor, furnished):
    page = a_page(
        block("hero_trio", **furnished["hero_trio"]),
        GOOD,
        DAMAGED_ITEMS["an unknown kind"],
    )
    Product.objects.all().delete()

    answer = editor.get(edit_page(page))

    assert answer.status_code == 200
    assert "Block 1, Hero, trio: a product is gone or not published." in told(answer)
    assert "Block 3, Unreadable block: this version" in told(answer)
    assert "Block 2" not in told(answer)


def test_an_editor_of_a_layout_block_is_told_too(editor):
    layout = a_layout_block(block("image", picture=4711))
    edit = reverse("wagtailsnippets_home_layoutblock:edit", args=[layout.pk])

    assert "Block 1, Picture: a picture is gone." in told(editor.get(edit))


def test_an_editor_of_a_whole_page_is_told_nothing(editor, furnished):
    page = a_page(*(block(kind, **value) for kind, value in furnished.items()))

    assert told(editor.get(edit_page(page))) == ""


def test_a_block_that_waits_for_its_date_is_looked_at_too(furnished):
    later = block("image", picture=4711, shown_from="2999-01-01T00:00")

    assert len(faults(a_page(later).body)) == 1


def test_an_editor_saves_a_page_and_keeps_what_cannot_be_read(editor):
    page = a_page(DAMAGED_ITEMS["an unknown kind"] | {"id": "the-old-one"})
    [kept] = page.body.get_prep_value()
    form = {
        "title": "Another title",
        "slug": page.slug,
        "introduction": "",
        "menu_placement": "",
        "canonical_url": "",
        "seo_title": "",
        "search_description": "",
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MAX_NUM_FORMS": ""},
        "body": {
            "count": 1,
            "0": {
                "type": kept["type"],
                "value": kept["value"],
                "id": kept["id"],
                "order": 0,
                "deleted": "",
            },
        },
    }

    answer = editor.post(edit_page(page), nested_form_data(form))

    assert answer.status_code == 302
    page.refresh_from_db()
    draft = page.get_latest_revision_as_object()
    assert draft.title == "Another title"
    assert draft.body.get_prep_value() == [kept]


def test_nobody_can_add_an_unreadable_block(editor):
    script = "home/admin/streams"

    assert script in editor.get(edit_page(a_page(GOOD))).content.decode()
