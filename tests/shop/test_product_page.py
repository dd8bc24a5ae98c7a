"""What a product page says beside the piece itself."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
import time_machine
from django.core.cache import cache

from checkout import promises
from tests.builders import (
    a_category,
    a_delivery_method,
    a_picture,
    a_product,
    a_value,
    a_variant,
)
from tests.shop.test_pages import json_ld

pytestmark = pytest.mark.django_db


def related(client, product) -> list[str]:
    cache.clear()
    return [other.title for other in client.get(product.url).context["related"]]


def test_good_company_is_of_the_same_kind_then_of_the_kind_above(client):
    tableware = a_category("Tableware")
    bowls, cups = a_category("Bowls", tableware), a_category("Cups", tableware)
    bowl = a_product("Bowl", category=bowls, popularity=99)
    a_product("Deep bowl", category=bowls, popularity=1)
    a_product("Sold out bowl", category=bowls, popularity=9, stock=0)
    a_product("Draft bowl", category=bowls, popularity=9, live=False)
    for n in range(4):
        a_product(f"Cup {n}", category=cups, popularity=9 - n)
    a_product("Lamp", category=a_category("Lamps"), popularity=999)

    assert related(client, bowl) == ["Deep bowl", "Cup 0", "Cup 1", "Cup 2"]
    page = client.get(bowl.url).content.decode()
    assert "Good company" in page
    lamp = a_product("Last", category=a_category("Last"))
    assert related(client, lamp) == []
    assert "Good company" not in client.get(lamp.url).content.decode()


def test_a_piece_names_the_day_and_the_price_of_its_delivery(client):
    a_delivery_method("post", "4.90", free_from=80, least_days=2, most_days=4)
    a_delivery_method("day", "9.90", position=1, least_days=1, most_days=1)
    a_delivery_method("far", "1", position=2, countries=["SE"])
    cheap, dear = a_product(price="36.50"), a_product("Large bowl", price="90")

    # A Friday evening in Lisbon.
    with time_machine.travel(datetime(2026, 11, 20, 20, tzinfo=UTC), tick=False):
        page = client.get(cheap.url).content.decode()
        assert "Post: by Thursday 26 November</strong> if ordered today" in page
        assert "€4.90, free from €80.00." in page
        assert "Day: by Monday 23 November</strong>. " in page
        assert "Far" not in page
        first = client.get(dear.url).context["ways"][0]
    assert (first.name, first.price) == ("Post", 0)


def test_what_is_sold_out_promises_no_day(client):
    a_delivery_method("post", "4.90")
    page = client.get(a_product(stock=0).url)

    assert not page.context["ways"]
    assert "if ordered today" not in page.content.decode()


def test_methods_are_asked_for_once_for_all_pages(django_assert_num_queries):
    a_delivery_method("post", "4.90")
    now = datetime(2026, 11, 20, tzinfo=UTC)

    with django_assert_num_queries(1):
        for _ in range(3):
            assert promises.ways(Decimal(10), 100, now=now)


def test_several_variants_are_a_group_to_search_engines(client):
    mug = a_product("Norr mug", price=None, picture=a_picture())
    for label, price in (("Moss", "24"), ("Oat", "26")):
        large = a_value("Large", "size")
        glaze = a_value(label, "glaze")
        options = [a_value(label), large, glaze]
        a_variant(mug, sku=f"N-{label}", price=price, options=options, stock=len(label))

    page = client.get(mug.url)
    about = json_ld(page, "ProductGroup")

    assert about["productGroupID"] == str(mug.pk)
    assert about["variesBy"] == ["https://schema.org/color", "https://schema.org/size"]
    moss, oat = about["hasVariant"]
    assert (moss["sku"], moss["color"], moss["size"]) == ("N-Moss", "Moss", "Large")
    assert [v["offers"]["price"] for v in (moss, oat)] == ["24.00", "26.00"]
    # The address of a variant shows that variant.
    there = oat["offers"]["url"].removeprefix("http://testserver")
    assert client.get(there).context["variant"].sku == "N-Oat"
    assert "offers" not in about


def test_the_head_names_picture_price_and_the_one_address(client):
    bowl = a_product("Vid", price="36.50", picture=a_picture("Bowl"))
    a_variant(bowl, options=[a_value("Moss")], price="40")

    page = client.get(f"{bowl.url}?colour=moss").content.decode()

    assert f'<link rel="canonical" href="http://testserver{bowl.url}">' in page
    assert '<meta property="og:type" content="product">' in page
    assert '<meta property="og:image:alt" content="A Bowl">' in page
    assert '<meta property="product:price:amount" content="40.00">' in page
    assert '<meta property="product:price:currency" content="EUR">' in page


def test_what_was_seen_lately_is_an_empty_place_that_the_server_knows_nothing_of(
    client,
):
    page = client.get(a_product("Vid <bowl>").url)

    assert 'id="recent" data-title="Vid &lt;bowl&gt;"' in page.content.decode()
    assert not page.cookies
