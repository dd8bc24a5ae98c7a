"""What search engines and price comparisons read of the whole shop at once."""

import re
from datetime import timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from shop import feed, sitemaps
from shop.models import Product
from shop.prices import change_price
from tests.builders import (
    NOON,
    a_brand,
    a_category,
    a_picture,
    a_product,
    a_value,
    a_variant,
)
from tests.many import further_variants

pytestmark = pytest.mark.django_db
G = "{http://base.google.com/ns/1.0}"


def read(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.streaming
    text = b"".join(answer).decode()
    ElementTree.fromstring(text)  # noqa: S314
    return text


def locations(client, address: str) -> list[str]:
    found = re.findall("<loc>http://testserver(.*?)</loc>", read(client, address))
    for path in found:
        assert "&amp;" not in path
    return found


def test_the_index_leads_to_every_published_product_and_list(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "KEYS", 4)
    bowls = a_category("Bowls", a_category("Tableware"))
    a_category("Empty")
    a_brand("Nobody")
    made = [a_product(f"B {n}", category=bowls, brand=a_brand()) for n in range(9)]
    Product.objects.filter(pk=made[0].pk).update(compare_at_price=99)
    hidden = [a_product("Draft", live=False), a_product("Unpriced", price=None)]

    files = locations(client, "/sitemap.xml")
    assert files[:2] == ["/sitemaps/pages.xml", "/sitemaps/lists.xml"]
    told = [path for file in files[2:] for path in locations(client, file)]
    assert told == [product.url for product in made]
    assert not {product.url for product in hidden} & set(told)
    lists = locations(client, "/sitemaps/lists.xml")
    assert lists == [
        *("/shop/", "/shop/tableware/", "/shop/tableware/bowls/"),
        *("/shop/?sale=1", "/shop/?brand=oficina-mare"),
    ]
    for address in lists:
        assert "noindex" not in client.get(address).content.decode()
    assert client.get("/sitemaps/products-999999.xml").status_code == 404


@pytest.mark.parametrize("products", [1, 50])
def test_a_file_of_the_map_costs_the_same_queries(
    client, products, django_assert_max_num_queries
):
    first = a_product("Bowl 0")
    Product.objects.bulk_create(
        Product(
            title=f"B {n}",
            slug=f"b-{n}",
            category=first.category,
            created_at=NOON,
            current_price=5,
        )
        for n in range(products - 1)
    )
    part = f"/sitemaps/products-{first.pk // sitemaps.KEYS}.xml"
    client.get("/shop/?sort=name")

    with django_assert_max_num_queries(2):
        assert len(locations(client, part)) == products


def items(client) -> dict[str, dict[str, str]]:
    """{SKU: what the feed says of it}"""
    channel = ElementTree.fromstring(read(client, "/feeds/products.xml"))[0]  # noqa: S314
    rows = [
        {fact.tag.removeprefix(G): fact.text for fact in item}
        for item in channel.iter("item")
    ]
    assert len({row["id"] for row in rows}) == len(rows)
    return {row["id"]: row for row in rows}


def test_the_feed_has_a_row_for_each_variant_that_is_for_sale(client, monkeypatch):
    monkeypatch.setattr(feed, "BATCH", 2)
    picture = a_picture()
    picture.make_cuts()
    mug = a_product(
        "Mug & <cup>",
        price=None,
        category=a_category("Cups", a_category("Tableware")),
        brand=a_brand(),
        description="<p>Thrown\x0b by hand.</p>",
        picture=picture,
    )
    moss = a_variant(
        mug,
        sku="M-1",
        price="20",
        options=[a_value("Moss")],
        now=NOON - timedelta(days=9),
        weight_g=300,
    )
    a_variant(mug, sku="M-2", stock=0, options=[a_value("Oat")])
    a_variant(mug, sku="M-3", is_active=False)
    change_price(moss.pk, Decimal(15), now=NOON)
    bowl = a_product("Bowl")
    a_product("Draft", live=False)

    rows = items(client)

    assert list(rows) == ["M-1", "M-2", bowl.variants.get().sku]
    assert rows["M-1"] == {
        "id": "M-1",
        "item_group_id": str(mug.pk),
        "title": "Mug & <cup>, Moss",
        "description": "Thrown by hand.",
        "link": f"http://testserver{mug.url}?colour=moss",
        "image_link": f"http://testserver{picture.sources('card')[-1][0]}",
        "availability": "in_stock",
        "price": "20.00 EUR",
        "sale_price": "15.00 EUR",
        "brand": "Oficina Maré",
        "condition": "new",
        "product_type": "Tableware > Cups",
        "color": "Moss",
        "shipping_weight": "300 g",
    }
    assert rows["M-2"]["availability"] == "out_of_stock"
    last = rows[bowl.variants.get().sku]
    assert "item_group_id" not in last
    assert last["description"] == "Bowl"
    page = client.get(rows["M-1"]["link"].removeprefix("http://testserver"))
    assert page.context["variant"].sku == "M-1"


@pytest.mark.parametrize("variants", [1, 50])
def test_the_feed_asks_once_for_each_batch(
    client, variants, django_assert_max_num_queries
):
    mug = a_product("Mug")
    further_variants(mug, [a_value(f"Colour {n}") for n in range(variants - 1)])
    client.get("/shop/?sort=name")

    # One brings the rows, one finds that there are no more.
    with django_assert_max_num_queries(2):
        assert len(items(client)) == variants
