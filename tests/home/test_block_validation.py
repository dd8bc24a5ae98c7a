"""What an editor is told before a block can be published."""

import json

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks.base import get_error_json_data

from home.blocks.videos import recognise
from home.models import DynamicPage
from tests.builders import a_category, a_picture, a_product
from tests.composing import VIDEO, a_layout_block, block, link

pytestmark = pytest.mark.django_db

BANNER = {"title": "Seconds"}
STREAM = DynamicPage._meta.get_field("body").stream_block


def complaints(*blocks: dict, is_draft=False) -> str:
    """Everything that is said about these blocks, as one text; empty if all is well."""
    stream = STREAM.to_python(list(blocks))
    try:
        STREAM.clean_deferred(stream) if is_draft else STREAM.clean(stream)
    except ValidationError as refusal:
        return json.dumps(get_error_json_data(refusal), ensure_ascii=False, default=str)
    return ""


def test_a_good_block_passes():
    assert complaints(block("banner", **BANNER, anchor="care-guide")) == ""


@pytest.mark.parametrize("name", ["Care", "1-care", "care guide", "-care", "pflege-ü"])
def test_an_anchor_is_a_plain_name(name):
    said = complaints(block("banner", **BANNER, anchor=name))

    assert "Use small letters, digits and hyphens" in said


def test_an_anchor_is_not_one_of_the_page():
    assert "choose another" in complaints(block("banner", **BANNER, anchor="main"))


def test_an_anchor_stands_once_on_a_page():
    twice = block("banner", **BANNER, anchor="care")

    assert complaints(twice, twice).count("Another block has this anchor") == 2


def test_a_block_ends_after_it_begins():
    dates = {"shown_from": "2026-11-02T10:00", "shown_until": "2026-11-02T10:00"}

    assert "after “Show from”" in complaints(block("banner", **BANNER, **dates))


@pytest.mark.parametrize(
    ("kind", "value", "words"),
    [
        ("hero_trio", {"products": [None]}, "At least 3 are needed: add 2."),
        ("quotes", {"quotes": []}, "At least 2 are needed: add 2."),
        ("faq", {"questions": [{}] * 11}, "At most 10 fit: take 1 away."),
        ("product_shelf", {"rule": "picked"}, "Pick two to twelve products."),
        ("product_shelf", {"rule": "category"}, "Choose a category."),
        ("faq", {"opened": 3}, "There are fewer questions"),
        ("promo_code", {"code": "10 %"}, "Use 3 to 20 letters and digits"),
        ("promo_code", {"code": "AB"}, "Use 3 to 20 letters and digits"),
        ("promo_code", {"code": "-ABC"}, "Use 3 to 20 letters and digits"),
        ("video", {"address": "https://example.org/film"}, "Paste the address of one"),
        ("flash_sale", {"ends_at": "2999-01-01T00:00"}, "Choose a time within a year"),
        ("table", {"table": None}, "Add a column, and then a row."),
        (
            "banner",
            {"links": [link("Go", "example.org")]},
            "Begin with / for this shop",
        ),
        ("banner", {"links": [link("Go", "javascript:x")]}, "Begin with / for this"),
        ("banner", {"links": [link("Go", "//example.org")]}, "Begin with / for this"),
        ("banner", {"links": [link("Go", "")]}, "Choose one target"),
        ("hotspots", {"points": [{"x": 101, "y": 5}] * 2}, "less than or equal to 100"),
        ("hero_words", {"title": "x" * 41}, "at most 40 characters"),
    ],
)
def test_a_complaint_says_what_to_do(kind, value, words):
    whole = {"title": "T", "heading": "H", "code": "ABC", "links": []}
    fitting = {name: v for name, v in whole.items() if name in child(kind).child_blocks}

    assert words in complaints(block(kind, **fitting | value))


def child(kind):
    return STREAM.child_blocks[kind]


def test_all_that_is_wrong_is_said_at_once():
    said = complaints(block("video", title="", address="example.org", anchor="Ü"))

    for words in ("required", "Paste the address", "Use small letters"):
        assert words in said


