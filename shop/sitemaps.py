"""The map of the shop for search engines: an index of files, each written as it is
read, of what anyone may see now."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from xml.sax.saxutils import escape

from django.db.models import Exists, F, OuterRef
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from home import cacheable
from shop import tree
from shop.addresses import address_of_product
from shop.models import Brand, Product

# So many keys a file; sitemaps.org allows five times as many.
KEYS = 10_000
LINES = 500
KEEP_S = 600
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
# (path, day of the last change or None)
Entry = tuple[str, date | None]


@require_safe
def index(request: HttpRequest) -> StreamingHttpResponse:
    """Pages, lists, and a file for every 10,000 keys of products."""
    paths = [reverse("home:sitemap"), reverse("shop:sitemap_lists")]
    active = Product.objects.active().annotate(part=F("pk") / KEYS)
    for part in active.order_by("part").values_list("part", flat=True).distinct():
        paths.append(reverse("shop:sitemap_products", args=[part]))
    return _answer(request, "sitemapindex", "sitemap", ((path, None) for path in paths))


@require_safe
def lists(request: HttpRequest) -> StreamingHttpResponse:
    """Every list that is one of its own and has a piece on it."""
    return _answer(request, "urlset", "url", ((path, None) for path in _lists()))


@require_safe
def products(request: HttpRequest, part: int) -> StreamingHttpResponse:
    """Products with keys from ``part`` × 10,000 on."""
    keys = (part * KEYS, (part + 1) * KEYS - 1)
    found = Product.objects.active().filter(pk__range=keys)
    if not found.exists():
        raise Http404("No such part.")
    rows = found.order_by("pk").values_list("slug", "last_published_at", "created_at")
    entries = (
        (address_of_product(slug), (published or created).date())
        for slug, published, created in rows.iterator(chunk_size=LINES)
    )
    return _answer(request, "urlset", "url", entries)


def _lists() -> Iterator[str]:
    shop = reverse("shop:index")
    active = Product.objects.active()
    yield shop
    yield from (b.url for b in tree.current().branches.values() if b.pieces)
    if active.on_sale().exists():
        yield f"{shop}?sale=1"
    with_pieces = Brand.objects.filter(Exists(active.filter(brand=OuterRef("pk"))))
    for slug in with_pieces.order_by("slug").values_list("slug", flat=True):
        yield f"{shop}?brand={slug}"


def _answer(
    request: HttpRequest, root: str, element: str, entries: Iterable[Entry]
) -> StreamingHttpResponse:
    here = request.build_absolute_uri("/").rstrip("/")
    response = StreamingHttpResponse(
        _written(here, root, element, entries), content_type="application/xml"
    )
    response["X-Robots-Tag"] = "noindex"
    return cacheable.public(response, keep_s=KEEP_S)


def _written(here: str, root: str, element: str, entries) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}">\n'
    lines = (
        f"<{element}><loc>{escape(here + path)}</loc>"
        + (f"<lastmod>{day}</lastmod>" if day else "")
        + f"</{element}>\n"
        for path, day in entries
    )
    while some := "".join(islice(lines, LINES)):
        yield some
    yield f"</{root}>\n"
