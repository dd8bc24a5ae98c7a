from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop.demo.progress import Progress
from shop.models import ImportRun
from shop.sheets import running, uploads
from shop.sheets.checking import check
from shop.sheets.columns import Known
from shop.sheets.reading import FileRefused, Sheet, opened
from shop.sheets.report import Report


class Command(BaseCommand):
    help = (
        "Import products, variants, prices and stock from CSV (docs/import.md). An"
        " import that was broken off goes on when it is given the same file again."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would change, change nothing",
        )

    def handle(self, *args, file: Path, dry_run: bool, **options):
        try:
            content = file.read_bytes()
            sheet = opened(content, known := Known.load())
        except (OSError, FileRefused) as refused:
            raise CommandError(str(refused)) from None
        begun = ImportRun.objects.unfinished(uploads.digest(content))
        if dry_run or begun is None:
            self._check(sheet, known)
        if not dry_run:
            self._import(begun or self._begin(sheet, file.name))

    def _check(self, sheet: Sheet, known: Known) -> None:
        rows = sum(1 for _ in sheet.rows())
        bar = Progress("Checked", self.stdout)
        report = check(sheet, known, lambda done: bar.told(done, rows))
        self._tell(report, "would change")
        if report.problems:
            raise CommandError("Nothing was imported. Please mend these rows first.")

    def _begin(self, sheet: Sheet, name: str) -> ImportRun:
        state, now = ImportRun.State.RUNNING, timezone.now()
        return uploads.upload(sheet, name, state=state, now=now)

    def _import(self, run: ImportRun) -> None:
        if run.position:
            self.stdout.write(f"Going on after {run.position:,} of {run.rows:,} rows.")
        bar = Progress("Imported", self.stdout)
        run = running.go_on(
            run.pk, clock=timezone.now, told=lambda done: bar.told(done, run.rows)
        )
        if run.state != ImportRun.State.DONE:
            raise CommandError("Another process is importing this file.")
        self._tell(report := Report.of(run.report), "changed")
        if report.problems:
            raise CommandError("These rows were left out; the others are imported.")

    def _tell(self, report: Report, word: str) -> None:
        said = ", ".join(f"{words}: {count:,}" for words, count in report.told)
        self.stdout.write(f"What {word}: {said}.")
        for row, subject, column, old, new in report.changes:
            self.stdout.write(f"row {row} {subject} {column}: {old!r} → {new!r}")
        for row, column, words in report.problems:
            self.stderr.write(f"row {row}, {column or 'whole row'}: {words}")
