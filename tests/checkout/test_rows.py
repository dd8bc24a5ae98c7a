"""Rows written in one statement are the rows that Django would have written."""

from decimal import Decimal

import pytest
from django.db import DataError, IntegrityError, transaction
from django.db.models import Model

from checkout import rows
from checkout.models import Cart, CheckoutAttempt, OrderLine
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import a_shop_that_delivers, place

pytestmark = pytest.mark.django_db
ODD = 'Zoë "O\'Hara" \\ {1,2} 🙂\n%s :x'


def values(row: Model, *but: str) -> dict:
    columns = {field.attname for field in row._meta.concrete_fields}
    return {name: getattr(row, name) for name in columns - {"id", *but}}


def an_attempt(**more) -> CheckoutAttempt:
    """Text, numbers, lists, objects, moments, and nothing at all."""
    said = {
        "cart": Cart.objects.create(created_at=NOON, updated_at=NOON),
        "cart_version": 3,
        "customer": "somebody",
        "product_ids": [7, 5_000_000_000],
        "asked": {"name": ODD, "flat": None, "list": [1, {"a": "b"}]},
        "expected_total": Decimal("12.340"),
        "said": [ODD],
        "clicked_at": NOON,
    }
    return CheckoutAttempt(**said | more)


def test_every_kind_of_value_arrives_as_it_is():
    new = [an_attempt(form_key="a-form"), an_attempt()]

    rows.insert(new)

    assert new[0].pk < new[1].pk
    for row in new:
        assert values(CheckoutAttempt.objects.get(pk=row.pk)) == values(row)
    new[0].said = ["changed"]
    new[0].save()
    assert CheckoutAttempt.objects.count() == 2


def test_a_line_of_an_order_is_the_one_that_django_writes():
    a_shop_that_delivers()
    [line] = place(a_cart((a_variant(price="20.00"), 2))).lines.all()
    again = OrderLine(**values(line, "sku"), sku="AS-TEXT")
    by_django = OrderLine(**values(line, "sku"), sku="BY-DJANGO")

    rows.insert([again])
    by_django.save()

    again.refresh_from_db(), by_django.refresh_from_db()
    assert values(again, "sku") == values(by_django, "sku")


def test_what_the_table_refuses_is_refused_and_nothing_is_written(
    django_assert_num_queries,
):
    twice = an_attempt(token="the-same"), an_attempt(token="the-same")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.insert(twice)
    with pytest.raises(DataError), transaction.atomic():
        rows.insert([an_attempt(customer="x" * 41)])

    assert not CheckoutAttempt.objects.exists()
    with django_assert_num_queries(0):
        rows.insert([])
