from django.core.management.base import BaseCommand
from django.utils import timezone

from checkout import catching_up


class Command(BaseCommand):
    help = (
        "Write the invoices, and have the credit notes written, that orders of earlier"
        " versions lack. Running it again writes nothing twice."
    )

    def handle(self, **options):
        invoices = catching_up.write_missing_invoices(now=timezone.now())
        notes = catching_up.write_missing_credit_notes()
        self.stdout.write(f"{invoices} invoices, {notes} credit notes.")
