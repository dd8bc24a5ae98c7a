"""What a draft is made of, as it lies in the database."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignKey
from wagtail.fields import StreamField

from home.drafts.candidates import Candidate
from home.drafts.content import PAGE_STATE, block_fields
from home.models import LayoutBlock


def raw_streams(candidate: Candidate) -> Iterable[tuple[StreamField, object]]:
    """(field, raw value) of every stream of a page or block."""
    model = type(candidate.draft)
    for field in model._meta.fields:
        if isinstance(field, StreamField):
            yield field, _raw(candidate.record, field)


def _raw(record: Any, field: StreamField) -> object:
    if isinstance(record, LayoutBlock):
        value = record.stored_content  # type: ignore[attr-defined]
    else:
        value = record.content.get(field.name, "[]")
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def raw_keys(candidate: Candidate) -> Iterable[tuple[ForeignKey, object]]:
    """(field, key) of every object that a page or block itself refers to."""
    if candidate.is_page:
        fields = [f for f in candidate.draft._meta.fields if f.name not in PAGE_STATE]
        content = candidate.record.content
        found = [(field, content.get(field.name)) for field in fields]
    else:
        row = candidate.record
        found = [(field, getattr(row, field.attname)) for field in block_fields()]
    for field, key in found:
        if isinstance(field, ForeignKey) and not _is_parent(field) and key is not None:
            yield field, key


def _is_parent(field: ForeignKey) -> bool:
    return bool(field.remote_field.parent_link)
