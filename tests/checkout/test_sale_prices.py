"""A sale in baskets and orders: true by the clock, however late its worker is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection

from checkout import cart as carts
from checkout import live
from checkout.errors import TotalChanged
from checkout.models import CartItem
from checkout.review import review
from checkout.showing import changes
from shop.models import SalePrice, Variant
from shop.prices import apply_due
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import a_shop_that_delivers, place, total_of

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


@pytest.fixture
def variant() -> Variant:
    """40.00, and 30.00 from noon until one; nothing has written it onto the variant."""
    a_shop_that_delivers()
    variant = a_variant(price="40", now=NOON - timedelta(days=90))
    SalePrice.objects.create(
        variant=variant, price=Decimal(30), starts_at=NOON, ends_at=NOON + HOUR
    )
    return variant


def test_the_clock_decides_what_a_basket_costs_and_no_worker(variant):
    cart = a_cart((variant, 2))
    moments = [NOON - SECOND, NOON, NOON + HOUR - SECOND, NOON + HOUR]

    def totals():
        return [review(cart, now=now).quote.lines_total for now in moments]

    assert totals() == [80, 60, 60, 80]
    # Written or not, and as late as can be: the same.
    apply_due(now=NOON)
    assert totals() == [80, 60, 60, 80]
    apply_due(now=NOON + HOUR)
    assert totals()[3] == 80


def test_the_struck_price_stands_beside_the_price_that_pages_show(variant):
    cart = a_cart((variant, 1))

    def offer(now):
        return review(cart, now=now).look.offers[variant.pk]

    assert offer(NOON).list_price is None
    apply_due(now=NOON)
    assert (offer(NOON).unit_price, offer(NOON).list_price) == (30, 40)
    assert (offer(NOON + HOUR).unit_price, offer(NOON + HOUR).list_price) == (40, None)


def test_a_basket_says_that_a_new_price_is_a_sales_and_until_when(variant):
    cart = a_cart((variant, 1))

    (words,) = changes(review(cart, now=NOON))
    assert words == (
        "Vid serving bowl now costs €30.00 instead of €40.00, that is €10.00 less."
        " It is in a sale until 20 November, 13:00."
    )
    cart.items.update(price_seen=30)
    (words,) = changes(review(cart, now=NOON + HOUR))
    assert words.endswith("now costs €40.00 instead of €30.00, that is €10.00 more.")


def test_a_piece_put_in_during_a_sale_was_seen_at_its_price(variant):
    carts.add("", variant.sku, 1, now=NOON)

    assert CartItem.objects.get().price_seen == 30


def test_a_sale_that_ends_between_look_and_order_is_shown_and_not_charged(variant):
    apply_due(now=NOON)
    cart = carts.add("", variant.sku, 1, now=NOON)
    seen = total_of(cart, now=NOON)

    with pytest.raises(TotalChanged) as change:
        place(cart, expected_total=seen, now=NOON + HOUR)

    (step,) = change.value.changes
    assert (step.old, step.new, change.value.rest) == (30, 40, 0)
    order = place(cart, expected_total=change.value.total, now=NOON + HOUR)
    assert order.lines.get().unit_price == 40


def test_who_orders_at_the_hour_pays_the_sale_price_though_pages_lag(variant):
    cart = a_cart((variant, 1))

    order = place(cart, now=NOON)

    assert order.lines.get().unit_price == 30
    assert order.total == Decimal("34.90")


def test_offers_are_planned_once():
    variant = a_variant()
    for _ in range(7):
        live.offers_of([variant.pk], now=NOON)

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE name = %s",
            [live.OF_VARIANTS.name],
        )
        assert cursor.fetchall() == [(True,)]
