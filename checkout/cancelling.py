"""Calling off what has not left the house: some pieces of an order, or all of them."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from checkout import coupons, crediting, emails, payments, pieces
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, OrderLine
from checkout.pieces import Chosen, NotAllowedNow
from checkout.worth import Worth, called_off
from home import outbox
from shop import inventory, returning
from shop.tasks import relist

Status = Order.Status
Kind = OrderEvent.Kind


def may_be_cancelled(order: Order) -> bool:
    return order.status in (Status.PREPARED, *pieces.UNDERWAY)


@repeat_on_conflict
def cancel(
    order_id: int,
    of_lines: Mapping[int, int] | None = None,
    *,
    key: str,
    is_scrap: bool = False,
    reason: str = "",
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> Order:
    """Cancel pieces, {order line id: pieces}, or all that have not been sent.

    Sold pieces go back to where they came from, or are thrown away (``is_scrap``). What
    was paid for them is owed to the shopper from this moment, delivery with the last
    when the shopper keeps nothing. The reason is for the history, not for the
    shopper, who gets a letter. Discounts stay as they were shared out: nothing is
    judged anew. An order that waits for its payment is cancelled as a whole.

    Locks the order, then its stock. The same ``key`` again, or all of an order that is
    cancelled, changes nothing.

    Raises:
        NotAllowedNow
        PiecesRefused: not so many are left to be cancelled.
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        is_done = order.status == Status.CANCELLED and of_lines is None
        if is_done or order.has_heard(key):
            return order
        lines = list(order.lines.all())
        chosen = _choose(order, lines, of_lines)
        was_sold = order.status != Status.PREPARED
        worth = _call_off(order, lines, chosen)
        event = order.write_event(
            Kind.PIECES_CANCELLED,
            now=now,
            by=by,
            note=reason,
            key=key,
            pieces=pieces.noted(chosen),
        )
        crediting.write_off(order, worth, event=event, now=now)
        _give_up_payments(order)
        emails.defer_news(event)
        outbox.defer(relist, product_ids=order.product_ids())
        _return(chosen, was_sold, is_scrap, now)
        if order.status == Status.CANCELLED:
            order.record(Kind.CANCELLED, now=now, by=by)
            coupons.release(order, now=now)
    return order


def _choose(
    order: Order, lines: list[OrderLine], of_lines: Mapping[int, int] | None
) -> Chosen:
    if not may_be_cancelled(order):
        raise NotAllowedNow(order.status)
    chosen = pieces.choose(lines, of_lines)
    is_all = sum(n for _line, n in chosen) == sum(line.left for line in lines)
    # The total that is being paid at this moment does not change.
    if order.status == Status.PREPARED and not is_all:
        raise NotAllowedNow(order.status)
    return chosen


def _call_off(order: Order, lines: list[OrderLine], chosen: Chosen) -> Worth:
    """Cancel the pieces; returns what was agreed for them."""
    before = called_off(order, lines)
    for line, n in chosen:
        line.cancelled += n
    OrderLine.objects.bulk_update([line for line, _n in chosen], ["cancelled"])
    order.status = pieces.state(order, lines)
    if order.status == Status.CANCELLED:
        order.hold_expires_at = None
    order.save(update_fields=["status", "hold_expires_at"])
    return called_off(order, lines) - before


def _give_up_payments(order: Order) -> None:
    """What its provider still has under way must not be charged."""
    if order.status != Status.CANCELLED:
        return
    for payment in order.payments.open():
        outbox.defer(
            payments.give_up, lock=f"payment-{payment.pk}", payment_id=payment.pk
        )


def _return(chosen: Chosen, was_sold: bool, is_scrap: bool, now: datetime) -> None:
    if was_sold:
        back = {line.pk: n for line, n in chosen}
        returning.take_back(back, scrapped=back if is_scrap else (), now=now)
    else:
        inventory.release([line.pk for line, _n in chosen], now=now)
