from django.core.management.base import BaseCommand

from checkout.invariants import RULES, violations


class Command(BaseCommand):
    help = (
        "Check what must always be true of stock and orders; 1 when something is not."
    )

    def handle(self, *args, **options):
        found = 0
        for rule, sentence in violations():
            found += 1
            self.stderr.write(f"{rule.code} {rule.name}: {sentence}")
        if found:
            raise SystemExit(1)
        self.stdout.write(f"All {len(RULES)} rules hold.")
