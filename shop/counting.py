"""A whole stock list counted at once, as ``inventory.count`` and ``first_count`` do for
one row."""

from collections.abc import Mapping
from datetime import datetime

from home import goods
from shop import movements
from shop.inventory import NotEnoughStock, Shortage
from shop.models import Stock, StockMovement
from shop.movements import Move

Kind = StockMovement.Kind


def count_all(
    counted: Mapping[tuple[int, int], int], *, now: datetime, note: str = ""
) -> None:
    """Set {(variant id, warehouse id): pieces} to what was counted; a variant that was
    never in a warehouse gets its first count there. An equal count is no movement.

    Locks the stock of these variants in primary-key order until commit. The caller
    relists. Four queries, however many.

    Raises:
        NotEnoughStock: fewer than are reserved; nothing was changed.
    """
    locked = Stock.objects.lock(variant__in={variant for variant, _ in counted})
    rows = {(row.variant_id, row.warehouse_id): row for row in locked}
    _refuse_reserved(counted, rows)
    first = Stock.objects.bulk_create(
        Stock(variant_id=variant_id, warehouse_id=warehouse_id)
        for variant_id, warehouse_id in counted
        if (variant_id, warehouse_id) not in rows
    )
    opened = {(row.variant_id, row.warehouse_id): row for row in first}
    moves = [
        Move(row.pk, Kind.INITIAL, on_hand=counted[place], note=note)
        for place, row in opened.items()
    ]
    moves += [
        Move(row.pk, Kind.COUNTED, on_hand=counted[place] - row.on_hand, note=note)
        for place, row in rows.items()
        if counted.get(place, row.on_hand) != row.on_hand
    ]
    movements.write(moves, now=now)
    if moves:
        goods.changed()


def _refuse_reserved(counted, rows) -> None:
    shortages = [
        Shortage(row.variant_id, row.on_hand - counted[place], row.available)
        for place, row in rows.items()
        if counted.get(place, row.on_hand) < row.reserved
    ]
    if shortages:
        raise NotEnoughStock(shortages)
