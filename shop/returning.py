"""Pieces that were sold come back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from django.db.models import Sum

from home import goods
from shop import movements
from shop.models import Stock, StockMovement
from shop.movements import Move

Kind = StockMovement.Kind


def take_back(
    pieces: Mapping[int, int], *, scrapped: Collection[int] = (), now: datetime
) -> None:
    """Take sold pieces back, {order line id: pieces}, to where they were sold from.

    Locks the stock. ``scrapped`` are lines whose pieces are thrown away at once; two
    movements, and as many on hand as before. The caller holds the lock of the lines'
    order and knows that so many were sold and are not back yet.
    """
    sold = StockMovement.objects.filter(order_line_id__in=pieces, kind=Kind.SOLD)
    sales = list(sold.order_by("pk"))
    Stock.objects.lock(pk__in={sale.stock_id for sale in sales})
    moves = []
    for stock_id, line_id, back in _homeward(sales, pieces):
        moves.append(Move(stock_id, Kind.RETURNED, back, order_line_id=line_id))
        if line_id in scrapped:
            moves.append(Move(stock_id, Kind.SCRAPPED, -back, order_line_id=line_id))
    movements.write(moves, now=now)
    if set(pieces) - set(scrapped):
        goods.changed()


def _homeward(sales: Sequence[StockMovement], pieces: Mapping[int, int]):
    """Yields (stock id, order line id, pieces): each sale takes back what it sold, as
    far as that is not back already."""
    back, left = _came_back(pieces), dict(pieces)
    for sale in sales:
        line_id = sale.order_line_id or 0
        room = -sale.on_hand - back.get((line_id, sale.stock_id), 0)
        if taken := min(room, left[line_id]):
            left[line_id] -= taken
            yield sale.stock_id, line_id, taken
    if any(left.values()):
        raise ValueError(f"More would come back than was sold: {left}.")


def _came_back(order_line_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """{(order line id, stock id): pieces that were taken back before}."""
    returned = StockMovement.objects.filter(
        order_line_id__in=order_line_ids, kind=Kind.RETURNED
    ).order_by()
    return {
        (line_id or 0, stock_id): pieces
        for line_id, stock_id, pieces in returned.values_list(
            "order_line_id", "stock_id"
        ).annotate(Sum("on_hand"))
    }
