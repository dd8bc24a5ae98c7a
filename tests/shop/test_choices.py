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
    (FacetValue(1, "moss", "Moss", "", None), FacetValue(2, "oat", "Oat", "", None)),
)

CAPACITY = Facet(
    "capacity",
    "Capacity",
    "number",
    "cl",
    tuple(FacetValue(n, f"{n}-cl", f"{n} cl", "", Decimal(n)) for n in (10, 25, 50)),
)


def read(query: str) -> Choices:
    return Choices.from_query(QueryDict(query), [COLOUR, CAPACITY])


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


def test_a_range_of_numbers_has_one_address_and_drops_what_is_no_number():
    choices = read("capacity_max=50&capacity_min=020,50&new=1")

    assert choices.url("/") == "/?capacity_max=50&capacity_min=20.5&new=1"
    assert read("capacity_min=x&capacity=25-cl&capacity_max=-1") == Choices()
    assert not choices.is_as_written(QueryDict("capacity_min=20,5"), [CAPACITY])
    assert choices.without_range("capacity") == {}


def test_both_ends_of_a_range_belong_to_it():
    assert CAPACITY.ids_between(Decimal(10), Decimal(25)) == [10, 25]
    assert CAPACITY.ids_between(Decimal("25.01"), None) == [50]
    assert CAPACITY.ids_between(None, Decimal(5)) == []


@pytest.mark.parametrize(
    ("query", "only"),
    [
        ("sale=1&page=3&sort=price", ("sale", "1")),
        ("new=1", ("new", "1")),
        ("new=1&sale=1", None),
        ("colour=moss", None),
        ("in_stock=1", None),
        ("", None),
    ],
)
def test_what_is_new_or_reduced_is_a_list_of_its_own(query, only):
    assert read(query).only == only
