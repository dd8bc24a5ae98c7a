"""Pieces of an order's lines: which may be asked for, and the state that follows from
what became of them all."""

from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter

from checkout.models import Order, OrderLine

Status = Order.Status
# Agreed and sold, and not all of it has left the house.
UNDERWAY = (Status.CONFIRMED, Status.PAID, Status.PARTLY_FULFILLED)

Chosen = Sequence[tuple[OrderLine, int]]


class PiecesRefused(Exception):
    """There are not so many, or it is no line of this order. ``skus`` names the lines
    that fall short, if any was asked for."""

    def __init__(self, skus: Sequence[str] = ()):
        super().__init__(skus)
        self.skus = skus


class NotAllowedNow(Exception):
    """The order is in no state for this."""

    def __init__(self, status: str):
        super().__init__(status)
        self.status = status


def choose(
    lines: Sequence[OrderLine],
    pieces: Mapping[int, int] | None,
    *,
    among: Callable[[OrderLine], int] = attrgetter("left"),
) -> Chosen:
    """[(line, pieces)] of what is asked for, {line id: pieces}; None is all there are
    ``among`` the line's pieces: those that are left to send.

    Raises:
        PiecesRefused
    """
    most = {line.pk: among(line) for line in lines}
    if pieces is None:
        pieces = most
    short = [x.sku for x in lines if not 0 <= pieces.get(x.pk, 0) <= most[x.pk]]
    chosen = [(line, pieces[line.pk]) for line in lines if pieces.get(line.pk)]
    if short or not chosen or set(pieces) - {line.pk for line in lines}:
        raise PiecesRefused(short)
    return chosen


def noted(chosen: Chosen) -> list[list[int]]:
    """As an event keeps them."""
    return [[line.pk, pieces] for line, pieces in chosen]


def state(order: Order, lines: Sequence[OrderLine]) -> str:
    """The state of an order whose pieces ended as its lines say."""
    is_sent, is_left = any(x.fulfilled for x in lines), any(x.left for x in lines)
    if is_sent:
        return Status.PARTLY_FULFILLED if is_left else Status.FULFILLED
    return order.status if is_left else Status.CANCELLED
