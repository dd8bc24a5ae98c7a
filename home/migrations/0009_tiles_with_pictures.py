"""A category tile may have a picture of its own: it was a category, and becomes a
category and a picture. In revisions, too."""

from django.db import migrations
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import BaseBlockOperation


class TileOperation(BaseBlockOperation):
    """[5, 7] becomes [{"category": 5}, {"category": 7}]; what is one already stays."""

    operation_name_fragment = "tiles"

    def apply(self, block_value):
        return [_tile(item) for item in block_value]


def _tile(item):
    is_wrapped = isinstance(item, dict) and "value" in item and "category" not in item
    value = item["value"] if is_wrapped else item
    if isinstance(value, dict):
        return item
    tile = {"category": value, "picture": None}
    return {**item, "value": tile} if is_wrapped else tile


STREAMS = [("HomePage", "body"), ("DynamicPage", "body"), ("LayoutBlock", "content")]


class Migration(migrations.Migration):
    dependencies = [("home", "0008_block_library")]

    operations = [
        MigrateStreamData(
            app_name="home",
            model_name=model,
            field_name=field,
            operations_and_block_paths=[(TileOperation(), "category_tiles.categories")],
        )
        for model, field in STREAMS
    ]
