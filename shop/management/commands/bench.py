"""How long the shop's pages take, as ratios against a bare view in the same run."""

import statistics
import time

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop import tree
from shop.models import Product


class Command(BaseCommand):
    help = "Measure home, list and product pages against a bare view."

    def add_arguments(self, parser):
        parser.add_argument("--repeat", type=int, default=30)

    def handle(self, *args, **options):
        product = Product.objects.active().first()
        if product is None:
            raise CommandError("The shop is empty; run manage.py seed_demo first.")
        top = max(tree.current().top, key=lambda branch: branch.pieces)
        pages = {
            "bare view": "/healthz",
            "home": "/",
            "list of 24": top.url,
            "list, facets and price": f"{top.url}?in_stock=1&price_max=80",
            "list, page 20": f"{top.url}?page=20",
            "search": "/search/?q=bowl",
            "product": product.url,
        }
        self.client = Client(HTTP_HOST="localhost")
        base = 0.0
        self.stdout.write(f"{'page':<24}{'queries':>8}{'ms':>8}{'× bare':>8}{'KB':>6}")
        for name, address in pages.items():
            queries, ms, size = self.measure(address, options["repeat"])
            base = base or ms
            self.stdout.write(
                f"{name:<24}{queries:>8}{ms:>8.1f}{ms / base:>8.1f}{size / 1024:>6.0f}"
            )
        self.stdout.write(f"{Product.objects.count():,} products; medians of one run.")

    def measure(self, address: str, repeat: int) -> tuple[int, float, int]:
        """(SQL queries, median milliseconds, bytes) of a page, shared parts warm."""
        self.client.get(address)
        with CaptureQueriesContext(connection) as queries:
            page = self.client.get(address)
        asked = len(queries)
        if page.status_code != 200:
            raise CommandError(f"{address} answers {page.status_code}.")
        took = []
        for _ in range(repeat):
            begun = time.perf_counter()
            self.client.get(address)
            took.append(time.perf_counter() - begun)
        return asked, statistics.median(took) * 1000, len(page.content)
