"""What blocks are given to show: by one query, and as each shelf alone finds it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop import shelves, tree
from shop.inventory import Demand, lock_stock, release, reserve, sell
from shop.models import Product, Variant
from shop.relist import relist
from tests.builders import NOON, a_category, a_picture, a_product, a_variant

pytestmark = pytest.mark.django_db


def fetch(products=(), categories=(), wanted=(), sales=None):
    return shelves.fetch(products, categories, wanted, sales or {}, now=NOON)


def a_mixed_shop():
    """Twenty products that differ in all that a rule looks at, ties among them."""
    top = a_category("Tableware")
    bowls, cups = a_category("Bowls", top), a_category("Cups", top)
    vases = a_category("Vases")
    for n in range(20):
        product = a_product(
            f"Piece {n}",
            price=None,
            category=(bowls, cups, vases)[n % 3],
            popularity=n % 4,
            created_at=NOON - timedelta(days=n % 5),
        )
        cut = {"compare_at_price": "50.00"} if n % 4 == 0 else {}
        a_variant(product, price="36.50", stock=n // 3 % 3, **cut)
    return top, bowls, vases


def test_many_shelves_hold_what_each_alone_would_find():
    top, bowls, vases = a_mixed_shop()
    rules = [("newest", None), ("on_sale", None)]
    rules += [("category", category.pk) for category in (top, bowls, vases)]
    wanted = [
        (rule, category, count, skip)
        for rule, category in rules
        for count in (2, 5, 12)
        for skip in (True, False)
    ]

    together = fetch(wanted=wanted).shelves

    known = tree.current()
    for shelf in wanted:
        alone = [row["pk"] for row in shelves._rule(shelf, known).first(shelf[2])]
        assert [product.pk for product in together[shelf]] == alone
        assert alone


def know_the_tree() -> None:
    """Each half is asked for when it is first needed, and then kept."""
    known = tree.current()
    assert known.branches and known.facets is not None


def test_fifty_shelves_and_fifty_products_are_one_query():
    top, _, _ = a_mixed_shop()
    know_the_tree()
    ids = list(Product.objects.values_list("pk", flat=True))
    wanted = [("newest", None, count, True) for count in range(1, 13)]
    wanted += [("category", top.pk, count, False) for count in range(1, 13)]

    with CaptureQueriesContext(connection) as queries:
        goods = fetch(ids, [top.pk], wanted, dict.fromkeys(ids))
        [product.main_image for product in goods.products.values()]

    assert len(queries) == 1


def test_categories_alone_ask_nothing():
    bowls = a_category("Bowls", picture=a_picture(size=(8, 8)))
    a_product(category=bowls)
    know_the_tree()

    with CaptureQueriesContext(connection) as queries:
        [category] = fetch(categories=[bowls.pk]).categories.values()

    assert len(queries) == 0
    assert (category.name, category.url, category.pieces) == ("Bowls", bowls.url, 1)
    assert category.picture_id == bowls.picture_id


def test_what_is_gone_is_left_out():
    draft = a_product("Draft")
    Product.objects.filter(pk=draft.pk).update(live=False)
    gone = ("category", 4711, 4, True)

    goods = fetch([draft.pk, 4711], [4711], [gone])

    assert goods.products == goods.categories == {}
    assert goods.shelves == {gone: []}


def test_nothing_is_asked_for_nothing():
    goods = fetch()

    assert goods.products == goods.categories == goods.shelves == {}


def sale_of(product, begin=None):
    return fetch([product.pk], sales={product.pk: begin}).products[product.pk]


def order(variant: Variant, pieces: int, line: int, *, now=NOON) -> None:
    demand = Demand(variant.pk, pieces, line)
    reserve(lock_stock([variant.pk]), [demand], now=now)
    relist([variant.product_id])


def test_a_product_with_one_variant_can_be_bought_at_once():
    product = a_product()

    assert sale_of(product).sku == product.variants.get().sku
    a_variant(product)
    assert sale_of(product).sku == ""


def test_a_sale_counts_what_was_there_when_it_began():
    product = a_product(stock=120)
    variant = product.variants.get()
    order(variant, 20, 1, now=NOON - timedelta(days=2))
    sell([1], now=NOON - timedelta(days=2))
    order(variant, 30, 2, now=NOON)
    sell([2], now=NOON)
    order(variant, 5, 3, now=NOON)

    on_sale = sale_of(product, NOON - timedelta(days=1))

    assert (on_sale.stock_quantity, on_sale.pieces_at_start) == (65, 100)
    assert sale_of(product).pieces_at_start == 120


def test_what_comes_back_was_never_gone():
    product = a_product(stock=10)
    order(product.variants.get(), 4, 1)
    release([1], now=NOON)
    relist([product.pk])

    assert sale_of(product).pieces_at_start == 10


def test_each_sale_has_its_own_begin():
    first, second = a_product(stock=10), a_product(stock=10)
    for line, product in enumerate((first, second), start=1):
        order(product.variants.get(), 4, line)
    begins = {first.pk: NOON - timedelta(days=1), second.pk: NOON + timedelta(days=1)}

    products = fetch(list(begins), sales=begins).products

    assert products[first.pk].pieces_at_start == 10
    assert products[second.pk].pieces_at_start == 6
