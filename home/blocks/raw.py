"""The data of a stream as it lies in the database: what may stand in it, what it
refers to, and when it is shown. No block is converted and nothing is asked for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.rich_text import extract_references_from_rich_text

LARGEST = 2**63 - 1
EMPTY: tuple = (None, "", [], {})
WORDS = (blocks.CharBlock, blocks.TextBlock, blocks.ChoiceBlock)


def moment(value) -> datetime | None:
    """A time as stored, or as typed, in the shop's own zone where it names none."""
    if isinstance(value, str):
        value = parse_datetime(value)
    return make_aware(value) if value and is_naive(value) else value


def is_within(value: dict, now: datetime) -> bool:
    """Whether a block's dates let it be shown: from the first on, until the second."""
    begin, end = moment(value.get("shown_from")), moment(value.get("shown_until"))
    return (begin is None or begin <= now) and (end is None or now < end)


def item_value(item):
    """The value of a list's item, with or without an id round it."""
    is_wrapped = isinstance(item, dict) and item.get("type") == "item" and "id" in item
    return item.get("value") if is_wrapped else item


def fields(block: blocks.Block, value) -> Iterator[tuple[blocks.Block, Any]]:
    """(field block, raw value) of every field beneath a block, however deep."""
    if isinstance(block, blocks.StructBlock):
        for name, child in block.child_blocks.items():
            if name in value:
                yield from fields(child, value[name])
    elif isinstance(block, blocks.ListBlock):
        for item in value:
            yield from fields(block.child_block, item_value(item))
    else:
        yield block, value


def references(block: blocks.Block, value) -> Iterator[tuple[type[Model], int]]:
    """(model, key) of every object that a block refers to, those in rich text too."""
    for field, content in fields(block, value):
        if isinstance(field, blocks.ChooserBlock):
            if content is not None:
                yield field.model_class, content
        elif isinstance(field, blocks.RichTextBlock):
            for model, key, *_ in extract_references_from_rich_text(str(content)):
                if str(key).isdecimal() and int(key) <= LARGEST:
                    yield model, int(key)


def fits(block: blocks.Block, value) -> bool:
    """Whether the block can read this value. What an older version of the shop, a
    script or a hand has written may be of any shape."""
    if isinstance(block, blocks.StructBlock):
        return isinstance(value, dict) and all(
            fits(child, value[name])
            for name, child in block.child_blocks.items()
            if name in value
        )
    if isinstance(block, blocks.ListBlock):
        return isinstance(value, list) and all(
            fits(block.child_block, item_value(item)) for item in value
        )
    if isinstance(block, TypedTableBlock):
        return value is None or _is_table(block, value)
    return _fits_field(block, value)


def _fits_field(block: blocks.Block, value) -> bool:
    if isinstance(block, blocks.ChooserBlock):
        return value is None or (_is_number(value, int) and value > 0)
    if isinstance(block, blocks.BooleanBlock):
        return isinstance(value, bool)
    if isinstance(block, blocks.IntegerBlock):
        return value is None or _is_number(value, int)
    if isinstance(block, blocks.FloatBlock):
        return value is None or _is_number(value, int | float)
    if isinstance(block, blocks.DateTimeBlock):
        return value is None or isinstance(value, datetime) or _is_moment(value)
    return value is None or isinstance(value, str)


def completed(block: blocks.Block, value):
    """The raw value with words, if only empty ones, wherever a template prints words:
    Wagtail gives None for a field that is missing, and stores it so."""
    if isinstance(block, blocks.StructBlock):
        children = block.child_blocks.items()
        known = {n: completed(child, value[n]) for n, child in children if n in value}
        return {n: "" for n, child in children if _is_wordless(child)} | known
    if isinstance(block, blocks.ListBlock):
        return [completed(block.child_block, item_value(item)) for item in value]
    return "" if value is None and isinstance(block, WORDS) else value


def essence(block: blocks.Block, value):
    """What a raw value says, equal before and after Wagtail has converted it once:
    fields that are missing as by default, empty ones left out, items without names,
    moments in one spelling."""
    if isinstance(block, blocks.StructBlock) and isinstance(value, dict):
        said = {
            name: essence(child, value[name] if name in value else _default(child))
            for name, child in block.child_blocks.items()
        }
        return {n: inner for n, inner in said.items() if inner not in EMPTY}
    if isinstance(block, blocks.ListBlock) and isinstance(value, list):
        return [essence(block.child_block, item_value(item)) for item in value]
    if isinstance(block, blocks.DateTimeBlock) and value and _is_moment(value):
        found = moment(value)
        return found.astimezone(UTC).isoformat() if found else value
    return value


def _default(block: blocks.Block):
    return block.get_prep_value(block.get_default())


def _is_wordless(block: blocks.Block) -> bool:
    return isinstance(block, WORDS) and block.get_default() is None


def _is_number(value, kind) -> bool:
    # True and False are whole numbers to Python, and NaN is a float.
    is_one = isinstance(value, kind) and not isinstance(value, bool)
    return is_one and -LARGEST <= value <= LARGEST


def _is_moment(value) -> bool:
    try:
        return parse_datetime(value) is not None
    except (TypeError, ValueError):
        return False


def _is_table(block: TypedTableBlock, value) -> bool:
    try:
        kinds = [block.child_blocks[column["type"]] for column in value["columns"]]
        words = [column["heading"] for column in value["columns"]]
        words.append(value.get("caption", ""))
        rows = [row["values"] for row in value["rows"]]
        are_rows = all(
            len(row) == len(kinds) and all(map(fits, kinds, row)) for row in rows
        )
        return are_rows and all(isinstance(text, str) for text in words)
    except (KeyError, TypeError):
        return False
