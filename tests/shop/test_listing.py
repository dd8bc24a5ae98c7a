from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.queries import get_catalog_queryset
from tests.builders import NOON, a_category, a_product, a_value, a_variant
from tests.many import many_products
from tests.shop.listings import a_listing, counts, titles

pytestmark = pytest.mark.django_db


def test_a_category_lists_its_whole_subtree():
    tableware = a_category("Tableware")
    a_product("Bowl", category=a_category("Bowls", tableware))
    a_product("Vase", category=a_category("Vases"))

    assert titles(a_listing(category=tableware)) == ["Bowl"]


def test_unpublished_and_unpriced_products_are_not_listed():
    a_product("Draft", live=False)
    a_product("Unpriced", price=None)

    assert a_listing().total == 0


def test_values_of_one_facet_widen_and_facets_narrow():
    moss, oat, clay = a_value("Moss"), a_value("Oat"), a_value("Clay", "material")
    a_product("Moss clay", values=[moss, clay])
    a_product("Oat clay", values=[oat, clay])
    a_product("Moss", values=[moss])

    assert titles(a_listing("colour=moss&colour=oat")) == [
        "Moss",
        "Moss clay",
        "Oat clay",
    ]
    assert titles(a_listing("colour=moss&material=clay")) == ["Moss clay"]


def test_a_choice_does_not_hide_its_siblings():
    moss, oat = a_value("Moss"), a_value("Oat")
    a_product("Moss", values=[moss])
    a_product("Oat", values=[oat])

    assert counts(a_listing("colour=moss"), "colour") == {"moss": 1, "oat": 1}


def test_a_choice_that_would_leave_nothing_counts_nought():
    moss, oat, clay = a_value("Moss"), a_value("Oat"), a_value("Clay", "material")
    a_product("Moss clay", values=[moss, clay])
    a_product("Oat", values=[oat])

    assert counts(a_listing("material=clay"), "colour") == {"moss": 1, "oat": 0}


def test_each_count_is_what_the_choice_would_leave():
    moss, oat, clay = a_value("Moss"), a_value("Oat"), a_value("Clay", "material")
    a_product("Moss clay", values=[moss, clay], price="10")
    a_product("Oat clay", values=[oat, clay], price="50")
    a_product("Moss sold out", values=[moss], price="10", stock=0)
    query = "material=clay&price_max=20&in_stock=1"

    for slug, count in counts(a_listing(query), "colour").items():
        assert a_listing(f"{query}&colour={slug}").total == count


def test_a_variants_value_counts_for_its_product_once():
    moss, oat = a_value("Moss"), a_value("Oat")
    product = a_product("Mug", values=[moss])
    a_variant(product, options=[moss])
    a_variant(product, options=[oat])

    assert counts(a_listing(), "colour") == {"moss": 1, "oat": 1}
    assert [label for label, _ in a_listing("colour=oat").products[0].swatches] == []


def test_swatches_show_the_colours_of_all_variants():
    moss = a_value("Moss", swatch="#8f9678")
    product = a_product("Mug", values=[])
    a_variant(product, options=[moss])

    assert a_listing().products[0].swatches == [("Moss", "#8f9678")]


def test_a_product_is_new_for_thirty_days():
    a_product("Old", created_at=NOON - timedelta(days=30))
    a_product("New", created_at=NOON - timedelta(days=29))

    assert [p.title for p in a_listing().products if p.is_new] == ["New"]


@pytest.mark.parametrize(
    ("sort", "first"),
    [("price", "Cheap"), ("-price", "Dear"), ("name", "Cheap"), ("newest", "Dear")],
)
def test_a_list_can_be_ordered(sort, first):
    a_product("Cheap", price="5")
    a_product("Dear", price="50")

    assert a_listing(f"sort={sort}").products[0].title == first


def test_a_page_after_the_last_is_the_last():
    many_products(25)

    listing = a_listing("page=999999")

    assert (listing.page, len(listing.products), listing.next_url) == (2, 1, "")


def test_pages_together_show_every_product_once(settings):
    settings.SHOP_PAGE_SIZE = 4
    made = {a_product(f"Bowl {n}").pk for n in range(9)}
    shown = [p.pk for page in (1, 2, 3) for p in a_listing(f"page={page}").products]

    assert sorted(shown) == sorted(made)


def test_a_filter_in_force_can_be_taken_away():
    a_product("Moss", values=[a_value("Moss")])
    listing = a_listing("colour=moss&in_stock=1&sort=price")

    assert [(a.label, a.url) for a in listing.applied] == [
        ("Moss", "/shop/?in_stock=1&sort=price"),
        ("In stock now", "/shop/?colour=moss&sort=price"),
    ]
    assert listing.clear_url == "/shop/?sort=price"


def test_words_find_products_by_title_label_and_sku():
    mug = a_product("Norr mug", caption="Stoneware, oat glaze")
    sku = mug.variants.get().sku

    for words in ("norr", "mug stonew", sku, "OAT"):
        assert titles(a_listing(f"q={words}")) == ["Norr mug"]


@pytest.mark.parametrize("words", ["'", "& | !", ":*", "\\", "<->", "a'b & c", "%"])
def test_no_words_break_the_search(words):
    a_product("Norr mug")

    assert a_listing(urlencode({"q": words})).total >= 0


@pytest.mark.parametrize("products", [1, 50])
def test_products_come_with_all_their_pictures_and_values_in_three_queries(
    products, django_assert_num_queries
):
    moss, clay = a_value("Moss"), a_value("Clay", "material")
    many_products(products, values=[moss, clay])

    with django_assert_num_queries(3):
        found = list(get_catalog_queryset())
        values = [
            [own.value.attribute.code for own in product.filterable_attributes]
            for product in found
        ]
        assert [product.secondary_images for product in found] == [[]] * products
    assert values == [["colour", "material"]] * products


@pytest.mark.parametrize("products", [1, 50])
def test_a_list_takes_two_queries_however_long(products, settings):
    settings.SHOP_PAGE_SIZE = 50
    moss = a_value("Moss")
    many_products(products, values=[moss])
    listing = a_listing("colour=moss")

    with CaptureQueriesContext(connection) as queries:
        rows = [(p.main_image, p.swatches) for p in listing.products]
        assert listing.facets and listing.pages

    assert (len(rows), len(queries)) == (products, 2)
