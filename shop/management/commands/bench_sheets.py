"""How long an export and an import take, and what memory they add."""

import csv
import io
import resource
import time
from collections.abc import Callable
from decimal import Decimal
from itertools import islice

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from shop.models import ImportRun
from shop.patience import patient
from shop.sheets import running, uploads
from shop.sheets.checking import check, ignore
from shop.sheets.columns import Known
from shop.sheets.exporting import exported
from shop.sheets.reading import Sheet, opened
from shop.sheets.report import Report

HEAD = ("step", "seconds", "CPU s", "MB more", "changes")


class Command(BaseCommand):
    help = (
        "Measure export and import of the shop's products, each with another title,"
        " price and count. Everything is taken back in the end."
    )

    def add_arguments(self, parser):
        parser.add_argument("--rows", type=int, default=10_000)

    def handle(self, *args, rows: int, **options):
        self.row = "{:<28}{:>9}{:>8}{:>9}{:>9}"
        self.stdout.write(self.row.format(*HEAD))
        self._measured("export of all", _export)
        known = Known.load()
        sheet = opened(_changed(rows), known)
        count = sum(1 for _ in sheet.rows())
        if count == 0:
            raise CommandError("The shop is empty; run manage.py seed_demo first.")
        with patient(), transaction.atomic():
            self._measured("dry run", lambda: check(sheet, known, ignore))
            self._measured("import, every row changes", lambda: _import(sheet))
            again = self._measured("the same file again", lambda: _import(sheet))
            transaction.set_rollback(True)
        if again is None or again.counts["changes"] or again.counts["problems"]:
            raise CommandError(f"It was not the same again: {again}")
        self.stdout.write(f"{count:,} rows, {len(sheet.content) / 2**20:.1f} MB.")

    def _measured(self, name: str, deed: Callable[[], Report | None]) -> Report | None:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        begun, worked = time.perf_counter(), time.process_time()
        report = deed()
        took, cpu = time.perf_counter() - begun, time.process_time() - worked
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        changes = f"{report.counts['changes']:,}" if report else ""
        cells = (f"{took:.1f}", f"{cpu:.1f}", f"{more:.1f}", changes)
        self.stdout.write(self.row.format(name, *cells))
        return report


def _changed(rows: int) -> bytes:
    """The first rows of an export, each with another title, price and count."""
    lines = csv.DictReader(io.StringIO("".join(exported()).lstrip("\ufeff")))
    text = io.StringIO()
    sheet = csv.DictWriter(text, lines.fieldnames or ())
    sheet.writeheader()
    counts = [name for name in lines.fieldnames or () if name.startswith("stock:")]
    for line in islice(lines, rows):
        line |= {name: str(int(line[name] or 0) + 1) for name in counts}
        line["title"] = f"{line['title']} II"
        line["price"] = str(Decimal(line["price"]) + 1)
        sheet.writerow(line)
    return text.getvalue().encode()


def _export() -> None:
    """As it is sent: none of it is kept."""
    for _piece in exported():
        pass


def _import(sheet: Sheet) -> Report:
    now, state = timezone.now(), ImportRun.State.RUNNING
    run = uploads.upload(sheet, "bench.csv", state=state, now=now)
    return Report.of(running.go_on(run.pk, clock=timezone.now).report)
