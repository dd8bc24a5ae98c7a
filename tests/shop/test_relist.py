import pytest

from shop.models import Product, Stock
from shop.relist import drift, relist
from tests.builders import a_product, a_value, a_variant

pytestmark = pytest.mark.django_db


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
