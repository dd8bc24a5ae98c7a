"""Two relistings of one product: the later one must not write what it saw earlier."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from shop.models import Product, Stock
from shop.relist import drift, relist
from tests.builders import a_product
from tests.waiting import is_waited_for, until

pytestmark = pytest.mark.django_db(transaction=True)


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
            assert until(is_waited_for)
            Stock.objects.update(on_hand=7)
        waiting.result(timeout=20)

    assert drift() == []
    assert Product.objects.get().stock_quantity == 7
