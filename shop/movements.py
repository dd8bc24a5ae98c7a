"""How stock moves: a movement and what it does to its row are one statement, so that
the one is never written without the other."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

# The rows are counted on from what they are at that moment, not from what was read.
WRITE = """
    WITH moved AS (
        INSERT INTO shop_stockmovement
            (stock_id, kind, on_hand, reserved, order_line_id, note, moved_at)
        SELECT move.*, %s FROM unnest(
            %s::bigint[], %s::text[], %s::int[], %s::int[], %s::bigint[], %s::text[]
        ) move
        RETURNING stock_id, on_hand, reserved
    ), summed AS (
        SELECT stock_id, sum(on_hand) AS on_hand, sum(reserved) AS reserved
        FROM moved GROUP BY stock_id
    )
    UPDATE shop_stock SET on_hand = shop_stock.on_hand + summed.on_hand,
                          reserved = shop_stock.reserved + summed.reserved
    FROM summed WHERE shop_stock.id = summed.stock_id
"""


class Move(NamedTuple):
    """What is added to a stock row. ``kind`` is of ``StockMovement.Kind``."""

    stock_id: int
    kind: str
    on_hand: int = 0
    reserved: int = 0
    order_line_id: int | None = None
    note: str = ""


def write(moves: Sequence[Move], *, now: datetime) -> None:
    """Write movements into the ledger and their sums into the stock: one statement,
    however many. The caller holds the locks of the rows."""
    if not moves:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            WRITE, [now, *(list(column) for column in zip(*moves, strict=True))]
        )
