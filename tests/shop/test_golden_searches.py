"""Two hundred searches of the demo shop, and what must be among the first ten."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from home.models import Picture
from shop import vocabulary
from shop.demo.catalogue import lay_out
from shop.demo.invention import piece
from shop.demo.writing import Writer
from shop.words import plain
from tests.builders import NOON
from tests.shop.listings import a_listing

pytestmark = pytest.mark.django_db

PIECES = 1000
# kind, words, what is expected
GOLDEN = [
    line.split("\t")
    for line in Path(__file__).with_name("golden_searches.tsv").read_text().splitlines()
]


def the_demo_shop() -> None:
    """Its first pieces, with pictures in name only."""
    pieces = [piece(number) for number in range(PIECES)]
    names = {name for p in pieces for name in p.pictures}
    names |= {c.picture for p in pieces for c in p.choices if c.picture}
    pictures = _Pictures(names)
    writer = Writer(lay_out(pictures), pictures, moment=NOON)
    writer.write(pieces, is_first=True)
    vocabulary.learn()


class _Pictures(dict):
    def __missing__(self, name: str) -> Picture:
        [picture] = Picture.objects.bulk_create(
            [Picture(title=name, file=f"{name}.jpg", width=9, height=9)]
        )
        return self.setdefault(name, picture)

    def __init__(self, names):
        super().__init__()
        for name in names:
            self[name]


def is_found(listing, expected: str) -> bool:
    rule, _, wanted = expected.partition(":")
    products = listing.products[:10]
    if rule == "none":
        return not products
    if rule == "first":
        return bool(products) and products[0].slug == wanted
    if rule == "slug":
        return wanted in [product.slug for product in products]
    if rule == "brand":
        return wanted in [product.brand.name for product in products]
    if rule == "title":
        return any(plain(wanted) in plain(product.title) for product in products)
    return any(_has(product, wanted) for product in products)


def _has(product, wanted: str) -> bool:
    """values:moss,clay leaf:bowls, one colour and one material, and the last word of
    the category."""
    values, leaf = wanted.split(" leaf:")
    words = plain(product.search_text)
    is_kind = product.category.slug.endswith(leaf.replace(" ", "-"))
    return is_kind and all(value in words for value in values.split(","))


def test_there_are_two_hundred_of_all_kinds():
    kinds = {kind for kind, _, _ in GOLDEN}

    assert len(GOLDEN) == 200
    assert kinds == {
        *("typo", "plural", "diacritics", "sku", "two attributes"),
        *("nonsense", "synonym"),
    }


def test_nineteen_of_twenty_searches_find_what_they_should_among_ten():
    the_demo_shop()

    missed = [
        (kind, words, expected)
        for kind, words, expected in GOLDEN
        if not is_found(a_listing(urlencode({"q": words}), is_cold=False), expected)
    ]

    assert len(missed) <= len(GOLDEN) * 0.05, missed
