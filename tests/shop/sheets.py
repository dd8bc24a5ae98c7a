"""Sheets of products in tests: written, checked, imported, exported."""

import csv
import io

from hypothesis import strategies as st

from shop.models import (
    ImportRun,
    ListingChange,
    PriceChange,
    Product,
    Stock,
    StockMovement,
    Variant,
)
from shop.sheets import running, uploads
from shop.sheets.checking import check, ignore
from shop.sheets.columns import Known
from shop.sheets.exporting import exported
from shop.sheets.reading import opened
from shop.sheets.report import Report
from tests.builders import NOON

# Whatever could be taken for something else on its way.
CELL_TEXTS = st.text("'=+-@\t\r\n\v a\",;|\ufeffé😀", max_size=12)
LATER = NOON.replace(hour=13)


def a_sheet(*rows: dict, separator=",") -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]), delimiter=separator)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def checked(content: bytes) -> Report:
    known = Known.load()
    return check(opened(content, known), known, ignore)


def begun(content: bytes, *, now=LATER) -> ImportRun:
    """An import that was confirmed and has not done anything yet."""
    state = ImportRun.State.RUNNING
    sheet = opened(content, Known.load())
    return uploads.upload(sheet, "shelf.csv", state=state, now=now)


def go_on(run: ImportRun, *, now=LATER, **more) -> ImportRun:
    return running.go_on(run.pk, clock=lambda: now, **more)


def imported(*rows: dict, content=b"", now=LATER) -> Report:
    run = go_on(begun(content or a_sheet(*rows)), now=now)
    assert run.state == ImportRun.State.DONE
    return Report.of(run.report)


def export() -> bytes:
    return "".join(exported()).encode()


def as_rows(content: bytes) -> list[dict]:
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text))


def everything() -> list:
    """All rows that an import could write."""
    models = (Product, Variant, Stock, StockMovement, PriceChange, ListingChange)
    kept = [list(model.objects.order_by("pk").values()) for model in models]
    return [*kept, list(Variant.options.through.objects.values())]
