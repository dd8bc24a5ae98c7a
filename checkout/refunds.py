"""Giving money back: asked of the provider outside every transaction, written after."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from checkout import providers
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, Payment, Refund
from checkout.models.payment import new_key
from home import outbox
from shop.money import written

PATIENCE = RetryStrategy(max_attempts=13, exponential_wait=2)


def owe(
    order: Order,
    amount: Decimal,
    *,
    event: OrderEvent,
    now: datetime,
    key: str | None = None,
) -> Refund | None:
    """Owe a shopper part of what was captured, never more than is left of it; None
    where nothing is. The caller holds the order's lock.

    ``key`` is the one that the provider may know the refund by already.
    """
    payment = order.payments.filter(status=Payment.Status.CAPTURED).first()
    owed = min(amount, left_of(payment)) if payment else Decimal(0)
    if payment is None or owed <= 0:
        return None
    refund = Refund.objects.create(
        order=order,
        payment=payment,
        event=event,
        key=key or new_key(),
        amount=owed,
        currency=order.currency,
        owed_at=now,
    )
    outbox.defer(give_back, lock=f"payment-{payment.pk}", refund_id=refund.pk)
    return refund


def left_of(payment: Payment) -> Decimal:
    """What is neither owed nor given back of it."""
    owed = payment.refunds.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return payment.amount - owed


@app.task(name="checkout.give_back", retry=PATIENCE)
def give_back(refund_id: int) -> None:
    """Have the provider give back, once, what is owed."""
    refund = Refund.objects.select_related("payment").get(pk=refund_id)
    if refund.given_at:
        return
    providers.get(refund.payment.provider).refund(
        key=refund.key,
        reference=refund.payment.reference or "",
        amount=refund.amount,
    )
    _write_given(refund, timezone.now())


@repeat_on_conflict
def _write_given(refund: Refund, now: datetime) -> None:
    with transaction.atomic(durable=True):
        order = Order.objects.lock(refund.order_id)
        if Refund.objects.filter(pk=refund.pk, given_at=None).update(given_at=now):
            Payment.objects.filter(pk=refund.payment_id).update(
                refunded=F("refunded") + refund.amount, updated_at=now
            )
            order.write_event(
                OrderEvent.Kind.MONEY_BACK,
                now=now,
                note=written(refund.amount, refund.currency),
            )
