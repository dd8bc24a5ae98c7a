from django.core.management.base import BaseCommand, CommandError

from shop import tree
from shop.relist import drift, relist


class Command(BaseCommand):
    help = "Bring the listing columns of all products up to date."

    def add_arguments(self, parser):
        parser.add_argument(
            "--check", action="store_true", help="Only report drift; exit 1 if any."
        )

    def handle(self, *args, **options):
        if not options["check"]:
            self.stdout.write(f"{relist()} products were out of date.")
            tree.changed()
        elif wrong := drift():
            shown = ", ".join(map(str, wrong[:20]))
            raise CommandError(f"{len(wrong)} products are out of date: {shown}")
        else:
            self.stdout.write("Every listing column is as it should be.")
