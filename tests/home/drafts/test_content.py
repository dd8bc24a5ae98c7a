"""What counts as a change: words, not the way in which they happen to be stored."""

import json

import pytest

from home.drafts.content import digest_of

BARE = {"type": "text", "value": {"text": "<p>Words.</p>"}}
SAVED = {
    "type": "text",
    "value": {
        "text": "<p>Words.</p>",
        "shown_from": None,
        "shown_until": None,
        "anchor": "",
    },
    "id": "a-name",
}


def digest(*blocks: dict) -> str:
    return digest_of({"body": json.dumps(blocks)})


def of_text(**more) -> dict:
    return BARE | {"value": BARE["value"] | more}


def test_blocks_of_an_importer_say_the_same_once_an_editor_has_saved_them():
    assert digest(BARE) == digest(SAVED)


def test_a_field_that_is_missing_is_as_by_default():
    bare = {"type": "banner", "value": {"title": "Seconds"}}
    glazed = {"type": "banner", "value": {"title": "Seconds", "glaze": "celadon"}}

    assert digest(bare) != digest(glazed)


@pytest.mark.parametrize(
    "spelling", ["2026-11-24T10:00:00+00:00", "2026-11-24T11:00:00+01:00"]
)
def test_a_moment_is_the_same_however_it_is_spelled(spelling):
    stored = of_text(shown_from="2026-11-24T10:00:00Z")

    assert digest(of_text(shown_from=spelling)) == digest(stored)
    assert digest(stored) != digest(BARE)


def test_items_of_a_list_say_the_same_with_and_without_names():
    item = {"question": "Oven?", "answer": "<p>Yes.</p>"}
    named = {"type": "item", "value": item, "id": "a-name"}

    def faq(one) -> dict:
        return {"type": "faq", "value": {"heading": "Care", "questions": [one]}}

    assert digest(faq(item)) == digest(faq(named))
    assert digest(faq(item)) != digest(faq({**item, "question": "Oven!"}))


def test_other_words_another_order_and_another_kind_are_changes():
    other = of_text(text="<p>Others.</p>")

    assert len({digest(BARE), digest(other), digest(BARE, other), digest()}) == 4
    assert digest(BARE, other) != digest(other, BARE)
