"""How long it takes to check that everything adds up, in a shop that has sold much."""

import time

from django.core.management.base import BaseCommand, CommandError

from checkout.bench import million
from checkout.invariants import RULES, violations
from checkout.reconciling import drift
from home.own_database import own_database


class Command(BaseCommand):
    help = "Measure check_invariants in a database of its own with many order lines."

    def add_arguments(self, parser):
        parser.add_argument("--lines", type=int, default=1_000_000)

    def handle(self, *args, **options):
        with own_database():
            million.sell(options["lines"])
            for name, deed in (
                (f"check_invariants, {len(RULES)} rules", lambda: list(violations())),
                ("reconcile_stock", drift),
            ):
                begun = time.perf_counter()
                if found := deed():
                    raise CommandError(f"{name} finds fault: {found[0]}")
                took = time.perf_counter() - begun
                self.stdout.write(f"{name:<32}{took:>8.1f} s")
        self.stdout.write(f"{options['lines']:,} order lines.")
