"""Category tiles made before tiles had pictures of their own."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db import connection

from tests.builders import a_category, a_product
from tests.composing import a_framed_picture, a_layout_block, a_page, block, main_of

pytestmark = pytest.mark.django_db

STEPS = import_module("home.migrations.0009_tiles_with_pictures").Migration.operations


def migrate() -> None:
    for step in STEPS:
        step.code(apps, connection.schema_editor())
    # A shop that is being migrated has no pages kept.
    cache.clear()


def old_tiles(*categories) -> dict:
    items = [{"type": "item", "value": c.pk, "id": str(c.pk)} for c in categories]
    return block("category_tiles", heading="By the room", categories=items)


def store(page, *blocks: dict) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE home_dynamicpage SET body = %s WHERE page_ptr_id = %s",
            [json.dumps(blocks), page.pk],
        )


def test_a_tile_becomes_a_category_with_room_for_a_picture(client):
    bowls = a_category("Bowls", picture=a_framed_picture())
    a_product(category=bowls)
    page = a_page()
    store(page, old_tiles(bowls, bowls))
    assert "Bowls" not in main_of(client, page)

    migrate()
    migrate()

    html = main_of(client, page)
    assert html.count('class="tile"') == 2 and "1 piece" in html


def test_drafts_and_layout_blocks_are_carried_over_too():
    bowls = a_category("Bowls")
    page, layout = a_page(), a_layout_block(block("banner", title="Seconds"))
    for edited, field in ((page, "body"), (layout, "content")):
        revision = edited.save_revision()
        revision.content[field] = json.dumps([old_tiles(bowls)])
        revision.save()

    migrate()

    for edited, field in ((page, "body"), (layout, "content")):
        edited.refresh_from_db()
        [tiles] = getattr(edited.get_latest_revision_as_object(), field)
        assert [tile["category"] for tile in tiles.value["categories"]] == [bowls]
