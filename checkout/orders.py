"""What happens to an order once it stands. Each deed may be asked for twice."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from checkout import coupons, emails, invoices
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent
from home import outbox
from shop import inventory

# The web process settles at once; the job is there should it die before that.
HEAD_START = timedelta(seconds=5)
PATIENCE = RetryStrategy(max_attempts=12, exponential_wait=2)


@repeat_on_conflict
def settle_order(order_id: int, *, now: datetime) -> Order:
    """Confirm an order that is paid on invoice: its reservation becomes a sale and its
    confirmation is on the way, all in one transaction.

    Locks the order, then its stock rows in primary-key order. A second call returns
    the order and changes nothing.

    Raises:
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if not _can_be_settled(order):
            return order
        sell(order, Order.Status.CONFIRMED, OrderEvent.Kind.CONFIRMED, now=now)
    return order


def sell(order: Order, status: str, noted_as: str, *, now: datetime) -> None:
    """What was held for an order is sold; confirmation and invoice are on the way. The
    caller holds the order's lock; its stock is locked here."""
    order.status = status
    order.hold_expires_at = None
    order.save(update_fields=["status", "hold_expires_at"])
    order.record(noted_as, now=now)
    emails.defer_confirmation(order)
    invoices.defer_invoice(order)
    inventory.sell(list(order.lines.values_list("pk", flat=True)), now=now)
    coupons.use(order, now=now)


@repeat_on_conflict
def add_note(
    order_id: int,
    note: str,
    *,
    key: str,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> None:
    """Write a note into the order's history, once per ``key``.

    Raises:
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if not order.has_heard(key):
            order.write_event(OrderEvent.Kind.NOTE, now=now, by=by, note=note, key=key)


def settlement_job(order: Order) -> Job:
    """The job that settles an order, to be deferred with it."""
    return outbox.job(
        settle, lock=f"order-{order.pk}", after=HEAD_START, order_id=order.pk
    )


@app.task(name="checkout.settle", retry=PATIENCE)
def settle(order_id: int) -> None:
    settle_order(order_id, now=timezone.now())


def _can_be_settled(order: Order) -> bool:
    return (
        order.status == Order.Status.PREPARED
        and order.payment_method == Order.PaymentMethod.INVOICE
    )
