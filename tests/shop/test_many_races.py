"""Two people confirm the same change of many prices at the same moment."""

from decimal import Decimal

import pytest

from home.roles import Role
from shop.bulk import prices
from shop.bulk.rule import PriceRule, Way
from shop.bulk.together import PlanChanged
from shop.models import PriceChange, Variant
from tests.builders import NOON, a_colleague, a_product
from tests.checkout.ordering import all_at_once
from tests.checkout.test_races import once_for_each_of

pytestmark = pytest.mark.django_db(transaction=True)
RULE = PriceRule(Way.PERCENT_LESS, Decimal(10))


def confirmed_twice() -> list:
    ids = [a_product(price=price).pk for price in ("10", "20")]
    people = [a_colleague(Role.SHOP_STAFF, name) for name in ("Rui", "Ana")]
    rows = prices.plan(ids, RULE, may=lambda variant: True)
    seen = {row.key: row.state for row in rows}

    def confirm(by):
        return prices.apply(
            ids, RULE, seen=seen, may=lambda variant: True, by=by, now=NOON
        )

    return all_at_once(confirm, people)


def test_one_is_heard_and_the_other_looks_again():
    answers = confirmed_twice()

    assert sorted(map(type, answers), key=str) == [int, PlanChanged]
    assert set(Variant.objects.values_list("price", flat=True)) == {9, 18}
    assert PriceChange.objects.count() == 4


def test_control_without_the_lock_both_are_heard(monkeypatch):
    meet = once_for_each_of(2)

    def unlocked(ids):
        found = list(Variant.objects.filter(pk__in=ids).order_by("pk"))
        meet()
        return found

    monkeypatch.setattr(prices, "lock", unlocked)

    assert confirmed_twice() == [2, 2]
    assert PriceChange.objects.count() == 6
