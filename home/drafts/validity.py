"""Whether an object could be published as it is, said in an editor's words."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.fields import StreamField
from wagtail.models import Page

from home.drafts.content import BLOCK_STATE, PAGE_STATE
from home.models import LayoutBlock

# Of a page in general; a draft has neither yet.
NOT_CONTENT = PAGE_STATE | {"id", "page_ptr"}


def complaints(thing: Page | LayoutBlock) -> Iterator[str]:
    """What is wrong with a page's or block's fields and with the blocks in them.

    Wagtail itself publishes a stream unlooked at. Whether a slug is free is not asked
    here: it depends on what else is published with it.
    """
    try:
        _clean(thing)
    except ValidationError as error:
        yield from _of_fields(thing, error)
    for field in thing._meta.fields:
        if isinstance(field, StreamField):
            yield from _of_stream(field, getattr(thing, field.name))


def _clean(thing: Page | LayoutBlock) -> None:
    if not isinstance(thing, Page):
        thing.full_clean(exclude=BLOCK_STATE, validate_constraints=False)
        return
    vars(thing)["_slug_is_available"] = lambda *args: True
    try:
        thing.full_clean(exclude=NOT_CONTENT, validate_constraints=False)
    finally:
        del vars(thing)["_slug_is_available"]


def _of_fields(thing, error: ValidationError) -> Iterator[str]:
    for name, messages in error.message_dict.items():
        label = "" if name == "__all__" else _label(thing, name)
        for message in messages:
            yield f"{label}: {message}" if label else message


def _label(thing, name: str) -> str:
    return capfirst(str(thing._meta.get_field(name).verbose_name))


def _of_stream(field: StreamField, value) -> Iterator[str]:
    try:
        field.stream_block.clean(value)
    except ValidationError as error:
        yield from _sentences(error, field.stream_block, value)


def _sentences(error: Any, block, value) -> Iterator[str]:
    """One sentence for each fault, led to by the labels of the blocks around it."""
    beneath = getattr(error, "block_errors", None)
    if beneath is None:
        yield from error.messages
        return
    for fault in error.non_block_errors.as_data():
        yield from fault.messages
    for key, fault in beneath.items():
        label, child, inner = _child(block, value, key)
        for sentence in _sentences(fault, child, inner):
            yield f"{label}: {sentence}"


def _child(block, value, key) -> tuple[str | Promise, blocks.Block, object]:
    """(label, block, value) of what lies beneath ``key``: an index or a name."""
    if isinstance(block, blocks.StreamBlock):
        child = value[key]
        return child.block.label, child.block, child.value
    if isinstance(block, blocks.StructBlock):
        child = block.child_blocks[key]
        return child.label, child, value[key]
    if isinstance(block, blocks.ListBlock):
        return str(key + 1), block.child_block, value[key]
    return str(key), block, value
