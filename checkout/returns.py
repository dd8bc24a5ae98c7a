"""Sending back: a shopper asks, staff answer, and what comes in goes on the shelf or
away, and its money back. Each deed happens once per ``key``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from checkout import crediting, emails, pieces
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent, OrderLine, Return, ReturnLine
from checkout.pieces import Chosen, NotAllowedNow
from checkout.worth import called_off
from home import outbox
from shop import returning
from shop.tasks import relist

Kind = OrderEvent.Kind
Goods = ReturnLine.Goods


@dataclass(frozen=True)
class Arrived:
    """So many pieces of a line came in, and went to ``goods``."""

    pieces: int
    goods: str


def ends_at(order: Order) -> datetime | None:
    """Until when its pieces may be sent back: counted from the last parcel. None where
    nothing was sent."""
    last = order.parcels.aggregate(last=Max("sent_at"))["last"]
    return last and last + timedelta(days=settings.RETURN_DAYS)


def open_return(order: Order) -> Return | None:
    return order.returns.open().first()


def is_open(order: Order) -> bool:
    return order.returns.open().exists()


def awaits_answer(order: Order) -> bool:
    return order.returns.filter(status=Return.Status.ASKED).exists()


def lines_of_open(order: Order) -> list[ReturnLine]:
    """Those of the open return, each with its order line; none where none is open."""
    of_return = ReturnLine.objects.filter(
        of_return__order=order, of_return__status__in=Return.OPEN
    )
    return list(of_return.select_related("order_line"))


def may_be_asked(order: Order, lines: Sequence[OrderLine], *, now: datetime) -> bool:
    if not any(line.kept for line in lines):
        return False
    ends = ends_at(order)
    return ends is not None and now < ends and open_return(order) is None


@repeat_on_conflict
def ask(
    order_id: int,
    of_lines: Mapping[int, int],
    *,
    reason: str,
    words: str = "",
    key: str,
    now: datetime,
) -> Order:
    """Ask to send pieces back, {order line id: pieces}; the shopper gets a letter, and
    another with each answer.

    Locks the order. The same ``key`` again changes nothing.

    Raises:
        NotAllowedNow: it is too late, or another return of the order is open.
        PiecesRefused: the shopper has not so many.
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.has_heard(key):
            return order
        lines = list(order.lines.all())
        if not may_be_asked(order, lines, now=now):
            raise NotAllowedNow(order.status)
        chosen = pieces.choose(lines, of_lines, among=attrgetter("kept"))
        asked = order.returns.create(
            status=Return.Status.ASKED, reason=reason, words=words, asked_at=now
        )
        ReturnLine.objects.bulk_create(
            ReturnLine(of_return=asked, order_line=line, asked=n) for line, n in chosen
        )
        _tell(order, Kind.RETURN_ASKED, chosen, now=now, key=key)
    return order


def accept(
    order_id: int,
    *,
    note: str = "",
    key: str,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> Order:
    """Let the shopper send the pieces; the letter says where to, and the note.

    Locks the order.

    Raises:
        NotAllowedNow: no return waits for an answer.
        CartBusy
        Order.DoesNotExist
    """
    return _answer(order_id, Kind.RETURN_ACCEPTED, note=note, key=key, by=by, now=now)


def refuse(
    order_id: int,
    *,
    note: str,
    key: str,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> Order:
    """End an open return without taking anything in: it is not agreed to, or nothing
    came. The letter gives the note as the reason.

    Locks the order.

    Raises:
        NotAllowedNow: no return is open.
        CartBusy
        Order.DoesNotExist
    """
    return _answer(order_id, Kind.RETURN_REFUSED, note=note, key=key, by=by, now=now)


@repeat_on_conflict
def _answer(order_id: int, kind: Kind, *, note: str, key: str, by, now) -> Order:
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.has_heard(key):
            return order
        asked = _found(order)
        chosen = [(line.order_line, line.asked) for line in lines_of_open(order)]
        if kind == Kind.RETURN_REFUSED:
            _close(asked, Return.Status.REFUSED, now)
        elif asked.status == Return.Status.ASKED:
            asked.status = Return.Status.ACCEPTED
            asked.save(update_fields=["status"])
        else:
            raise NotAllowedNow(order.status)
        _tell(order, kind, chosen, now=now, key=key, by=by, note=note)
    return order


@repeat_on_conflict
def receive(
    order_id: int,
    arrived: Mapping[int, Arrived],
    *,
    note: str = "",
    key: str,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> Order:
    """Take in what came of an open return, {order line id: what}: on the shelf where it
    was sold from, or away. From this moment the shopper is owed exactly what was paid
    for these pieces, delivery with the last when nothing is kept. What did not come of
    the return stays with the shopper, and may be asked for anew.

    Locks the order, then its stock. The same ``key`` again changes nothing.

    Raises:
        NotAllowedNow: no return is open.
        PiecesRefused: not so many were asked for, or nothing came.
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.has_heard(key):
            return order
        asked = _found(order)
        chosen = _take_in(order, arrived)
        lines = list(order.lines.all())
        before = called_off(order, lines)
        _write_returned(lines, chosen)
        _close(asked, Return.Status.RECEIVED, now)
        event = _tell(
            order, Kind.PIECES_RETURNED, chosen, now=now, key=key, by=by, note=note
        )
        worth = called_off(order, lines) - before
        crediting.write_off(order, worth, event=event, now=now)
        outbox.defer(relist, product_ids=order.product_ids())
        returning.take_back(
            {line.pk: n for line, n in chosen},
            scrapped=[pk for pk, x in arrived.items() if x.goods == Goods.SCRAP],
            now=now,
        )
    return order


def _found(order: Order) -> Return:
    asked = open_return(order)
    if asked is None:
        raise NotAllowedNow(order.status)
    return asked


def _take_in(order: Order, arrived: Mapping[int, Arrived]) -> Chosen:
    """Write what came of each line; returns [(order line, pieces)].

    Raises:
        PiecesRefused
    """
    of_lines = {line.order_line_id: line for line in lines_of_open(order)}
    wanted = {line_id: what.pieces for line_id, what in arrived.items()}
    chosen = pieces.choose(
        [line.order_line for line in of_lines.values()],
        wanted,
        among=lambda line: of_lines[line.pk].asked,
    )
    for line, n in chosen:
        of_lines[line.pk].received = n
        of_lines[line.pk].goods = arrived[line.pk].goods
    ReturnLine.objects.bulk_update(of_lines.values(), ["received", "goods"])
    return chosen


def _write_returned(lines: list[OrderLine], chosen: Chosen) -> None:
    came = {line.pk: n for line, n in chosen}
    back = [line for line in lines if line.pk in came]
    for line in back:
        line.returned += came[line.pk]
    OrderLine.objects.bulk_update(back, ["returned"])


def _close(asked: Return, status: str, now: datetime) -> None:
    asked.status = status
    asked.closed_at = now
    asked.save(update_fields=["status", "closed_at"])


def _tell(order: Order, kind: Kind, chosen: Chosen, **more) -> OrderEvent:
    event = order.write_event(kind, pieces=pieces.noted(chosen), **more)
    emails.defer_news(event)
    return event
