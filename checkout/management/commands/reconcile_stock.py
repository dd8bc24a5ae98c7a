from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from checkout import reconciling


class Command(BaseCommand):
    help = (
        "Report stock that differs from its ledger or from what open orders hold; exit "
        "1 if there is any. Changes nothing without --fix."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--fix", action="store_true", help="let the ledger and open orders be right"
        )

    def handle(self, *args, **options):
        found = reconciling.drift()
        for one in found:
            self.stdout.write(str(one))
        if found and options["fix"]:
            reconciling.put_right(now=timezone.now())
            found = reconciling.drift()
            for one in found:
                self.stderr.write(f"Still: {one}")
        if found:
            raise CommandError(f"Stock rows that differ: {len(found)}.")
        self.stdout.write("Stock is what its ledger and open orders say.")
