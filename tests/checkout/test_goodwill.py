"""Money back without a piece coming back: never more than was captured."""

from decimal import Decimal

import pytest
from django.core import mail

from checkout import goodwill, refunds, resending
from checkout.cancelling import cancel
from checkout.goodwill import AmountRefused
from checkout.models import OrderEvent, Payment
from checkout.models.order import OrderQuerySet
from checkout.pieces import NotAllowedNow
from tests.builders import NOON
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_cancelling import broken_rules, invoiced, owed, paid, placed
from tests.checkout.test_races import once_for_each_of

pytestmark = pytest.mark.django_db(transaction=True)
Kind = OrderEvent.Kind


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()


def give(order, amount="4.00", *, key="press"):
    return goodwill.give(
        order.pk, Decimal(amount), reason="came late", key=key, now=NOON
    )


def test_it_goes_back_once_is_told_and_the_rest_goes_back_with_the_pieces():
    order = paid()

    for _press in range(2):
        give(order)
    cancel(order.pk, key="all", now=NOON)

    assert owed() == [Decimal("4.00"), Decimal("15.90")]
    assert sum(owed()) == order.total
    start_jobs_now()
    work_off_jobs()
    assert Payment.objects.get().refunded == order.total
    [letter] = [x for x in mail.outbox if "Money back" in x.subject]
    for body in (letter.body, letter.alternatives[0].content):
        assert "€4.00 goes back" in body
        assert "came late" not in body
    back = order.events.filter(kind=Kind.MONEY_BACK).first()
    resending.write_again(event_id=back.pk, asked_id=1)
    assert f"{back.note} went back on" in mail.outbox[-1].body
    assert_invariants()


def test_no_more_than_is_left_no_part_of_a_cent_and_nothing_where_none_was_captured():
    order = paid()
    give(order, "19.00", key="first")

    for amount in ("0.91", "0.005", "0", "-1"):
        with pytest.raises(AmountRefused) as refusal:
            give(order, amount)
        assert refusal.value.most == Decimal("0.90")
    give(order, "0.90", key="rest")
    for nothing in (order, placed(), invoiced()):
        with pytest.raises(NotAllowedNow):
            give(nothing, "0.10", key="more")
    assert sum(owed()) == order.total
    assert_invariants()


def all_of_it_twice(order) -> list:
    return all_at_once(lambda key: give(order, "19.90", key=key), ["Sofia", "Rui"])


def test_two_at_once_give_no_more_than_was_captured():
    order = paid()

    answers = all_of_it_twice(order)

    assert NotAllowedNow in [type(answer) for answer in answers]
    assert owed() == [Decimal("19.90")]
    assert_invariants()


def test_control_without_the_orders_lock_more_is_owed_than_was_captured(monkeypatch):
    order = paid()
    meet, left_of = once_for_each_of(2), refunds.left_of

    def left_when_all_have_read(payment):
        left = left_of(payment)
        meet()
        return left

    monkeypatch.setattr(refunds, "left_of", left_when_all_have_read)
    monkeypatch.setattr(OrderQuerySet, "lock", lambda self, pk: self.get(pk=pk))
    # What is left was read before the other had written: so it is at owing, too.
    monkeypatch.setattr(goodwill, "most_of", lambda order: order.total)

    all_of_it_twice(order)

    assert len(owed()) == 2
    assert "I5" in broken_rules()