def test_what_is_merely_missing_may_wait_in_a_draft():
    unfinished = [
        block("hero_trio", title="", products=[]),
        block("product_shelf", heading="", rule="picked"),
        block("table"),
        block("quotes", heading="", quotes=[]),
        block("banner", title="", links=[link("", "")]),
    ]

    assert complaints(*unfinished, is_draft=True) == ""


def test_what_is_wrong_is_wrong_in_a_draft_too():
    assert complaints(block("promo_code", code="10 %"), is_draft=True)


def test_a_code_is_kept_as_shoppers_type_it():
    value = child("promo_code").to_python({"code": " glaze10 ", "title": "Ten"})

    assert child("promo_code").clean(value)["code"] == "GLAZE10"


def test_a_table_is_named_and_so_are_its_columns():
    cells = {
        "caption": "",
        "columns": [{"type": "words", "heading": ""}],
        "rows": [{"values": ["a"]}],
    }
    assert "Write a caption" in complaints(block("table", table=cells))
    cells["caption"] = "Sizes"
    assert "Give every column a heading" in complaints(block("table", table=cells))
    cells["columns"][0]["heading"] = "Size"
    assert complaints(block("table", table=cells)) == ""


def test_a_table_has_an_end():
    cells = {
        "caption": "Sizes",
        "columns": [{"type": "words", "heading": "Size"}],
        "rows": [{"values": ["a"]}] * 61,
    }

    assert "split the table" in complaints(block("table", table=cells))


def test_a_part_of_the_menu_is_not_shared():
    menu = a_layout_block(block("menu_link", **link("Everything")), position="header")
    said = complaints(block("shared", block=menu.pk))

    assert "It belongs to the menu or the footer" in said


def test_a_link_has_one_target():
    both = link("Go", category=a_category().pk) | {"address": "/shop/"}

    assert "Choose one target" in complaints(block("banner", **BANNER, links=[both]))


def test_a_flash_sale_ends_after_it_begins():
    sale = {
        "product": a_product().pk,
        "shown_from": "2026-11-02T10:00",
        "ends_at": "2026-11-01T10:00",
    }

    assert "after “Show from”" in complaints(block("flash_sale", **sale))


# Videos


@pytest.mark.parametrize(
    ("address", "player"),
    [
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=10", "dQw4w9WgXcQ"),
        ("http://m.youtube.com/watch?v=dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("https://youtu.be/dQw4w9WgXcQ?si=x", "dQw4w9WgXcQ"),
        ("https://www.youtube.com/shorts/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        ("https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ", "dQw4w9WgXcQ"),
        (VIDEO, "76979871"),
        ("https://player.vimeo.com/video/76979871", "76979871"),
        (
            "https://vimeo.com/76979871/8272103f6e",
            "76979871?autoplay=1&dnt=1&h=82",
        ),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", "&h=8272103f6e"),
    ],
)
def test_a_video_is_known_by_its_address(address, player):
    video = recognise(address)

    assert player in video.player
    assert video.player.startswith(
        ("https://www.youtube-nocookie.com/embed/", "https://player.vimeo.com/video/")
    )


@pytest.mark.parametrize(
    "address",
    [
        "",
        "dQw4w9WgXcQ",
        "https://www.youtube.com/",
        "https://www.youtube.com/watch?v=short",
        "https://www.youtube.com/watch?v=dQw4w9WgXcQ%22%3E",
        "https://www.youtube.com/playlist?list=PL0123456789",
        "https://youtube.com.example.org/watch?v=dQw4w9WgXcQ",
        "https://example.org/?https://youtu.be/dQw4w9WgXcQ",
        "https://vimeo.com/channels/staffpicks",
        "https://vimeo.com/٧٦٩٧٩٨٧١",
        "javascript:https://youtu.be/dQw4w9WgXcQ",
        "ftp://youtu.be/dQw4w9WgXcQ",
        "https://[youtu.be/dQw4w9WgXcQ",
    ],
)
def test_any_other_address_is_none(address):
    assert recognise(address) is None


def test_a_picture_is_wanted_where_a_block_needs_one():
    said = complaints(block("image", picture=None))
    assert "required" in said
    assert complaints(block("image", picture=a_picture(size=(8, 8)).pk)) == ""
