from decimal import Decimal

import pytest
from django.http import QueryDict

from shop.choices import DEEPEST_PAGE, Choices
from shop.tree import Facet, FacetValue

COLOUR = Facet(
    "colour",
    "Colour",
    "choice",
    "",
    (FacetValue(1, "moss", "Moss", ""), FacetValue(2, "oat", "Oat", "")),
)


def read(query: str) -> Choices:
    return Choices.from_query(QueryDict(query), [COLOUR])


def test_what_is_unknown_is_dropped():
    assert read("colour=puce&glaze=moss&sort=sideways&in_stock=maybe") == Choices()


@pytest.mark.parametrize("page", ["", "0", "-1", "abc", "2.5", "١٢", "1e3"])
def test_a_damaged_page_is_the_first(page):
    assert read(f"page={page}").page == 1


def test_a_page_beyond_reason_is_the_deepest():
    assert read("page=999999").page == DEEPEST_PAGE


@pytest.mark.parametrize("price", ["x", "-1", "NaN", "Infinity", "1e99", "９", ""])
def test_a_damaged_price_is_no_price(price):
    assert read(f"price_min={price}").price_min is None


def test_a_price_may_have_a_comma():
    assert read("price_max=20,50").price_max == Decimal("20.5")


def test_the_same_choices_have_one_address():
    one, other = read("colour=oat&colour=moss&page=1"), read("colour=moss&colour=oat")

    assert one.url("/shop/") == other.url("/shop/") == "/shop/?colour=moss&colour=oat"


def test_a_change_starts_again_at_the_first_page():
    assert read("page=4").url("/shop/", sort="price") == "/shop/?sort=price"


def test_a_value_can_be_taken_away():
    assert read("colour=moss&colour=oat").without_value("colour", "oat") == {
        "colour": ("moss",)
    }


def test_words_lose_zero_bytes_and_excess():
    assert read("q=%00bowl++moss").q == "bowl moss"
    assert len(read("q=" + "a" * 5000).q) == 100
