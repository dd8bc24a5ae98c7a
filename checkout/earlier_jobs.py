"""Jobs under names that earlier versions have queued. They are still done, as one would
have them done today."""

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from checkout import emails, refunds
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, Payment

Kind = OrderEvent.Kind


@app.task(name="checkout.refund_late_payment", retry=refunds.PATIENCE)
@repeat_on_conflict
def refund_late_payment(payment_id: int) -> None:
    """Owe what was taken for an order that could not be kept, under the key by which
    the provider may have been asked already."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        payment = Payment.objects.get(pk=payment_id)
        order = Order.objects.lock(payment.order_id)
        event = order.events.get(kind=Kind.PAID_TOO_LATE)
        key = f"{payment.key}-late"
        if refunds.owe(order, payment.amount, event=event, now=now, key=key):
            emails.defer_news(event)


@app.task(name="checkout.send_refund_letter", retry=emails.PATIENCE)
def send_refund_letter(order_id: int) -> None:
    """Tell of a refund that the earlier version has had given."""
    order = Order.objects.get(pk=order_id)
    if not order.events.filter(kind=Kind.REFUND_LETTER_SENT).exists():
        emails.send_news(order.events.get(kind=Kind.REFUNDED).pk)
