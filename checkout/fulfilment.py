"""Sending: some pieces of an order, or all that are left, with a carrier's code."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from checkout import emails, pieces
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, OrderLine, Parcel
from checkout.pieces import Chosen, NotAllowedNow

Status = Order.Status
Kind = OrderEvent.Kind


def may_be_sent(order: Order) -> bool:
    return order.status in pieces.UNDERWAY


@repeat_on_conflict
def fulfil(
    order_id: int,
    of_lines: Mapping[int, int] | None = None,
    *,
    key: str,
    carrier: str = "",
    tracking_code: str = "",
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> Order:
    """Note that a parcel with these pieces, {order line id: pieces}, or with all that
    are left, is on its way; the shopper gets a letter that says so.

    Locks the order: a piece is sent or cancelled, never both. Its stock was taken when
    it was sold. The same ``key`` again changes nothing.

    Raises:
        NotAllowedNow
        PiecesRefused: not so many are left to be sent.
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.has_heard(key):
            return order
        if not may_be_sent(order):
            raise NotAllowedNow(order.status)
        lines = list(order.lines.all())
        chosen = pieces.choose(lines, of_lines)
        _write_sent(order, lines, chosen)
        event = order.write_event(
            Kind.PIECES_SENT,
            now=now,
            by=by,
            note=f"{carrier} {tracking_code}".strip(),
            key=key,
            pieces=pieces.noted(chosen),
        )
        Parcel.objects.create(
            order=order,
            event=event,
            carrier=carrier,
            tracking_code=tracking_code,
            sent_at=now,
        )
        if order.status == Status.FULFILLED:
            order.record(Kind.FULFILLED, now=now, by=by)
        emails.defer_news(event)
    return order


def _write_sent(order: Order, lines: list[OrderLine], chosen: Chosen) -> None:
    for line, n in chosen:
        line.fulfilled += n
    OrderLine.objects.bulk_update([line for line, _n in chosen], ["fulfilled"])
    order.status = pieces.state(order, lines)
    order.save(update_fields=["status"])
