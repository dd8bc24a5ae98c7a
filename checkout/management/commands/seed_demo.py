import logging
import os
import resource
import time

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from checkout import demo
from home.roles import ensure_roles
from shop.demo import filling, people, pictures, sales, site
from shop.demo.progress import Progress
from shop.models import Product
from shop.patience import patient

USUAL = 10_000


class Command(BaseCommand):
    help = (
        "Fills the demo shop Kiln & Loom. Running it again adds only what is missing;"
        " with a larger number it adds products, and it never takes any away."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--products",
            type=int,
            default=os.environ.get("PRODUCTS") or str(USUAL),
            metavar="N",
            help=f"how many products there shall be (PRODUCTS, else {USUAL:,})",
        )

    def handle(self, *args, products: int, **options) -> None:
        started, now = time.monotonic(), timezone.now()
        # Wagtail's line for each page it publishes would stand between the steps.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        with patient():
            ensure_roles()
            by = people.invite()
            hung = pictures.hang(told=self._told("Pictures"))
            added = filling.fill(products, hung, now=now, told=self._told("Products"))
            demo.offer_terms()
            site.dress(hung, by, now=now)
            placed = demo.place_orders(now=now)
            sales.plan(now=now)
        self._report(added, placed, time.monotonic() - started)

    def _told(self, label: str):
        return Progress(label, self.stdout).told

    def _report(self, added: int, placed: int, seconds: float) -> None:
        there = Product.objects.count()
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        self.stdout.write(
            f"{there:,} products, {added:,} of them new; sample orders: {placed}."
            f" {seconds:.1f} s, at most {memory} MB of memory."
        )
