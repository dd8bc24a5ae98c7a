"""Taking something off an order that stands: owed to its shopper, and credited on its
invoice. Credit notes are numbered by a worker, one after the other, without a gap."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from checkout import invoices, refunds
from checkout.conflicts import repeat_on_conflict
from checkout.models import CreditNote, Invoice, InvoiceSeries, Order, OrderEvent
from checkout.worth import Worth
from home import outbox


def write_off(order: Order, worth: Worth, *, event: OrderEvent, now: datetime) -> None:
    """Owe what something was sold for, as far as that was captured and is left, and
    credit it; where the shopper pays by invoice, all of it is credited.

    The caller holds the order's lock and has written the ``event`` of it.
    """
    refund = refunds.owe(order, worth.amount, event=event, now=now)
    if refund:
        credit(order, worth.share(refund.amount, order.currency), event=event)
    elif not order.is_paid_online:
        credit(order, worth, event=event)


def credit(order: Order, worth: Worth, *, event: OrderEvent) -> None:
    """Have a credit note written, if there is an invoice that says more than is left.
    The caller holds the order's lock, under which invoices are written, too."""
    invoice = Invoice.objects.filter(order=order).first()
    if invoice is None or worth.amount <= 0:
        return
    note = CreditNote.objects.create(
        order=order,
        invoice=invoice,
        event=event,
        amount=worth.amount,
        currency=order.currency,
        taxes=worth.as_text(),
    )
    outbox.defer(number_credit_note, lock="invoices", note_id=note.pk)


@app.task(name="checkout.number_credit_note", retry=invoices.PATIENCE)
def number_credit_note(note_id: int) -> None:
    number(note_id, now=timezone.now())


@repeat_on_conflict
def number(note_id: int, *, now: datetime) -> CreditNote:
    """The credit note with its number, given now if it has none.

    Locks its order, then the series of the year, in the shop's time zone.

    Raises:
        CartBusy
        CreditNote.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order_id = CreditNote.objects.values_list("order_id", flat=True).get(pk=note_id)
        Order.objects.lock(order_id)
        note = CreditNote.objects.select_related("series").get(pk=note_id)
        if note.series is None:
            note.series = invoices.next_of(InvoiceSeries.Kind.CREDIT_NOTES, now)
            note.position = note.series.last
            note.issued_at = now
            note.save(update_fields=["series", "position", "issued_at"])
    return note
