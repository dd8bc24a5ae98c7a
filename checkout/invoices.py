"""Invoices: written by a worker, one after the other, so that their numbers have no
gap and no shopper waits for another's."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from wagtail.models import Site

from checkout import pieces
from checkout.conflicts import repeat_on_conflict
from checkout.models import Invoice, InvoiceSeries, Order, OrderEvent
from checkout.worth import Worth, called_off, of_order
from home import outbox
from home.models import SiteSettings

PATIENCE = RetryStrategy(max_attempts=13, exponential_wait=2)
SOLD = (*pieces.UNDERWAY, Order.Status.FULFILLED)


def defer_invoice(order: Order) -> None:
    """Have the invoice written once the present transaction has committed."""
    outbox.defer(write_invoice, lock="invoices", order_id=order.pk)


@app.task(name="checkout.write_invoice", retry=PATIENCE)
def write_invoice(order_id: int) -> None:
    write(order_id, now=timezone.now())


@repeat_on_conflict
def write(order_id: int, *, now: datetime) -> Invoice | None:
    """The order's invoice, written now if it has none. None: it was cancelled before
    there was one.

    Locks the order, then the series of the year, in the shop's time zone.

    Raises:
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        written = Invoice.objects.filter(order=order).first()
        if written or order.status not in SOLD:
            return written
        seller = SiteSettings.read(Site.objects.filter(is_default_site=True).first())
        before = _taken_off(order)
        series = next_of(InvoiceSeries.Kind.INVOICES, now)
        return Invoice.objects.create(
            order=order,
            series=series,
            position=series.last,
            issued_at=now,
            seller_name=seller.name,
            seller_address=seller.address,
            seller_email=seller.email,
            buyer="\n".join(order.address_lines),
            called_off=before.amount,
            taxes_off=before.as_text(),
        )


def _taken_off(order: Order) -> Worth:
    """What the shopper need not pay any more: pieces called off, and goodwill."""
    whole = of_order(order)
    off = called_off(order, list(order.lines.all()))
    for refund in order.refunds.filter(event__kind=OrderEvent.Kind.GOODWILL):
        off += whole.share(refund.amount, order.currency)
    return off.share(min(off.amount, whole.amount), order.currency)


def next_of(kind: str, now: datetime) -> InvoiceSeries:
    """The year's series of that kind, locked until commit, counted on by one."""
    year = timezone.localtime(now, timezone.get_default_timezone()).year
    InvoiceSeries.objects.bulk_create(
        [InvoiceSeries(kind=kind, year=year)], ignore_conflicts=True
    )
    of_year = InvoiceSeries.objects.select_for_update(no_key=True)
    series = of_year.get(kind=kind, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series
