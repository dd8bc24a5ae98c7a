"""Giving money back: asked of the provider outside every transaction, written after."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from checkout import emails, providers
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, Payment, Refund
from home import outbox
from shop.money import written

PATIENCE = RetryStrategy(max_attempts=13, exponential_wait=2)


@app.task(name="checkout.refund_late_payment", retry=PATIENCE)
def refund_late_payment(payment_id: int) -> None:
    """Give back, once, what was taken for an order that could not be kept."""
    payment = Payment.objects.select_related("order").get(pk=payment_id)
    if payment.refunded:
        return
    providers.get(payment.provider).refund(
        key=f"{payment.key}-late",
        reference=payment.reference or "",
        amount=payment.amount,
    )
    _write_refund(payment, timezone.now())


@repeat_on_conflict
def _write_refund(payment: Payment, now: datetime) -> None:
    with transaction.atomic(durable=True):
        order = Order.objects.lock(payment.order_id)
        given_back = Payment.objects.filter(pk=payment.pk, refunded=0)
        if given_back.update(refunded=payment.amount, updated_at=now):
            order.record(OrderEvent.Kind.REFUNDED, now=now)
            emails.defer_refund_letter(order)


def owe(order: Order, amount: Decimal, *, event: OrderEvent, now: datetime) -> None:
    """Owe a shopper part of what was captured, never more than is left of it; nothing
    where nothing was captured. The caller holds the order's lock."""
    payment = order.payments.filter(status=Payment.Status.CAPTURED).first()
    if payment is None:
        return
    owed = min(amount, payment.amount - _promised(payment))
    if owed <= 0:
        return
    refund = Refund.objects.create(
        order=order,
        payment=payment,
        event=event,
        amount=owed,
        currency=order.currency,
        owed_at=now,
    )
    outbox.defer(give_back, lock=f"payment-{payment.pk}", refund_id=refund.pk)


def _promised(payment: Payment) -> Decimal:
    """What is owed or given back of it already, whichever way."""
    owed = payment.refunds.aggregate(sum=Sum("amount"))["sum"] or Decimal(0)
    return max(owed, payment.refunded)


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
