"""Sending back: what may be, what it is worth, and what becomes of the pieces."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail

from checkout import returns
from checkout.cancelling import cancel
from checkout.fulfilment import fulfil
from checkout.models import (
    DemoRefund,
    Order,
    OrderEvent,
    Payment,
    Refund,
    Return,
    ReturnLine,
)
from checkout.orders import settle_order
from checkout.pieces import NotAllowedNow, PiecesRefused
from checkout.returns import Arrived
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
from tests.checkout.test_cancelling import broken_rules, invoiced, owed, paid, stock
from tests.checkout.test_fulfilment import without_its_lock

pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)
Goods = ReturnLine.Goods
Kind = OrderEvent.Kind
LAST_DAY = NOON + timedelta(days=30)


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def sent(order: Order, n: int | None = None) -> Order:
    of_lines = None if n is None else {order.lines.get().pk: n}
    return fulfil(order.pk, of_lines, key=f"send-{n}", now=NOON)


def ask(order: Order, n: int = 1, *, key="ask", now=NOON, **more) -> Order:
    of_lines = more.pop("of_lines", None) or {order.lines.get().pk: n}
    reason = Return.Reason.DAMAGED
    return returns.ask(order.pk, of_lines, reason=reason, key=key, now=now, **more)


def receive(order: Order, n: int = 1, *, goods=Goods.RESTOCK, key="in", **more):
    arrived = {order.lines.get().pk: Arrived(n, goods)}
    return returns.receive(order.pk, arrived, key=key, now=NOON, **more)


@commits
def test_pieces_come_back_for_exactly_what_was_paid_and_delivery_with_the_last():
    a_promotion("GLAZE10", value="10")
    order = sent(paid(price="3.35", code="GLAZE10"))

    for n in (1, 2):
        ask(order, n, key=f"ask-{n}")
        for _press in range(2):
            returns.accept(order.pk, key=f"yes-{n}", now=NOON)
            receive(order, n, key=f"in-{n}")

    # 10.05 less 1.01 in three pieces, and 4.90 for delivery with the last.
    assert owed() == [Decimal("3.02"), Decimal("10.92")]
    assert sum(owed()) == order.total
    assert stock() == (5, 0)
    assert order.lines.get().returned == 3
    assert Order.objects.get().status == Order.Status.FULFILLED
    start_jobs_now()
    work_off_jobs()
    assert Payment.objects.get().refunded == order.total
    assert {refund.amount for refund in DemoRefund.objects.all()} == set(owed())
    assert_invariants()


@commits
def test_every_step_is_told_and_stands_in_the_history():
    sofia = a_colleague(Role.SHOP_STAFF)
    order = sent(paid())
    ask(order, words="The rim is chipped.")
    returns.accept(order.pk, note="Use the label.", key="yes", by=sofia, now=NOON)
    receive(order, key="in", by=sofia, note="Thank you.")
    ask(order, key="more")
    returns.refuse(order.pk, note="It was used.", key="no", by=sofia, now=NOON)
    start_jobs_now()
    work_off_jobs()

    kinds = [
        Kind.RETURN_ASKED,
        Kind.RETURN_ACCEPTED,
        Kind.PIECES_RETURNED,
        Kind.RETURN_ASKED,
        Kind.RETURN_REFUSED,
    ]
    told = order.events.filter(kind__in=kinds)
    assert [event.kind for event in told] == kinds
    assert [event.by for event in told] == [None, sofia, sofia, None, sofia]
    letters = [letter for letter in mail.outbox if "1 × Vid" in letter.body]
    words = [
        "keep them until then",
        "Use the label.",
        "€5.00 goes back",
        "keep them until then",
        "It was used.",
    ]
    assert len(letters) == len(words)
    for letter, said in zip(letters, words, strict=True):
        for body in (letter.body, letter.alternatives[0].content):
            assert said in body
    assert_invariants()


def test_of_two_lines_one_is_scrapped_and_what_did_not_come_may_be_asked_again():
    bowl, plate = a_variant(price="5.00", stock=5), a_variant(price="7.00", stock=5)
    order = place(a_cart((bowl, 2), (plate, 2)), payment_method="invoice")
    order = sent(settle_order(order.pk, now=NOON))
    first, second = order.lines.all()
    ask(order, of_lines={first.pk: 2, second.pk: 1})

    arrived = {first.pk: Arrived(1, Goods.SCRAP), second.pk: Arrived(1, Goods.RESTOCK)}
    returns.receive(order.pk, arrived, key="in", now=NOON)

    assert [row.on_hand for row in Stock.objects.order_by("pk")] == [3, 4]
    assert StockMovement.objects.get(kind="scrapped").on_hand == -1
    assert owed() == []
    ask(order, of_lines={first.pk: 1}, key="again")
    assert Return.objects.open().count() == 1
    assert_invariants()


def test_what_is_cancelled_and_what_came_back_are_together_all_that_was_paid():
    order = sent(paid(), 1)
    ask(order)
    receive(order)

    cancel(order.pk, key="rest", now=NOON)

    assert owed() == [Decimal("5.00"), Decimal("14.90")]
    assert stock() == (5, 0)
    assert_invariants()


def test_what_may_not_come_back_is_refused_and_changes_nothing(settings):
    agreed, gone = invoiced(), sent(invoiced())

    for n in (-1, 0, 4):
        with pytest.raises(PiecesRefused):
            ask(gone, n)
    with pytest.raises(PiecesRefused):
        ask(gone, of_lines={agreed.lines.get().pk: 1})
    for order, now in ((agreed, NOON), (gone, LAST_DAY)):
        with pytest.raises(NotAllowedNow):
            ask(order, now=now)
    settings.RETURN_DAYS = 0
    with pytest.raises(NotAllowedNow):
        ask(gone)
    settings.RETURN_DAYS = 30
    assert not Return.objects.exists()

    ask(gone, 2, now=LAST_DAY - timedelta(seconds=1))
    with pytest.raises(NotAllowedNow):
        ask(gone, key="second")
    for n in (0, 3):
        with pytest.raises(PiecesRefused):
            receive(gone, n)
    returns.accept(gone.pk, key="yes", now=NOON)
    with pytest.raises(NotAllowedNow):
        returns.accept(gone.pk, key="yes again", now=NOON)
    returns.refuse(gone.pk, note="Nothing came.", key="no", now=NOON)
    for deed in (
        lambda: receive(gone, key="late"),
        lambda: returns.refuse(gone.pk, note="", key="late", now=NOON),
        lambda: returns.accept(gone.pk, key="late", now=NOON),
    ):
        with pytest.raises(NotAllowedNow):
            deed()
    assert gone.lines.get().returned == 0
    assert_invariants()


# Many at once


def received_twice(order: Order) -> list:
    return all_at_once(lambda key: receive(order, key=key), ["Sofia", "Rui"])


@commits
def test_two_colleagues_take_in_one_return_once():
    order = ask(sent(paid()))

    answers = received_twice(order)

    assert {type(answer) for answer in answers} == {Order, NotAllowedNow}
    assert owed() == [Decimal("5.00")]
    assert stock() == (3, 0)
    assert_invariants()


@commits
def test_control_without_the_orders_lock_one_return_is_paid_twice(monkeypatch):
    order = ask(sent(paid()))
    without_its_lock(monkeypatch)

    received_twice(order)

    assert Refund.objects.count() == 2
    assert "I1" in broken_rules()
