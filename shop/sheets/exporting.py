"""All products as a sheet, in pieces: its memory does not grow with the shop."""

import csv
import io
from collections.abc import Iterator

from home.spreadsheets import harmless
from shop.models import Product
from shop.sheets import facts
from shop.sheets.cells import written
from shop.sheets.columns import HANDLE, SKU, Known

BATCH = 250
# By this mark spreadsheet programs know the letters.
MARK = "\ufeff"


def exported() -> Iterator[str]:
    """A row for each variant, with every column there is; products in the order they
    came. What is not published is there too."""
    known = Known.load()
    yield MARK + _lines([list(known.columns)])
    last = 0
    while batch := _next_products(last):
        yield _lines(_rows(batch, known))
        last = batch[-1]


def _next_products(last: int) -> list[int]:
    later = Product.objects.filter(pk__gt=last).order_by("pk")
    return list(later.values_list("pk", flat=True)[:BATCH])


def _rows(product_ids: list[int], known: Known) -> Iterator[list[str]]:
    found = facts.of_products(product_ids, known)
    for variant in found.variants.values():
        product = found.products[variant.product_id]
        names = {HANDLE.name: product.handle, SKU.name: variant.sku}
        values = names | product.values | variant.values
        yield [
            harmless(written(values[name], variant.currency)) for name in known.columns
        ]


def _lines(rows) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
