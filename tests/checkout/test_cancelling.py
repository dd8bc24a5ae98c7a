"""Calling off pieces of an order, or all of it: stock, money and history."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as st

from checkout import worth
from checkout.cancelling import cancel
from checkout.invariants import violations
from checkout.models import (
    DemoRefund,
    Order,
    OrderEvent,
    OrderLine,
    Payment,
    Redemption,
    Refund,
)
from checkout.models.order import OrderQuerySet
from checkout.orders import settle_order
from checkout.payments import ask, begin, hear
from checkout.pieces import NotAllowedNow, PiecesRefused
from checkout.providers import Report, State, fake
from home.roles import Role
from shop.models import Stock, StockMovement
from tests.builders import NOON, a_cart, a_colleague, a_promotion, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_fulfilment import without_its_lock
from tests.checkout.test_payments import BACK, present
from tests.checkout.test_races import once_for_each_of
from tests.faults.repeats import times

pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)
Kind = OrderEvent.Kind
Status = Order.Status


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def placed(*, price="5.00", quantity=3, stock=5, code="", method="fake") -> Order:
    cart = a_cart((a_variant(price=price, stock=stock), quantity), code=code)
    return place(cart, payment_method=method)


def paid(**more) -> Order:
    order = placed(**more)
    payment = begin(order.pk, return_url=BACK, now=NOON)
    present(payment, fake.Card.PAYS)
    ask(payment, now=NOON)
    return Order.objects.get(pk=order.pk)


def invoiced(**more) -> Order:
    return settle_order(placed(method="invoice", **more).pk, now=NOON)


def called_off(order: Order, n: int | None = None, *, key="press", **more) -> Order:
    of_lines = None if n is None else {order.lines.get().pk: n}
    return cancel(order.pk, of_lines, key=key, now=NOON, **more)


def stock() -> tuple[int, int]:
    return Stock.objects.values_list("on_hand", "reserved").get()


def owed() -> list[Decimal]:
    return list(Refund.objects.values_list("amount", flat=True))


def test_all_of_a_paid_order_goes_back_with_its_delivery_and_its_promotion():
    a_promotion("GLAZE10")
    order = paid(code="GLAZE10")

    order = called_off(order)

    assert order.status == Status.CANCELLED
    assert stock() == (5, 0)
    assert owed() == [order.total] == [Decimal("18.40")]
    assert Redemption.objects.get().state == Redemption.State.RELEASED
    assert_invariants()


def test_pieces_go_back_for_exactly_what_was_paid_for_them():
    a_promotion("GLAZE10", value="10")
    order = paid(price="3.35", code="GLAZE10")
    [line] = order.lines.all()

    for n in range(3):
        order = called_off(order, 1, key=f"press-{n}")

    # 10.05 less 1.01: three times 3.01⅓, and delivery with the last.
    assert line.total == Decimal("9.04")
    assert owed() == [Decimal("3.02"), Decimal("3.01"), Decimal("7.91")]
    assert sum(owed()) == order.total
    assert order.status == Status.CANCELLED
    assert_invariants()


def test_a_part_leaves_the_rest_of_the_order_and_its_promotion_as_they_are():
    a_promotion("GLAZE10")
    order = paid(code="GLAZE10")

    order = called_off(order, 2)

    assert order.status == Status.PAID
    assert stock() == (4, 0)
    assert owed() == [Decimal("9.00")]
    assert Redemption.objects.get().state == Redemption.State.USED
    assert_invariants()


def test_what_is_scrapped_comes_back_in_the_ledger_and_not_on_the_shelf():
    order = paid()

    called_off(order, 2, is_scrap=True)

    assert stock() == (2, 0)
    kinds = StockMovement.objects.filter(kind__in=["returned", "scrapped"])
    assert set(kinds.values_list("kind", "on_hand")) == {
        ("returned", 2),
        ("scrapped", -2),
    }
    assert_invariants()


def test_the_same_press_twice_cancels_once():
    order = paid()

    called_off(order, 1)
    called_off(order, 1)

    assert order.lines.get().cancelled == 1
    assert len(owed()) == 1
    assert stock() == (3, 0)


def test_nothing_is_owed_where_nothing_was_charged():
    order = called_off(invoiced())

    assert order.status == Status.CANCELLED
    assert stock() == (5, 0)
    assert owed() == []
    assert_invariants()


@commits
def test_history_says_who_and_why_and_the_shopper_is_not_told_why():
    sofia = a_colleague(Role.SHOP_STAFF)
    order = paid()

    called_off(order, 1, by=sofia, reason="chipped in the kiln")

    event = order.events.get(kind=Kind.PIECES_CANCELLED)
    assert (event.by, event.note) == (sofia, "chipped in the kiln")
    start_jobs_now()
    work_off_jobs()
    letter = mail.outbox[-1]
    for body in (letter.body, letter.alternatives[0].content):
        assert "1 × Vid serving bowl" in body
        assert "€5.00" in body
        assert "chipped" not in body
    assert DemoRefund.objects.get().amount == Decimal("5.00")
    assert Payment.objects.get().refunded == Decimal("5.00")
    assert order.events.filter(kind=Kind.LETTER_SENT).count() == 1
    assert_invariants()


def test_an_order_that_waits_for_its_payment_is_cancelled_whole_or_not_at_all():
    order = placed()

    with pytest.raises(NotAllowedNow):
        called_off(order, 1)

    assert called_off(order).status == Status.CANCELLED
    assert stock() == (5, 0)
    assert_invariants()


@pytest.mark.parametrize("n", [-1, 0, 4])
def test_no_more_is_cancelled_than_is_left(n):
    order = paid()

    with pytest.raises(PiecesRefused):
        called_off(order, n)

    assert not order.events.filter(kind=Kind.PIECES_CANCELLED).exists()


def test_a_line_of_another_order_is_refused():
    order, other = paid(), invoiced()

    with pytest.raises(PiecesRefused):
        cancel(order.pk, {other.lines.get().pk: 1}, key="press", now=NOON)


@commits
def test_a_payment_under_way_is_given_up():
    order = placed()
    begin(order.pk, return_url=BACK, now=NOON)

    called_off(order)
    start_jobs_now()
    work_off_jobs()

    assert Payment.objects.get().status == Payment.Status.FAILED
    assert_invariants()


@commits
def test_money_that_was_quicker_than_giving_up_goes_back_and_nothing_is_sold():
    order = placed()
    payment = begin(order.pk, return_url=BACK, now=NOON)
    called_off(order)
    present(payment, fake.Card.PAYS)

    ask(payment, now=NOON + timedelta(minutes=1))
    start_jobs_now()
    work_off_jobs()

    assert Order.objects.get().status == Status.CANCELLED
    assert Payment.objects.get().refunded == order.total
    assert "goes back" in mail.outbox[-1].body
    assert_invariants()


@given(st.integers(0, 99_999), st.integers(1, 60), st.data())
def test_all_pieces_of_a_line_together_are_worth_the_line(cents, quantity, data):
    places = data.draw(st.sampled_from([("EUR", 2), ("JPY", 0), ("KWD", 3)]))
    whole = Decimal(cents).scaleb(-places[1])
    order = Order(currency=places[0])
    line = OrderLine(quantity=quantity, total=whole, tax=0)

    steps = []
    while line.left:
        before = worth.written_off(line, order)
        line.cancelled += data.draw(st.integers(1, line.left))
        steps.append(worth.written_off(line, order) - before)

    assert sum(steps) == whole
    assert min(steps) >= 0


# Many at once


def twice(order: Order) -> list:
    return all_at_once(lambda key: called_off(order, key=key), ["Sofia", "Rui"])


def broken_rules() -> set[str]:
    return {rule.code for rule, _words in violations()}


@commits
def test_two_colleagues_cancel_one_order_once():
    order = paid()

    answers = twice(order)

    assert [answer.status for answer in answers] == [Status.CANCELLED] * 2
    assert owed() == [order.total]
    assert stock() == (5, 0)
    assert_invariants()


@commits
def test_control_without_the_orders_lock_its_pieces_come_back_twice(monkeypatch):
    order = paid()
    without_its_lock(monkeypatch)
    # The ledger would notice by itself: it is made to forget.
    monkeypatch.setattr("shop.returning._came_back", lambda ids: {})

    twice(order)

    assert stock() == (8, 0)
    assert "I1" in broken_rules()


def without_the_bank_waiting(monkeypatch) -> None:
    """Read the order plainly, and go on only when both have read it."""
    meet = once_for_each_of(2)

    def read(self, pk):
        order = self.get(pk=pk)
        meet()
        return order

    monkeypatch.setattr(OrderQuerySet, "lock", read)


def race_with_the_bank(order: Order, payment: Payment) -> None:
    charged = Report(State.CAPTURED, payment.reference, order.total, "EUR")
    deeds = [
        lambda: called_off(order),
        lambda: hear(payment.pk, charged, now=NOON),
    ]
    all_at_once(lambda deed: deed(), deeds)


@commits
@pytest.mark.parametrize("_run", range(times(2, 50)))
def test_a_cancellation_and_the_bank_at_once_end_in_one_state(_run):
    order = placed()
    payment = begin(order.pk, return_url=BACK, now=NOON)

    race_with_the_bank(order, payment)

    assert Order.objects.get().status == Status.CANCELLED
    assert stock() == (5, 0)
    assert owed() == [order.total]
    assert_invariants()


@commits
def test_control_without_the_orders_lock_the_bank_and_the_shop_disagree(monkeypatch):
    order = placed()
    payment = begin(order.pk, return_url=BACK, now=NOON)
    without_the_bank_waiting(monkeypatch)

    race_with_the_bank(order, payment)

    assert broken_rules() & {"I1", "I2", "I5"}
