"""Blocks that this version of the shop cannot read: kept, told of, shown to nobody."""

import json

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.frozen import FrozenAsWagtails
from home.blocks.raw import fits

NAME = "unreadable"


class UnreadableBlock(FrozenAsWagtails, blocks.TextBlock):
    """The raw data of such a block, as text that no editor can type into. A later
    version that knows the block finds it again."""

    WAGTAILS = "wagtail.blocks.TextBlock"

    class Meta:
        icon = "warning"
        label = _("Unreadable block")
        description = _("Was made by another version of the shop. Nobody is shown it.")

    @cached_property
    def field(self):
        field = super().field
        field.widget.attrs["readonly"] = True
        field.help_text = _(
            "This version of the shop cannot read this block, so shoppers do not see"
            " it. It is kept as it is. Delete it once you have replaced it."
        )
        return field

    def render(self, value, context=None):
        return ""

    def get_searchable_content(self, value):
        return []

    def get_api_representation(self, value, context=None):
        return None


def readable(stream_block: blocks.StreamBlock, stored) -> list[dict]:
    """A stream's raw data with everything unreadable in a wrapping of its own, and
    what had been wrapped and can be read now unwrapped."""
    items = stored if isinstance(stored, list) else [stored]
    return [_readable(stream_block, item) for item in items]


def _readable(stream_block: blocks.StreamBlock, item) -> dict:
    original = _unwrapped(item)
    if _is_known(stream_block, original):
        return original
    wrapped = {"type": NAME, "value": json.dumps(original, ensure_ascii=False)}
    block_id = original.get("id") if isinstance(original, dict) else None
    return wrapped | ({"id": block_id} if isinstance(block_id, str) else {})


def _unwrapped(item):
    if not isinstance(item, dict) or item.get("type") != NAME:
        return item
    try:
        return json.loads(item["value"])
    except (KeyError, TypeError, ValueError):
        return item.get("value")


def _is_known(stream_block: blocks.StreamBlock, item) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return False
    block = stream_block.child_blocks.get(item["type"])
    is_named = isinstance(item.get("id"), str | None)
    return block is not None and is_named and fits(block, item.get("value"))
