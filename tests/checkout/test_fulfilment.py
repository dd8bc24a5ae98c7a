"""Sending an order, in one parcel or in several."""

import pytest
from django.core import mail
from django.db import IntegrityError

from checkout import pieces
from checkout.cancelling import cancel
from checkout.fulfilment import fulfil
from checkout.models import Order, OrderEvent, Parcel
from checkout.models.order import OrderQuerySet
from checkout.orders import settle_order
from checkout.pieces import NotAllowedNow, PiecesRefused
from shop.models import Stock
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_races import once_for_each_of

pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)
Kind = OrderEvent.Kind
Status = Order.Status


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def an_order(quantity=3) -> Order:
    order = place(a_cart((a_variant(stock=5), quantity)))
    return settle_order(order.pk, now=NOON)


def sent(order: Order, n: int | None = None, *, key="press", **more) -> Order:
    of_lines = None if n is None else {order.lines.get().pk: n}
    return fulfil(order.pk, of_lines, key=key, now=NOON, **more)


def test_an_order_is_sent_in_parts_until_all_of_it_is():
    order = an_order()

    assert sent(order, 1, key="one").status == Status.PARTLY_FULFILLED
    assert_invariants()
    assert sent(order, 2, key="two").status == Status.FULFILLED

    assert order.events.filter(kind=Kind.PIECES_SENT).count() == 2
    assert order.events.filter(kind=Kind.FULFILLED).count() == 1
    assert Stock.objects.get().on_hand == 2
    assert_invariants()


def test_the_same_press_twice_sends_once():
    order = an_order()

    sent(order, 1)
    sent(order, 1)

    assert order.lines.get().fulfilled == 1
    assert Parcel.objects.count() == 1


@pytest.mark.parametrize("n", [-1, 0, 4])
def test_no_more_is_sent_than_is_left(n):
    with pytest.raises(PiecesRefused):
        sent(an_order(), n)

    assert not Parcel.objects.exists()


def test_what_is_not_agreed_or_has_left_already_is_not_sent():
    waiting = place(a_cart((a_variant(), 1)), payment_method="fake")
    gone = sent(an_order())

    for order in (waiting, gone):
        with pytest.raises(NotAllowedNow):
            sent(order, key="another")


def test_the_rest_of_a_partly_sent_order_can_be_cancelled():
    order = an_order()
    sent(order, 1, key="one")

    order = cancel(order.pk, key="two", now=NOON)

    assert order.status == Status.FULFILLED
    assert Stock.objects.get().on_hand == 4
    assert_invariants()


def test_what_has_left_is_not_cancelled():
    order = sent(an_order())

    with pytest.raises(NotAllowedNow):
        cancel(order.pk, key="other", now=NOON)


@commits
def test_the_letter_and_the_page_say_where_it_is(client):
    order = sent(an_order(), 1, carrier="CTT", tracking_code="RR123456785PT")
    start_jobs_now()
    work_off_jobs()

    letter = mail.outbox[-1]
    page = client.get(order.get_absolute_url()).content.decode()
    for body in (letter.body, letter.alternatives[0].content):
        assert "1 × Vid serving bowl" in body
        assert "The rest of your order follows." in body
    for body in (letter.body, letter.alternatives[0].content, page):
        assert "CTT" in body
        assert "RR123456785PT" in body
    assert "Partly sent" in page


def sent_and_cancelled_at_once(order: Order) -> list:
    deeds = [
        lambda: sent(order, key="send"),
        lambda: cancel(order.pk, key="cancel", now=NOON),
    ]
    return all_at_once(lambda deed: deed(), deeds)


def test_the_page_says_what_is_left_to_pay(client):
    order = an_order()
    cancel(order.pk, {order.lines.get().pk: 2}, key="two", now=NOON)

    page = client.get(order.get_absolute_url()).content.decode()

    for words in ("−€73.00", "€41.40", "2 cancelled"):
        assert words in page


def without_its_lock(monkeypatch) -> None:
    """Read order and lines plainly, and go on only when both have read them."""
    meet, choose = once_for_each_of(2), pieces.choose

    def choose_when_all_have_read(*asked, **more):
        meet()
        return choose(*asked, **more)

    monkeypatch.setattr(OrderQuerySet, "lock", lambda self, pk: self.get(pk=pk))
    monkeypatch.setattr(pieces, "choose", choose_when_all_have_read)


@commits
def test_a_piece_is_sent_or_cancelled_and_never_both():
    answers = sent_and_cancelled_at_once(an_order())

    # Who comes second is told that it is over; a cancelled order is not an error.
    refused = [answer for answer in answers if not isinstance(answer, Order)]
    assert [type(one) for one in refused] == [NotAllowedNow]
    assert_invariants()


@commits
def test_control_without_the_orders_lock_only_the_database_refuses(monkeypatch):
    order = an_order()
    without_its_lock(monkeypatch)

    answers = sent_and_cancelled_at_once(order)

    assert IntegrityError in [type(answer) for answer in answers]
