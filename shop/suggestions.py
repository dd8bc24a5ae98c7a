"""What the search field offers while somebody types: a word put right, categories, the
first products."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from home import reading
from shop.cards import get_cards
from shop.models import Product
from shop.search import PLACED, Search
from shop.tree import Tree
from shop.words import plain, words_of

MOST_PRODUCTS = 5
MOST_CATEGORIES = 3
# What two letters begin may be half the catalog. Where enough of so many popular pieces
# fit, nothing else is looked at; where they do not, there are few to rank anyway.
POPULAR = 1000
FIRST = f"""
WITH asked AS MATERIALIZED (
    SELECT shop_tsquery(shop_alternatives(%s::text[])) AS query
), popular AS (
    SELECT id, popularity, search_vector FROM shop_product
    WHERE live AND current_price IS NOT NULL
    ORDER BY popularity DESC, id LIMIT %s
), fitting AS MATERIALIZED (
    SELECT id, row_number() OVER (
        ORDER BY ts_rank(search_vector, query) DESC, popularity DESC, id
    ) AS place
    FROM popular, asked WHERE search_vector @@ query
    ORDER BY place LIMIT {MOST_PRODUCTS}
), enough AS MATERIALIZED (
    SELECT count(*) = {MOST_PRODUCTS}
    AND NOT EXISTS (SELECT FROM shop_pinnedsearch WHERE words = %s)
    AND NOT EXISTS (SELECT FROM shop_variant WHERE sku = %s) AS is_so
    FROM fitting
)
SELECT id, place, NULL AS instead FROM fitting WHERE (SELECT is_so FROM enough)
UNION ALL
SELECT * FROM ({PLACED}) found WHERE NOT (SELECT is_so FROM enough)
ORDER BY place LIMIT {MOST_PRODUCTS}
"""


@dataclass(frozen=True)
class Link:
    """``note`` tells what it is; ``drawing`` is an icon."""

    label: str
    url: str
    note: str
    drawing: str


@dataclass(frozen=True)
class Suggested:
    links: list[Link]
    products: list[Product]
    all_url: str

    @property
    def count(self) -> int:
        return len(self.links) + len(self.products)


def suggest(text: str, known: Tree) -> Suggested:
    """Two queries; the second only if something was found."""
    search = Search.of(text)
    with reading.connection().cursor() as cursor:
        words, code = search.parameters
        said = " ".join(words)
        cursor.execute(FIRST, [words, POPULAR, said, code, *search.parameters])
        rows = cursor.fetchall()
    ids = [row[0] for row in rows]
    products = get_cards(ids)
    instead = rows[0][2] if rows else None
    links = (
        [Link(instead, _all(instead), _("did you mean"), "search")] if instead else []
    )
    return Suggested(
        links=links + _categories(text, known),
        products=[products[id] for id in ids if id in products],
        all_url=_all(text),
    )


def _all(words: str) -> str:
    return f"{reverse('shop:search')}?{urlencode({'q': words})}"


def _categories(text: str, known: Tree) -> list[Link]:
    """Categories with a word for each of those typed, the largest first."""
    asked = words_of(text)
    fitting = [
        branch
        for branch in known.branches.values()
        if branch.pieces and asked and _begins(plain(branch.name).split(), asked)
    ]
    largest = sorted(fitting, key=lambda branch: (-branch.pieces, branch.id))
    return [
        Link(branch.name, branch.url, _("category"), "down")
        for branch in largest[:MOST_CATEGORIES]
    ]


def _begins(words: list[str], asked: list[str]) -> bool:
    return all(any(word.startswith(part) for word in words) for part in asked)
