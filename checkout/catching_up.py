"""Invoices and credit notes that orders of earlier versions lack."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from checkout import crediting, invoices, worth
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, Refund
from checkout.worth import Worth

TAKEN_OFF = (OrderEvent.Kind.PIECES_CANCELLED, OrderEvent.Kind.PIECES_RETURNED)


def write_missing_invoices(*, now: datetime) -> int:
    """Write an invoice for every sold order that has none, the oldest first, numbered
    on from the year's last; returns how many were written."""
    sold = Order.objects.filter(status__in=invoices.SOLD, invoice=None)
    ids = list(sold.order_by("placed_at", "pk").values_list("pk", flat=True))
    return sum(invoices.write(pk, now=now) is not None for pk in ids)


def write_missing_credit_notes() -> int:
    """Have a credit note written for every refund that came after its order's invoice
    and has none; returns for how many."""
    lacking = Refund.objects.filter(
        order__invoice__issued_at__lt=F("owed_at"), event__credit_note=None
    )
    ids = list(lacking.order_by("owed_at", "pk").values_list("pk", flat=True))
    return sum(_credit(pk) for pk in ids)


@repeat_on_conflict
def _credit(refund_id: int) -> bool:
    with transaction.atomic(durable=True):
        refund = Refund.objects.select_related("event").get(pk=refund_id)
        order = Order.objects.lock(refund.order_id)
        if order.credit_notes.filter(event=refund.event).exists():
            return False
        sold_for = _worth(order, refund.event)
        credited = sold_for.share(refund.amount, order.currency)
        crediting.credit(order, credited, event=refund.event)
    return True


def _worth(order: Order, event: OrderEvent) -> Worth:
    """What the event took off, its pieces counted again from the order's history."""
    if not event.pieces:
        return worth.of_order(order)
    lines = list(order.lines.all())
    for line in lines:
        line.cancelled = line.returned = 0
    by_id = {line.pk: line for line in lines}
    before = worth.called_off(order, lines)
    for one in order.events.filter(kind__in=TAKEN_OFF).order_by("happened_at", "pk"):
        before = worth.called_off(order, lines)
        for line_id, n in one.pieces:
            by_id[line_id].cancelled += n
        if one.pk == event.pk:
            break
    return worth.called_off(order, lines) - before
