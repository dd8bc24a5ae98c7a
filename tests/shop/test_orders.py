"""Lists by what has sold and by what is taken off, and lists of what is new, reduced or
of a certain measure."""

import os
from datetime import timedelta
from decimal import Decimal

import psycopg
import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from shop import bestsellers
from shop.inventory import Demand, sell_unreserved
from shop.models import Attribute, Product
from shop.prices import change_price
from shop.relist import relist
from shop.returning import take_back
from tests.builders import NOON, a_brand, a_product, a_value, a_variant
from tests.shop.listings import a_listing

pytestmark = pytest.mark.django_db


def names(query="") -> list[str]:
    return [product.title for product in a_listing(query).products]


def sold(product: Product, pieces: int, *, line: int, now=NOON) -> None:
    sell_unreserved([Demand(product.variants.get().pk, pieces, line)], now=now)


def test_best_selling_is_what_was_sold_of_late_and_not_brought_back():
    bowl, cup, vase = (
        a_product(title, popularity=9 if title == "Bowl" else 0)
        for title in ("Bowl", "Cup", "Vase")
    )
    sold(bowl, 9, line=1, now=NOON - timedelta(days=91))
    sold(cup, 3, line=2)
    sold(vase, 4, line=3)
    take_back({3: 2}, now=NOON)

    assert bestsellers.count(now=NOON) == 2
    assert names("sort=best-selling") == ["Cup", "Vase", "Bowl"]
    assert bestsellers.count(now=NOON) == 0
    assert bestsellers.count(now=NOON + timedelta(days=91)) == 2
    # Where nothing was sold, the shop's own order.
    assert names("sort=best-selling") == ["Bowl", "Cup", "Vase"]


@pytest.mark.django_db(transaction=True)
def test_counting_sales_waits_for_no_order_and_no_order_for_it():
    """Each holds its locks while the other writes."""
    product = a_product(stock=10)
    with transaction.atomic():
        sold(product, 2, line=1)
    with psycopg.connect(os.environ["DATABASE_URL"]) as buyer:
        buyer.execute("SELECT FROM shop_stock ORDER BY id FOR NO KEY UPDATE")
        with transaction.atomic():
            assert bestsellers.count(now=NOON) == 1
            buyer.execute("SET lock_timeout = '500ms'")
            buyer.execute("UPDATE shop_stock SET reserved = 1")


def test_the_biggest_reduction_comes_first_by_its_share():
    a_product("Full", price="10", popularity=99)
    for title, before, price in (("Tenth", "100", "90"), ("Half", "10", "5")):
        product = a_product(title, price=before, now=NOON - timedelta(days=9))
        change_price(product.variants.get().pk, Decimal(price), now=NOON)
        relist([product.pk])

    assert names("sort=reduction") == ["Half", "Tenth", "Full"]
    assert dict(Product.objects.values_list("title", "reduction")) == {
        "Half": 5000,
        "Tenth": 1000,
        "Full": 0,
    }


def test_what_is_new_is_a_list_with_a_count_and_a_mark():
    a_product("Old", created_at=NOON - timedelta(days=30))
    a_product("New", created_at=NOON - timedelta(days=29))

    assert a_listing().new_count == 1
    assert names("new=1") == ["New"]
    [applied] = a_listing("new=1").applied
    assert (applied.label, applied.url) == ("New", "/shop/")


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/shop/?new=1", "New pieces"),
        ("/shop/?sale=1", "Reduced"),
        ("/shop/?brand=oficina-mare", "Oficina Maré"),
    ],
)
def test_new_reduced_and_a_workshop_are_lists_that_search_engines_keep(
    client, address, heading
):
    a_product(brand=a_brand(), created_at=timezone.now())
    Product.objects.update(compare_at_price=99)

    page = client.get(f"{address}&sort=price").content.decode()
    assert f"<h1>{heading}</h1>" in page
    assert f'rel="canonical" href="http://testserver{address}"' in page
    assert "noindex" not in page
    narrower = client.get(f"{address}&in_stock=1", follow=True)
    assert "noindex" in narrower.content.decode()


def test_a_measure_is_chosen_from_where_to_where():
    for number in ("10", "25.5", "50"):
        label = f"{number} cl".replace(".", "-")
        value = a_value(label, "capacity", kind="number", unit="cl", number=number)
        a_product(f"Cup {number}", values=[value])
    mug = a_product("Mug", price=None)
    a_variant(mug, options=[a_value("25-5 cl", "capacity")])
    a_product("Plate")

    assert sorted(names("capacity_min=20")) == ["Cup 25.5", "Cup 50", "Mug"]
    assert sorted(names("capacity_max=25.5&capacity_min=10.01")) == ["Cup 25.5", "Mug"]
    assert names("capacity_min=51") == []
    listing = a_listing("capacity_max=30&price_max=40")
    [facet] = [facet for facet in listing.facets if facet.code == "capacity"]
    # Its own choice hides no number, and the bars of the chosen ones stand out.
    assert (facet.lowest, facet.highest) == (10, 50)
    assert [(bar.height, bar.is_in) for bar in facet.bars] == [
        (20, True),
        (40, True),
        (20, False),
    ]
    assert [(a.label, a.url) for a in listing.applied] == [
        ("Capacity up to 30 cl", "/shop/?price_max=40"),
        ("up to €40", "/shop/?capacity_max=30"),
    ]


def test_a_range_is_two_fields_that_keep_what_was_typed(client):
    value = a_value("25 cl", "capacity", kind="number", unit="cl", number="25")
    a_product("Cup", values=[value])

    page = client.get("/shop/?capacity_max=30&capacity_min=20").content.decode()

    assert 'name="capacity_min" inputmode="decimal" value="20"' in page
    assert 'name="capacity_max" inputmode="decimal" value="30"' in page
    assert 'name="capacity" value="25-cl"' not in page
    led = client.get("/shop/?capacity_min=020,0&capacity=25-cl")
    assert led["Location"] == "/shop/?capacity_min=20"


def test_no_attribute_takes_the_name_of_a_range():
    with pytest.raises(ValidationError):
        Attribute(code="capacity_min", name="Capacity").full_clean()
