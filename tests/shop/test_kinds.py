"""The facet "Kind": categories beneath the one that is listed, by the rules of every
other facet."""

from itertools import product
from urllib.parse import urlencode

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from shop.models import Attribute
from tests.builders import a_category, a_product, a_value
from tests.shop.listings import a_listing, counts, titles

pytestmark = pytest.mark.django_db

# Written apart from the shop's own statement: the tree is walked by the database.
ORACLE = """
WITH RECURSIVE beneath AS (
    SELECT id FROM shop_category WHERE url_path = %(path)s
    UNION ALL
    SELECT c.id FROM shop_category c JOIN beneath b ON c.parent_id = b.id
)
SELECT count(*) FROM shop_product p
WHERE p.live AND p.current_price IS NOT NULL
  AND p.category_id IN (SELECT id FROM beneath)
  AND (%(colour)s = '' OR EXISTS (
      SELECT 1 FROM shop_productattribute a
      JOIN shop_attributevalue v ON v.id = a.value_id
      WHERE a.product_id = p.id AND v.slug = %(colour)s))
  AND (%(most)s = 0 OR p.current_price <= %(most)s)
  AND (NOT %(stocked)s OR p.stock_quantity > 0)
"""


@pytest.fixture(scope="module")
def tableware(module_db):
    """Of a house of three levels of categories, in each of them pieces that differ in
    all that a shopper can choose by."""
    moss, oat = a_value("Moss"), a_value("Oat")
    tableware, light = a_category("Tableware"), a_category("Light")
    bowls, cups = a_category("Bowls", tableware), a_category("Cups", tableware)
    small = a_category("Small", bowls)
    for n, category in enumerate([tableware, bowls, bowls, cups, small, light] * 4):
        a_product(
            f"Piece {n}",
            category=category,
            values=[moss] if n % 3 else [oat],
            price=str(10 + n % 5 * 10),
            stock=n % 4,
        )
    return tableware


def oracle(path: str, colour: str, most: int, stocked: bool) -> int:
    asked = {"path": path, "colour": colour, "most": most, "stocked": stocked}
    with connection.cursor() as cursor:
        cursor.execute(ORACLE, asked)
        return cursor.fetchone()[0]


# Before there is a house, which the tests of a module share


def test_a_search_can_be_narrowed_to_a_kind():
    light = a_category("Light")
    a_product("Moon lamp", category=light)
    a_product("Moon jar", category=a_category("Jars"))
    a_product("Bench", category=a_category("Seats"))

    found = a_listing("q=moon")

    assert counts(found, "kind") == {"light": 1, "jars": 1}
    assert titles(a_listing("q=moon&kind=light")) == ["Moon lamp"]


# In the house


def test_a_kind_counts_what_the_other_choices_leave_of_it(tableware):
    asked = product(["", "moss", "oat"], [0, 30], [0, 1], ["", "tableware", "light"])

    for colour, most, stocked, kind in asked:
        query = {"colour": colour, "price_max": most or "", "kind": kind}
        listing = a_listing(urlencode(query | {"in_stock": stocked}))
        found = counts(listing, "kind")
        assert {"tableware", "light"} <= found.keys()
        for slug, count in found.items():
            path = slug.replace(".", "/")
            assert count == oracle(path, colour, most, bool(stocked))


def test_each_count_is_what_the_kind_would_leave(tableware):
    for slug, count in counts(a_listing("colour=moss"), "kind").items():
        assert a_listing(f"colour=moss&kind={slug}").total == count


def test_kinds_widen_each_other_and_keep_the_rest(tableware):
    alone = [
        a_listing(f"kind={kind}&in_stock=1", tableware).total
        for kind in ("bowls", "cups")
    ]
    both = a_listing("kind=bowls&kind=cups&in_stock=1", tableware)

    assert both.total == sum(alone)
    assert [a.label for a in both.applied] == ["Bowls", "Cups", "In stock now"]
    assert both.applied[1].url == "/shop/?in_stock=1&kind=bowls"


def test_a_kind_opens_what_lies_within_it_and_is_narrowed_by_that(tableware):
    assert counts(a_listing(), "kind").keys() == {"tableware", "light"}
    opened = counts(a_listing("kind=tableware"), "kind")
    assert opened.keys() == {
        "tableware",
        "tableware.bowls",
        "tableware.cups",
        "light",
    }
    narrowed = a_listing("kind=tableware&kind=tableware.bowls.small")
    assert narrowed.total == 4
    assert counts(narrowed, "kind")["tableware.bowls.small"] == 4


def test_an_unknown_kind_is_no_choice(tableware):
    assert not a_listing("kind=nothing&kind=bowls").choices.is_filtered


def test_no_attribute_takes_a_word_that_addresses_use():
    with pytest.raises(ValidationError):
        Attribute(code="kind", name="Kind").full_clean()
