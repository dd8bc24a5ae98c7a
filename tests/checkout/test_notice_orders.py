"""The words of a bank, in every order that they can come in."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import payments
from checkout.models import DemoCharge, Order, Payment
from checkout.providers import fake
from checkout.providers.signatures import sign
from shop.models import Stock
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import a_shop_that_delivers, assert_invariants, place

pytestmark = pytest.mark.django_db
WORDS = ("waiting", "failed", "captured", "captured", "waiting")


@pytest.fixture
def charge(db) -> DemoCharge:
    """Of an order of one of five pieces, whose payment has begun."""
    a_shop_that_delivers()
    order = place(a_cart((a_variant(stock=5), 1)), payment_method="fake")
    payment = payments.begin(order.pk, return_url="http://testserver/", now=NOON)
    return DemoCharge.objects.get(key=payment.key)


def tell(charge: DemoCharge, event: int) -> None:
    charge.state = WORDS[event]
    body = fake.notice_body(charge, f"evt-{event}")
    signed = {fake.HEADER: sign(body, settings.DEMO_BANK_SECRET, now=NOON)}
    told = fake.FakeProvider().read_notice(body, signed, now=NOON)
    assert payments.notice("fake", told, now=NOON)


def in_every_order(deed: Callable[[int], None], left: frozenset, at_end) -> int:
    """Do the deeds in every order, and look ``at_end`` of each; what orders have in
    common is done once. How many orders there were."""
    if not left:
        at_end()
        return 1
    ended = 0
    for one in sorted(left):
        before = transaction.savepoint()
        deed(one)
        ended += in_every_order(deed, left - {one}, at_end)
        transaction.savepoint_rollback(before)
    return ended


def ends_of(charge: DemoCharge, events) -> tuple[int, set]:
    """(how many orders, the different states that they ended in)"""
    ends = set()

    def look():
        stock = Stock.objects.get()
        letters = ProcrastinateJob.objects.filter(
            task_name="checkout.send_confirmation"
        )
        ends.add(
            (
                Order.objects.get().status,
                Payment.objects.get().status,
                (stock.on_hand, stock.reserved),
                letters.count(),
            )
        )

    count = in_every_order(lambda one: tell(charge, one), frozenset(events), look)
    return count, ends


def test_all_120_orders_of_five_words_end_in_one_state(charge):
    count, ends = ends_of(charge, events=range(5))

    assert count == 120
    assert ends == {(Order.Status.PAID, Payment.Status.CAPTURED, (4, 0), 1)}
    for event in (1, 2):
        tell(charge, event)
    assert_invariants()


def test_control_when_any_word_is_news_the_order_of_words_decides(charge, monkeypatch):
    monkeypatch.setattr(payments, "_is_news", lambda payment, report: True)

    _count, ends = ends_of(charge, events=(1, 2))

    assert len(ends) == 2
