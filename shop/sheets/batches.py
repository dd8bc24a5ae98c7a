"""Rows of a sheet, so many at a time, and what they are about."""

from collections.abc import Iterator, Sequence
from itertools import islice

from django.conf import settings

from shop.sheets.cells import Reader
from shop.sheets.columns import HANDLE, SKU, Known
from shop.sheets.comparing import Comparison
from shop.sheets.plans import Told
from shop.sheets.reading import Row, Sheet
from shop.turns import turns

# Rows of one transaction: an order that wants a piece of theirs waits for them.
BATCH = 250


def batches(sheet: Sheet, *, after: int = 0) -> Iterator[list[Row]]:
    """The rows that follow on so many, in batches."""
    return turns(islice(sheet.rows(), after, None), BATCH)


def named(rows: Sequence[Row]) -> tuple[set[str], set[str]]:
    """The SKUs and the handles that rows name, as their cells have them."""
    skus, handles = (
        {row.cells.get(column.name, "").strip().replace("\0", "") for row in rows}
        for column in (SKU, HANDLE)
    )
    return skus - {""}, handles - {""}


def comparison(sheet: Sheet, known: Known, told: Told) -> Comparison:
    is_comma = sheet.has_decimal_comma
    reader = Reader(known, settings.SHOP_CURRENCY, has_decimal_comma=is_comma)
    return Comparison(reader, sheet.columns, told)
