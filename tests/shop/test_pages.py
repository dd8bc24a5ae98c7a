import json
import re

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import tree
from shop.models import ProductImage
from tests.builders import a_category, a_picture, a_product, a_value, a_variant
from tests.composing import a_framed_picture
from tests.many import further_variants, many_products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def test_a_category_page_names_its_products(client):
    bowls = a_category("Bowls", a_category("Tableware"))
    a_product("Vid serving bowl", category=bowls)

    page = client.get("/shop/tableware/bowls/")

    assert page.status_code == 200
    assert "Vid serving bowl" in page.content.decode()


UNKNOWN = ["/shop/nowhere/", "/shop/tableware/nowhere/", "/product/nothing/"]
UNKNOWN += ["/shop/%00/", "/no-such-page/", "/order/no-such-order/"]


def test_an_unknown_address_is_a_page_that_says_so(client):
    for address in UNKNOWN:
        page = client.get(address)

        assert page.status_code == 404, address
        assert "<h1" in page.content.decode()


DAMAGED = ["page=0", "page=abc", "page=999999", "sort=sideways", "colour=puce&colour="]
DAMAGED += ["price_min=x&price_max=1e999", "q=%27%29%3B--", "in_stock=%00"]
DAMAGED += ["colour=%F0%9F%8F%BA&page=-1"]


def test_a_damaged_query_is_a_page_like_any_other(client):
    a_product(values=[a_value("Moss")])

    for query in DAMAGED:
        for address in ("/shop/", "/search/", "/shop/bowls/"):
            page = client.get(f"{address}?{query}", follow=True)
            assert page.status_code == 200, (query, address)


def test_a_public_page_is_the_same_for_everyone(client):
    product = a_product()

    for address in ("/", "/shop/", "/shop/bowls/", product.url, "/search/?q=bowl"):
        page = client.get(address)
        assert page.status_code == 200
        assert not page.cookies
        assert "Cookie" not in page.get("Vary", "")
        assert "csrfmiddlewaretoken" not in page.content.decode()


def a_full_page(products: int):
    bowls = a_category("Bowls", a_category("Tableware"))
    moss, clay = a_value("Moss", swatch="#8f9678"), a_value("Clay", "material")
    picture = a_framed_picture()
    ProductImage.objects.bulk_create(
        ProductImage(product=product, picture=picture)
        for product in many_products(
            products, categories=[bowls], values=[moss, clay], pictures=[picture]
        )
    )


@pytest.mark.parametrize("products", [1, 50])
def test_a_cold_list_takes_two_queries_in_all(client, products, settings):
    settings.SHOP_PAGE_SIZE = 50
    a_full_page(products)
    # What all pages share may be cached; this page has never been asked for.
    client.get("/shop/?sort=name")

    with CaptureQueriesContext(connection) as queries:
        page = client.get("/shop/tableware/bowls/?colour=moss")

    assert page.content.decode().count('class="card"') == products
    assert len(queries) == 2


def test_the_first_page_after_a_flush_takes_ten_queries_at_most(client):
    a_full_page(3)
    cache.clear()

    with CaptureQueriesContext(connection) as queries:
        client.get("/shop/tableware/bowls/")

    assert len(queries) <= 10


@pytest.mark.parametrize("variants", [1, 50])
def test_a_cold_product_page_takes_six_queries_in_all(client, variants):
    product = a_product(values=[a_value("Clay", "material")], picture=a_picture())
    further_variants(product, [a_value(f"Colour {n}") for n in range(variants)])
    # Its picture is cut, and what all pages share is cached.
    client.get(product.url)
    cache.delete_pattern("page:*")

    with CaptureQueriesContext(connection) as queries:
        client.get(product.url)

    assert len(queries) <= 6


def json_ld(page, kind="Product") -> dict:
    scripts = re.findall(
        r'<script type="application/ld\+json">(.*?)</script>', page.content.decode()
    )
    found = [json.loads(script) for script in scripts]
    return next(item for item in found if item["@type"] == kind)


def test_structured_data_tells_the_price_that_is_shown(client):
    product = a_product("Vid <bowl>", price="36.50", stock=0)

    page = client.get(product.url)
    about = json_ld(page)

    assert about["name"] == "Vid <bowl>"
    assert about["offers"]["price"] == "36.50"
    assert about["offers"]["availability"].endswith("OutOfStock")
    assert "€36.50" in page.content.decode()


def test_a_choice_in_the_address_shows_that_variant(client):
    product = a_product(price=None)
    a_variant(product, options=[a_value("Moss")], price="10")
    a_variant(product, options=[a_value("Oat")], price="12")

    assert client.get(f"{product.url}?colour=oat").context["price"].amount == 12
    assert client.get(f"{product.url}?colour=puce").context["price"].amount == 10


@pytest.mark.parametrize("colour_first", [True, False])
def test_details_stand_in_the_order_of_their_attributes(client, colour_first):
    colour = a_value("Moss", position=0 if colour_first else 1)
    size = a_value("Ø 26 cm", "size", position=1 if colour_first else 0)
    product = a_product(price=None)
    a_variant(product, options=[colour, size])

    details = dict(client.get(product.url).context["details"])

    names = [name for name in details if name in {"Colour", "Size"}]
    assert names == (["Colour", "Size"] if colour_first else ["Size", "Colour"])


def test_an_unpublished_product_is_not_there(client):
    product = a_product(live=False)

    assert client.get(product.url).status_code == 404


def test_counts_of_categories_follow_the_tree():
    tableware = a_category("Tableware")
    a_product(category=a_category("Bowls", tableware))
    a_product(category=tableware)
    cache.clear()

    assert tree.current().get(tableware.pk).pieces == 2


def test_a_category_that_moves_takes_its_subtree_along(client):
    tableware, ceramics = a_category("Tableware"), a_category("Ceramics")
    bowls = a_category("Bowls", tableware)
    a_category("Small", bowls)

    bowls.parent = ceramics
    bowls.save()

    paths = type(bowls).objects.values_list("url_path", flat=True)
    assert "ceramics/bowls/small" in paths
