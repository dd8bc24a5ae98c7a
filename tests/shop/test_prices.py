from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from shop.models import PriceChange
from shop.prices import change_price
from tests.builders import NOON, a_variant

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def test_the_struck_price_is_the_lowest_of_the_thirty_days_before():
    variant = a_variant(price="42.00", now=NOON - 90 * DAY)
    change_price(variant.pk, Decimal("48"), now=NOON - 10 * DAY)

    cut = change_price(variant.pk, Decimal("36.50"), now=NOON)

    assert (cut.price, cut.compare_at_price) == (Decimal("36.50"), Decimal("42.000"))


def test_raising_and_then_cutting_is_no_reduction():
    variant = a_variant(price="20.00", now=NOON - 90 * DAY)
    change_price(variant.pk, Decimal("30"), now=NOON - 5 * DAY)

    assert change_price(variant.pk, Decimal("25"), now=NOON).compare_at_price is None


def test_a_further_cut_keeps_the_first_struck_price():
    variant = a_variant(price="20.00", now=NOON - 90 * DAY)
    change_price(variant.pk, Decimal("18"), now=NOON - 5 * DAY)

    assert change_price(variant.pk, Decimal("15"), now=NOON).compare_at_price == 20


def test_a_raise_ends_the_reduction():
    variant = a_variant(price="20.00", now=NOON - 90 * DAY)
    change_price(variant.pk, Decimal("18"), now=NOON - 5 * DAY)

    assert change_price(variant.pk, Decimal("19"), now=NOON).compare_at_price is None


def test_the_same_price_again_writes_nothing():
    variant = a_variant(price="20.00")

    change_price(variant.pk, Decimal("20"), now=NOON)

    assert PriceChange.objects.filter(variant=variant).count() == 1


def test_the_ledger_refuses_to_be_rewritten():
    variant = a_variant()

    with pytest.raises(DatabaseError), transaction.atomic():
        PriceChange.objects.filter(variant=variant).update(price=1)


def test_the_list_follows_a_change_on_commit(django_capture_on_commit_callbacks):
    variant = a_variant(price="20.00", now=NOON - 90 * DAY)

    with django_capture_on_commit_callbacks(execute=True):
        change_price(variant.pk, Decimal("18"), now=NOON)

    variant.product.refresh_from_db()
    assert variant.product.current_price == 18
    assert variant.product.compare_at_price == 20
