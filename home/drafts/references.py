"""What a stream refers to and whether it can be read, from its raw data: no block is
converted and nothing is asked for."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from wagtail import blocks
from wagtail.rich_text import extract_references_from_rich_text

# Blocks of another version of the shop, kept under this name.
UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Reference:
    """``where`` is the label of the block that refers to the object."""

    model: type[Model]
    key: str
    where: str


@dataclass(frozen=True)
class Unknown:
    """A block of a kind that the shop does not have."""

    name: str


@dataclass(frozen=True)
class Malformed:
    """Raw data that is not what the block is made of."""

    where: str


Finding = Reference | Unknown | Malformed


def findings(stream: blocks.StreamBlock, raw, where: str = "") -> Iterator[Finding]:
    """Everything worth knowing about the raw value of a stream, however deep."""
    if not isinstance(raw, list):
        yield Malformed(where)
        return
    for item in raw:
        name = item.get("type") if isinstance(item, dict) else None
        if not isinstance(name, str) or "value" not in item:
            yield Malformed(where)
        elif name == UNREADABLE or name not in stream.child_blocks:
            yield Unknown(name)
        else:
            child = stream.child_blocks[name]
            yield from _of_block(child, item["value"], where or str(child.label))


def _of_block(block: blocks.Block, raw, where: str) -> Iterator[Finding]:
    if isinstance(block, blocks.StreamBlock):
        yield from findings(block, raw, where)
    elif isinstance(block, blocks.StructBlock):
        yield from _of_struct(block, raw, where)
    elif isinstance(block, blocks.ListBlock):
        yield from _of_list(block, raw, where)
    else:
        yield from _of_field(block, raw, where)


def _of_struct(block: blocks.StructBlock, raw, where: str) -> Iterator[Finding]:
    if not isinstance(raw, dict):
        yield Malformed(where)
        return
    for name, child in block.child_blocks.items():
        if name in raw:
            yield from _of_block(child, raw[name], where)


def _of_list(block: blocks.ListBlock, raw, where: str) -> Iterator[Finding]:
    if not isinstance(raw, list):
        yield Malformed(where)
        return
    for item in raw:
        is_wrapped = isinstance(item, dict) and item.get("type") == "item"
        value = item.get("value") if is_wrapped else item
        yield from _of_block(block.child_block, value, where)


def _of_field(block: blocks.Block, raw, where: str) -> Iterator[Finding]:
    if isinstance(block, blocks.ChooserBlock):
        if isinstance(raw, bool | float | list | dict):
            yield Malformed(where)
        elif raw is not None:
            yield Reference(block.model_class, str(raw), where)
    elif isinstance(block, blocks.RichTextBlock) and isinstance(raw, str):
        for model, key, *_ in extract_references_from_rich_text(raw):
            yield Reference(model, str(key), where)
