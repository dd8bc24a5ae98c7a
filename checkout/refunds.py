"""Giving money back: asked of the provider outside every transaction, written after."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from checkout import emails, providers
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, Payment

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
