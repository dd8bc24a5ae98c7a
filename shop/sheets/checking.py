"""A dry run: all that a sheet would do, and nothing done."""

from collections.abc import Callable

from shop.sheets import facts
from shop.sheets.batches import batches, comparison, named
from shop.sheets.columns import Known
from shop.sheets.plans import Told
from shop.sheets.reading import Sheet
from shop.sheets.report import Report


def ignore(done: int) -> None:
    """For who does not want to hear how far it is."""


def check(sheet: Sheet, known: Known, told: Callable[[int], None]) -> Report:
    """What the sheet would change at this moment, and why it cannot be imported, if
    so. ``told`` hears after each batch how many rows have been looked at."""
    report, looked_at = Report(), 0
    comparing = comparison(sheet, known, Told())
    for rows in batches(sheet):
        report.add(comparing.compare(rows, facts.find(*named(rows), known)))
        looked_at += len(rows)
        told(looked_at)
    return report
