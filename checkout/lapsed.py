"""Orders that wait for their payment past their hold."""

import logging
from datetime import datetime

from django.db import transaction

from checkout import coupons, payments, providers
from checkout.conflicts import repeat_on_conflict
from checkout.errors import CartBusy
from checkout.models import Order, OrderEvent, Payment
from checkout.payments import HOLD
from checkout.providers import ProviderSilent
from home import outbox
from shop import inventory
from shop.tasks import relist

logger = logging.getLogger(__name__)


def sweep(*, now: datetime) -> None:
    """See to every order that waits for its payment past its hold.

    Paid: settled. Dead: cancelled, its pieces back on the shelf. Not to be known: kept
    for another quarter of an hour, and somebody is told. Never a refund on doubt.
    """
    lapsed = Order.objects.awaiting_payment().filter(hold_expires_at__lte=now)
    for order_id in lapsed.order_by("hold_expires_at").values_list("pk", flat=True):
        try:
            _see_to(order_id, now)
        except CartBusy:
            logger.warning("Order %s is busy; the next round sees to it.", order_id)


def _see_to(order_id: int, now: datetime) -> None:
    payment = Payment.objects.open().filter(order_id=order_id).first()
    if payment:
        try:
            payment = payments.ask(payment, now=now)
            if payment.is_open:
                report = providers.get(payment.provider).void(
                    key=payment.key, reference=payment.reference
                )
                payment = payments.hear(payment.pk, report, now=now)
        except ProviderSilent:
            _keep(order_id, now)
            return
        if payment.is_open:
            _keep(order_id, now)
    expire(order_id, now=now)


@repeat_on_conflict
def expire(order_id: int, *, now: datetime) -> Order:
    """Cancel an order whose hold has lapsed and which nobody pays any more.

    Locks the order, then its stock. An order that is paid, held on, or still at its
    provider stays as it is.
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        is_held = order.hold_expires_at is None or order.hold_expires_at > now
        is_waiting = order.status == Order.Status.PREPARED and order.is_paid_online
        if is_held or not is_waiting or order.payments.open().exists():
            return order
        order.status = Order.Status.CANCELLED
        order.hold_expires_at = None
        order.save(update_fields=["status", "hold_expires_at"])
        order.record(OrderEvent.Kind.CANCELLED, now=now, note="not paid in time")
        inventory.release(list(order.lines.values_list("pk", flat=True)), now=now)
        coupons.release(order, now=now)
        outbox.defer(relist, product_ids=order.product_ids())
    return order


@repeat_on_conflict
def _keep(order_id: int, now: datetime) -> None:
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        order.hold_expires_at = now + HOLD
        order.save(update_fields=["hold_expires_at"])
        for payment in order.payments.open():
            payments.alert(order, payment, now, "its provider does not answer")
            payment.save(update_fields=["alerted_at"])
