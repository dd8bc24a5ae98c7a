"""Two relistings of one product: the later one must not write what it saw earlier."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from shop.models import Product, Stock
from shop.relist import drift, relist
from tests.builders import a_product

pytestmark = pytest.mark.django_db(transaction=True)


def wait_until_somebody_waits() -> None:
    """Until another connection waits for the present transaction to end."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted"
                " AND transactionid = pg_current_xact_id()::xid"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    raise AssertionError("Nobody waits.")


def relist_elsewhere(product_id: int) -> None:
    try:
        relist([product_id])
    finally:
        connections.close_all()


def test_who_waited_for_a_product_sees_what_it_waited_for():
    product = a_product(stock=10)
    with ThreadPoolExecutor(1) as other:
        with transaction.atomic():
            Product.objects.select_for_update(no_key=True).get(pk=product.pk)
            waiting = other.submit(relist_elsewhere, product.pk)
            wait_until_somebody_waits()
            Stock.objects.update(on_hand=7)
        waiting.result(timeout=20)

    assert drift() == []
    assert Product.objects.get().stock_quantity == 7
