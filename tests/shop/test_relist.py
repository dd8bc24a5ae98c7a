from contextlib import suppress

import pytest
from django.db import connection, transaction

from shop.models import Product, Stock
from shop.relist import WRITE_A_FEW, _writing, drift, relist
from tests.builders import a_product, a_value, a_variant
from tests.many import many_products

pytestmark = pytest.mark.django_db
# So many that to look at all for each of all, a few dozen times, is less than to do so
# once for each of all again: 17 times their square, and 57 without the repair.
MANY = 40


class EmptiedAgain(Exception):
    pass


def test_a_row_follows_its_variants():
    product = a_product(price="40", stock=2)
    a_variant(product, price="30", stock=3, options=[a_value("Moss")])
    product.refresh_from_db()

    assert product.current_price == 30
    assert product.has_price_range
    assert product.stock_quantity == 5
    assert product.value_ids == [a_value("Moss").pk]
    assert "Moss" in product.search_text


def test_a_bulk_change_shows_as_drift_and_is_put_right():
    product = a_product(stock=2)
    Stock.objects.update(on_hand=7)

    assert drift() == [product.pk]
    assert relist() == 1
    assert drift() == []
    assert Product.objects.get().stock_quantity == 7


def test_a_variant_that_is_switched_off_counts_for_nothing():
    product = a_product(price="40")
    product.variants.update(is_active=False)
    relist([product.pk])

    product.refresh_from_db()
    assert (product.current_price, product.stock_quantity) == (None, 0)


def rows_looked_at(plan: dict) -> int:
    here = plan["Actual Rows"] + plan.get("Rows Removed by Join Filter", 0)
    further = sum(map(rows_looked_at, plan.get("Plans", [])))
    return here * plan["Actual Loops"] + further


def test_what_is_thought_to_be_empty_is_not_looked_at_for_every_row_of_the_rest():
    """As after the first import: PostgreSQL has looked while there was nothing."""
    with suppress(EmptiedAgain), transaction.atomic():
        many_products(MANY)
        raise EmptiedAgain
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE shop_product, shop_variant, shop_stock")
    ids = [product.pk for product in many_products(MANY)]
    Product.objects.update(stock_quantity=0)

    with connection.cursor() as cursor:
        explain = "EXPLAIN (ANALYZE, FORMAT JSON)"
        cursor.execute(f"{explain} {_writing('id = ANY(%s)')}", [ids])
        [[[plan]]] = cursor.fetchall()

    assert MANY < rows_looked_at(plan["Plan"]) < MANY**3


def test_for_a_few_it_is_planned_once():
    product = a_product()
    for _ in range(7):
        relist([product.pk])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = %s",
            [WRITE_A_FEW.name],
        )
        assert cursor.fetchall() == [(True,)]
