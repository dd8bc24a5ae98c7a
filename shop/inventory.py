"""Stock is reserved, sold, received and counted here, and comes back in
``shop.returning``. The rows are locked first, in primary-key order, and read again
under the lock; each change is a movement (``shop.movements``)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from home import goods
from shop import movements
from shop.models import Stock, StockMovement
from shop.models.product import FEW
from shop.movements import Move

Kind = StockMovement.Kind


@dataclass(frozen=True)
class Demand:
    """Pieces of a variant wanted by an order line."""

    variant_id: int
    quantity: int
    order_line_id: int


@dataclass(frozen=True)
class Shortage:
    """A variant of which fewer pieces are left than wanted."""

    variant_id: int
    wanted: int
    left: int


class NotEnoughStock(Exception):
    """``shortages`` names every variant that falls short; nothing was changed."""

    def __init__(self, shortages: list[Shortage]):
        super().__init__(shortages)
        self.shortages = shortages


class StockMoved(Exception):
    """A row has changed since it was counted; ``on_hand`` is what it says now."""

    def __init__(self, on_hand: int):
        super().__init__(on_hand)
        self.on_hand = on_hand


def lock_stock(variant_ids: Iterable[int]) -> dict[int, list[Stock]]:
    """Lock the stock of variants and return it, usual warehouse first.

    {variant id: rows}: the product's primary warehouse, then by priority. Rows of
    warehouses that do not ship are locked but left out.
    """
    rows = Stock.objects.lock_for_sale(set(variant_ids))
    found: dict[int, list[Stock]] = {variant_id: [] for variant_id in variant_ids}
    for stock in sorted(rows, key=_usual_first):
        if stock.ships:
            found[stock.variant_id].append(stock)
    return found


def _usual_first(row) -> tuple:
    return row.warehouse_id != row.usual_id, row.priority, row.pk


def pieces_left(stock: dict[int, list[Stock]]) -> dict[int, int]:
    """{variant id: pieces available}, all warehouses together."""
    return {
        variant_id: sum(row.available for row in rows)
        for variant_id, rows in stock.items()
    }


def find_shortages(left: dict[int, int], wanted: dict[int, int]) -> list[Shortage]:
    """Every variant of which fewer pieces are left than wanted."""
    return [
        Shortage(variant_id, quantity, max(left.get(variant_id, 0), 0))
        for variant_id, quantity in wanted.items()
        if left.get(variant_id, 0) < quantity
    ]


def reserve(
    stock: dict[int, list[Stock]], demands: Sequence[Demand], *, now: datetime
) -> None:
    """Hold pieces for order lines, for all of them or for none.

    ``stock`` comes from ``lock_stock`` in the same transaction. A line that one
    warehouse cannot fill is split over several, in the order of the rows.

    Raises:
        NotEnoughStock
    """
    _refuse_shortages(stock, demands)
    told = _told(stock)
    taken = [
        Move(row.pk, Kind.RESERVED, reserved=pieces, order_line_id=demand.order_line_id)
        for demand in demands
        for row, pieces in _take(stock[demand.variant_id], demand.quantity)
    ]
    if _told(stock) != told:
        goods.changed()
    movements.write(taken, now=now)


def _refuse_shortages(stock: dict[int, list[Stock]], demands: Sequence[Demand]) -> None:
    """Lines of one variant want it together.

    Raises:
        NotEnoughStock
    """
    wanted: dict[int, int] = {}
    for demand in demands:
        wanted[demand.variant_id] = wanted.get(demand.variant_id, 0) + demand.quantity
    if shortages := find_shortages(pieces_left(stock), wanted):
        raise NotEnoughStock(shortages)


def sell_unreserved(demands: Sequence[Demand], *, now: datetime) -> None:
    """Sell pieces that nobody holds any more, for all lines or for none.

    Locks the stock. For lines whose reservation was given back before.

    Raises:
        NotEnoughStock
    """
    stock = lock_stock({demand.variant_id for demand in demands})
    _refuse_shortages(stock, demands)
    told = _told(stock)
    sold = [
        Move(row.pk, Kind.SOLD, on_hand=-pieces, order_line_id=demand.order_line_id)
        for demand in demands
        for row, pieces in _take(stock[demand.variant_id], demand.quantity)
    ]
    if _told(stock) != told:
        goods.changed()
    movements.write(sold, now=now)


def _told(stock: dict[int, list[Stock]]) -> dict[int, int]:
    """{variant id: pieces}, as far as shoppers are told: beyond a few it is enough."""
    return {
        variant_id: min(pieces, FEW + 1)
        for variant_id, pieces in pieces_left(stock).items()
    }


def _take(rows: list[Stock], quantity: int):
    """Take pieces row by row; yields (row, pieces) and raises ``row.reserved``, so that
    they are not taken again."""
    for row in rows:
        pieces = min(row.available, quantity)
        if pieces > 0:
            row.reserved += pieces
            quantity -= pieces
            yield row, pieces


def sell(order_line_ids: Sequence[int], *, now: datetime) -> None:
    """Turn the reservations of order lines into sales; the second call does nothing."""
    _close_reservations(order_line_ids, Kind.SOLD, now=now)


def release(order_line_ids: Sequence[int], *, now: datetime) -> None:
    """Give the reservations of order lines back; the second call does nothing."""
    _close_reservations(order_line_ids, Kind.RELEASED, now=now)


def _close_reservations(ids: Sequence[int], kind: Kind, *, now: datetime) -> None:
    held = StockMovement.objects.filter(order_line_id__in=ids, kind=Kind.RESERVED)
    stock_ids = held.values_list("stock_id", flat=True)
    Stock.objects.lock(pk__in=list(stock_ids))
    # Read under the lock: whoever came first has already closed them.
    closed = set(
        StockMovement.objects.filter(
            order_line_id__in=ids, kind__in=(Kind.SOLD, Kind.RELEASED)
        ).values_list("order_line_id", "stock_id")
    )
    moves = [
        Move(
            hold.stock_id,
            kind,
            on_hand=-hold.reserved if kind == Kind.SOLD else 0,
            reserved=-hold.reserved,
            order_line_id=hold.order_line_id,
        )
        for hold in held
        if (hold.order_line_id, hold.stock_id) not in closed
    ]
    movements.write(moves, now=now)
    if moves and kind == Kind.RELEASED:
        goods.changed()


def receive(
    stock_id: int, pieces: int, *, now: datetime, kind: Kind = Kind.RECEIVED, note=""
) -> Stock:
    """Add pieces that arrived (or take away, when negative). Locks the row.

    Raises:
        NotEnoughStock: fewer than nothing, or than what is reserved, would be left.
    """
    [row] = Stock.objects.lock(pk=stock_id)
    if row.on_hand + pieces < row.reserved:
        raise NotEnoughStock([Shortage(row.variant_id, -pieces, row.available)])
    movements.write([Move(stock_id, kind, on_hand=pieces, note=note)], now=now)
    row.on_hand += pieces
    goods.changed()
    return row


def count(
    stock_id: int, counted: int, *, seen: int, now: datetime, note: str = ""
) -> Stock:
    """Set a row to what was counted. ``seen`` is what was on hand by the page that the
    count was typed into. Locks the row; an equal count is a movement of nothing.

    Raises:
        StockMoved: it is no longer what was seen.
        NotEnoughStock: fewer than what is reserved.
    """
    [row] = Stock.objects.lock(pk=stock_id)
    if row.on_hand != seen:
        raise StockMoved(row.on_hand)
    return receive(stock_id, counted - seen, now=now, kind=Kind.COUNTED, note=note)


def first_count(
    variant_id: int, warehouse_id: int, pieces: int, *, now: datetime
) -> Stock:
    """Open a variant's stock in a warehouse with what was counted there."""
    row = Stock.objects.create(variant_id=variant_id, warehouse_id=warehouse_id)
    movements.write([Move(row.pk, Kind.INITIAL, on_hand=pieces)], now=now)
    row.on_hand = pieces
    goods.changed()
    return row
