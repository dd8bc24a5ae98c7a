"""Values of columns as the tables keep them."""

from collections.abc import Iterator
from typing import Any

from shop.sheets.cells import Value
from shop.sheets.columns import Column, Kind, Known
from shop.sheets.facts import Values


def fields(known: Known, values: Values, columns) -> Iterator[tuple[str, Any]]:
    """(field, what to write into it) of those of these columns that are said."""
    for column in columns:
        if column.name in values:
            yield column.key, _stored(known, column, values[column.name])


def _stored(known: Known, column: Column, value) -> Any:
    if column.kind is Kind.CATEGORY:
        return known.categories[value]
    if column.kind is Kind.BRAND:
        return known.brands[value] if value else None
    return value


def of_kind(known: Known, values: Values, kind: Kind) -> list[tuple[Column, Value]]:
    found = ((known.columns[name], value) for name, value in values.items())
    return [
        (column, value)
        for column, value in found
        if column.kind is kind and value is not None
    ]


def value_ids(known: Known, values: Values, kind: Kind) -> list[int]:
    """Keys of the attribute values that are said, in the order of the attributes."""
    said: list[tuple[Column, Any]] = list(of_kind(known, values, kind))
    return [known.values[column.key][slug] for column, slugs in said for slug in slugs]
