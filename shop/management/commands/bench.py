"""How long the shop's pages take, as ratios against a bare view in the same run."""

import resource
import statistics
import time

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone

from home import goods
from shop import facet_index, sitemaps, sql_counts, tree
from shop.choices import DEEPEST_PAGE, Choices
from shop.counts import Question, Scope
from shop.models import Product
from shop.patience import patient

# As in docs/measurements.md.
ROW = "| {:<24} | {:>7} | {:>7} | {:>7} | {:>6} | {:>6} | {:>7} | {:>6} | {:>7} |"
HEAD = (
    *("page", "queries", "cold ms", "95th", "CPU ms", "× bare"),
    *("warm ms", "× bare", "KB sent"),
)
FACETS_ROW = "| {:<24} | {:>10} | {:>10} | {:>13} |"
FACETS_HEAD = ("facets, whole catalog", "by bitmaps", "by SQL", "SQL × bitmaps")
FILES_ROW = "| {:<24} | {:>8} | {:>12} | {:>6} | {:>8} |"
FILES_HEAD = ("file", "rows", "s for 10,000", "CPU s", "MB more")


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
        facet_index.share(facet_index.build(now=timezone.now()))
        self.answer = WSGIHandler()
        self.plain = RequestFactory(HTTP_HOST="localhost")
        self.factory = RequestFactory(
            HTTP_HOST="localhost", HTTP_ACCEPT_ENCODING="gzip"
        )
        self._head(ROW, HEAD)
        for name, address in self._pages().items():
            self.stdout.write(ROW.format(name, *self._measured(address)))
        self._measure_facets()
        self._measure_files()
        count = Product.objects.count()
        self.stdout.write(f"\n{count:,} products; medians of one run.")

    def _head(self, row: str, names: tuple[str, ...]) -> None:
        self.stdout.write(f"\n{row.format(*names)}\n{'|---' * len(names)}|")

    def _measure_facets(self) -> None:
        """Milliseconds of counting alone: what is missed is asked for once, as on a
        page, and not measured."""
        index = facet_index.build(now=timezone.now())
        self._head(FACETS_ROW, FACETS_HEAD)
        facets = tree.current().offered(None)
        of_values = [facet for facet in facets if facet.column == "value_ids"]
        for filters in (0, 1, 2):
            values: dict[str, tuple[str, ...]] = {
                facet.code: (facet.values[0].slug,) for facet in of_values[:filters]
            }
            question = Question(Scope(), Choices(values=values), facets, timezone.now())
            bitmaps = _median_of(20, lambda q=question: index.bitmaps.count(q, None))
            # Longer than a shopper would be left waiting, of a million.
            with patient():
                sql = _median_of(3, lambda q=question: sql_counts.count(q))
            cells = (f"{bitmaps:.2f} ms", f"{sql:.1f} ms", f"{sql / bitmaps:.0f}")
            self.stdout.write(FACETS_ROW.format(f"{filters} filters", *cells))

    def _measure_files(self) -> None:
        """Seconds for 10,000 rows of the largest files, and what they add to the most
        memory this process ever had."""
        part = Product.objects.active().values_list("pk", flat=True).last() or 0
        files = {
            "sitemap, a file": f"/sitemaps/products-{part // sitemaps.KEYS}.xml",
            "merchant feed": "/feeds/products.xml",
        }
        self._head(FILES_ROW, FILES_HEAD)
        for name, address in files.items():
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            begun, worked = time.perf_counter(), time.process_time()
            rows = self._rows_of(address)
            took = (time.perf_counter() - begun) * 10_000 / rows
            cpu = (time.process_time() - worked) * 10_000 / rows
            more = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            cells = (f"{rows:,}", f"{took:.2f}", f"{cpu:.2f}", f"{more / 1024:.1f}")
            self.stdout.write(FILES_ROW.format(name, *cells))

    def _rows_of(self, address: str) -> int:
        """How many rows were sent, none of them kept."""
        response = self.answer(self.plain.get(address).environ, lambda *status: None)
        count = sum(
            piece.count(b"<loc>") + piece.count(b"<item>") for piece in response
        )
        response.close()
        return count

    def _pages(self) -> dict[str, str]:
        product = Product.objects.active().first()
        if product is None:
            raise CommandError("The shop is empty; run manage.py seed_demo first.")
        top = max(tree.current().top, key=lambda branch: branch.pieces)
        last = min(DEEPEST_PAGE, -(-top.pieces // settings.SHOP_PAGE_SIZE))
        pages = -(-Product.objects.active().count() // settings.SHOP_PAGE_SIZE)
        return {
            "home": "/",
            "list of 24": top.url,
            "list, facets and price": f"{top.url}?in_stock=1&price_max=80",
            "list, last page": f"{top.url}?page={last}",
            "shop, page 1,000": f"/shop/?page={min(1000, pages)}&sort=newest",
            "search": "/search/?q=bowl",
            "search, two facets": "/search/?in_stock=1&price_max=80&q=bowl",
            "search, misspelt": "/search/?q=servng+bolw",
            "suggestions": "/search/suggestions/?q=bow",
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
        warm, *_ = self._taken(address)
        cold, late, cpu = self._taken(address, before=self._cool)
        with override_settings(ROOT_URLCONF=__name__):
            base, *_ = self._taken("/healthz/bare")
        return (
            queries,
            f"{cold:.1f}",
            f"{late:.1f}",
            f"{cpu:.1f}",
            f"{cold / base:.1f}",
            f"{warm:.2f}",
            f"{warm / base:.1f}",
            f"{len(bare.body) / 1024:.1f}",  # type: ignore[attr-defined]
        )

    def _cool(self) -> None:
        goods.changed()
        self._ask("/shop/?sort=name")

    def _taken(self, address: str, before=lambda: None) -> tuple[float, float, float]:
        """Milliseconds of an answer: the median, what 95 of 100 keep within, and the
        median of this process's own work."""
        took, worked = [], []
        for _ in range(self.repeat):
            before()
            begun = time.process_time()
            took.append(self._ask(address)[0])
            worked.append(time.process_time() - begun)
        late = sorted(took)[int(len(took) * 0.95)]
        return (
            statistics.median(took) * 1000,
            late * 1000,
            statistics.median(worked) * 1000,
        )

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


def _median_of(times: int, deed) -> float:
    """Milliseconds."""
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        deed()
        took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000
