from pathlib import Path

from django.core.management.base import BaseCommand

from shop.sheets.exporting import exported


class Command(BaseCommand):
    help = "Write all products, variants, prices and stock as CSV (docs/import.md)."

    def add_arguments(self, parser):
        parser.add_argument(
            "file", nargs="?", type=Path, help="else it is written to the terminal"
        )

    def handle(self, *args, file: Path | None, **options):
        if file is None:
            for piece in exported():
                self.stdout.write(piece, ending="")
            return
        with file.open("w", encoding="utf-8", newline="") as sheet:
            sheet.writelines(exported())
        self.stdout.write(f"{file} is written.")
