"""Money back that nothing came back for: a kindness, or a discount afterwards."""

from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from checkout import crediting, emails, refunds
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, Payment
from checkout.pieces import NotAllowedNow
from checkout.worth import of_order
from shop.money import quantise


class AmountRefused(Exception):
    """Nothing, part of a cent, or more than is left of what was captured; ``most`` is
    how much that is."""

    def __init__(self, most: Decimal):
        super().__init__(most)
        self.most = most


def most_of(order: Order) -> Decimal:
    """What is left of the order's payment to be given back; 0 where nothing was
    captured."""
    payment = order.payments.filter(status=Payment.Status.CAPTURED).first()
    return refunds.left_of(payment) if payment else Decimal(0)


def may_be_given(order: Order) -> bool:
    return most_of(order) > 0


@repeat_on_conflict
def give(
    order_id: int,
    amount: Decimal,
    *,
    reason: str,
    key: str,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> Order:
    """Owe a shopper part of what was captured, and tell them. The reason is for the
    history, not for the shopper.

    Locks the order. The same ``key`` again changes nothing.

    Raises:
        NotAllowedNow: nothing was captured, or nothing is left of it.
        AmountRefused
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.has_heard(key):
            return order
        most = most_of(order)
        if most <= 0:
            raise NotAllowedNow(order.status)
        if not 0 < amount <= most or amount != quantise(amount, order.currency):
            raise AmountRefused(most)
        event = order.write_event(
            OrderEvent.Kind.GOODWILL, now=now, by=by, note=reason, key=key
        )
        worth = of_order(order).share(amount, order.currency)
        crediting.write_off(order, worth, event=event, now=now)
        emails.defer_news(event)
    return order
