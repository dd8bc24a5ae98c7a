"""How long the shop's pages take, as ratios against a bare view in the same run."""

import statistics
import time

from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path

from home import goods
from shop import tree
from shop.models import Product

HEAD = ("page", "queries", "cold ms", "× bare", "warm ms", "× bare", "KB sent")


def bare(request) -> HttpResponse:
    """What a page sends, and nothing done for it."""
    return HttpResponse(bare.body, headers={"Content-Encoding": "gzip"})  # type: ignore[attr-defined]


# Beneath an address that no cache looks at.
urlpatterns = [path("healthz/bare", bare)]


class Command(BaseCommand):
    help = "Measure home, list and product pages against a view that sends as much."

    def add_arguments(self, parser):
        parser.add_argument("--repeat", type=int, default=50)

    def handle(self, *args, **options):
        self.repeat = options["repeat"]
        self.answer = WSGIHandler()
        self.factory = RequestFactory(
            HTTP_HOST="localhost", HTTP_ACCEPT_ENCODING="gzip"
        )
        row = "{:<24}{:>8}{:>9}{:>8}{:>9}{:>8}{:>9}"
        self.stdout.write(row.format(*HEAD))
        for name, address in self._pages().items():
            self.stdout.write(row.format(name, *self._measured(address)))
        self.stdout.write(f"{Product.objects.count():,} products; medians of one run.")

    def _pages(self) -> dict[str, str]:
        product = Product.objects.active().first()
        if product is None:
            raise CommandError("The shop is empty; run manage.py seed_demo first.")
        top = max(tree.current().top, key=lambda branch: branch.pieces)
        return {
            "home": "/",
            "list of 24": top.url,
            "list, facets and price": f"{top.url}?in_stock=1&price_max=80",
            "list, page 20": f"{top.url}?page=20",
            "search": "/search/?q=bowl",
            "product": product.url,
        }

    def _measured(self, address: str) -> tuple:
        """Cells of a row: cold is a page that is in no cache, with the parts that all
        pages share in it; warm is the same page again."""
        self._ask(address)
        self._cool()
        with CaptureQueriesContext(connection) as captured:
            bare.body = self._ask(address)[1]  # type: ignore[attr-defined]
            # The next request forgets them.
            queries = len(captured.captured_queries)
        warm = self._median(address)
        cold = self._median(address, before=self._cool)
        with override_settings(ROOT_URLCONF=__name__):
            base = self._median("/healthz/bare")
        return (
            queries,
            f"{cold:.1f}",
            f"{cold / base:.1f}",
            f"{warm:.2f}",
            f"{warm / base:.1f}",
            f"{len(bare.body) / 1024:.1f}",  # type: ignore[attr-defined]
        )

    def _cool(self) -> None:
        goods.changed()
        self._ask("/shop/?sort=name")

    def _median(self, address: str, before=lambda: None) -> float:
        """Median milliseconds of an answer."""
        took = []
        for _ in range(self.repeat):
            before()
            took.append(self._ask(address)[0])
        return statistics.median(took) * 1000

    def _ask(self, address: str) -> tuple[float, bytes]:
        """(seconds, body) of an answer, as a server would ask for it."""
        environ = self.factory.get(address).environ
        begun = time.perf_counter()
        response = self.answer(environ, lambda *status: None)
        body = b"".join(response)
        response.close()
        took = time.perf_counter() - begun
        if response.status_code != 200:
            raise CommandError(f"{address} answers {response.status_code}.")
        return took, body
