"""Stock beside its ledger and the orders that hold pieces: where they differ, and how
they come to agree again.

The ledger is right: it is only ever added to. Of what it says to be held, only open
orders hold anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from checkout.models import Order
from home import goods, outbox
from shop import movements
from shop.models import Stock, StockMovement
from shop.movements import Move
from shop.tasks import relist

AT_ONCE = 100
DRIFT = """
    SELECT s.id, v.sku, w.code, v.product_id, s.on_hand, s.reserved,
           ledger.on_hand, ledger.reserved, ledger.held
    FROM shop_stock s
    JOIN shop_variant v ON v.id = s.variant_id
    JOIN shop_warehouse w ON w.id = s.warehouse_id
    LEFT JOIN (
        SELECT m.stock_id, sum(m.on_hand) AS on_hand, sum(m.reserved) AS reserved,
               coalesce(sum(m.reserved) FILTER (WHERE o.status = 'prepared'), 0) AS held
        FROM shop_stockmovement m
        LEFT JOIN checkout_orderline l ON l.id = m.order_line_id
        LEFT JOIN checkout_order o ON o.id = l.order_id
        GROUP BY m.stock_id
    ) ledger ON ledger.stock_id = s.id
    WHERE (s.on_hand, s.reserved, s.reserved) IS DISTINCT FROM
          (coalesce(ledger.on_hand, 0), coalesce(ledger.reserved, 0),
           coalesce(ledger.held, 0))
    ORDER BY s.id
"""
# Holds of lines whose order is over, or that are gone.
DANGLING = """
    SELECT m.stock_id, m.order_line_id, sum(m.reserved), l.order_id
    FROM shop_stockmovement m
    LEFT JOIN checkout_orderline l ON l.id = m.order_line_id
    LEFT JOIN checkout_order o ON o.id = l.order_id
    WHERE m.stock_id = ANY(%s) AND m.order_line_id IS NOT NULL
      AND o.status IS DISTINCT FROM 'prepared'
    GROUP BY m.stock_id, m.order_line_id, l.order_id
    HAVING sum(m.reserved) <> 0 AND NOT bool_or(m.kind = 'released')
    ORDER BY m.stock_id, m.order_line_id
"""


@dataclass(frozen=True)
class Drift:
    """A stock row that is not what it should be; the first three counts of pieces on
    hand and reserved by the row and the ledger, ``held`` by open orders."""

    stock_id: int
    sku: str
    warehouse: str
    product_id: int
    on_hand: int
    reserved: int
    ledger_on_hand: int
    ledger_reserved: int
    held: int

    def __str__(self) -> str:
        return (
            f"{self.sku} in {self.warehouse}: {self.on_hand} on hand, {self.reserved} "
            f"reserved; the ledger says {self.ledger_on_hand} and "
            f"{self.ledger_reserved}, open orders hold {self.held}"
        )


def drift() -> list[Drift]:
    """Every row that differs, in primary-key order. One query, no lock."""
    with connection.cursor() as cursor:
        cursor.execute(DRIFT)
        return [Drift(*row[:6], *(n or 0 for n in row[6:])) for row in cursor]


def put_right(*, now: datetime) -> int:
    """Make rows say what their ledger does, and give back what no open order holds, by
    a movement. How many rows were touched.

    A hundred rows in a transaction, which locks the orders of what is given back, then
    the stock, both in primary-key order. What a lock shows to be right is left alone.
    """
    found = [one.stock_id for one in drift()]
    for start in range(0, len(found), AT_ONCE):
        _put_right(found[start : start + AT_ONCE], now)
    return len(found)


def _put_right(stock_ids: Sequence[int], now: datetime) -> None:
    with transaction.atomic(durable=True):
        orders = {row[3] for row in _dangling(stock_ids)} - {None}
        lock = Order.objects.select_for_update(of=("self",), no_key=True)
        list(lock.filter(pk__in=orders).order_by("pk"))
        Stock.objects.lock(pk__in=stock_ids)
        # Read again under the locks.
        wrong = [one for one in drift() if one.stock_id in set(stock_ids)]
        for one in wrong:
            Stock.objects.filter(pk=one.stock_id).update(
                on_hand=one.ledger_on_hand, reserved=one.ledger_reserved
            )
        back = [
            Move(
                stock_id,
                StockMovement.Kind.RELEASED,
                reserved=-held,
                order_line_id=line_id,
                note="reconciled",
            )
            for stock_id, line_id, held, order_id in _dangling(stock_ids)
            if order_id is None or order_id in orders
        ]
        movements.write(back, now=now)
        if wrong:
            goods.changed()
            outbox.defer(relist, product_ids=sorted({one.product_id for one in wrong}))


def _dangling(stock_ids: Sequence[int]) -> list[tuple]:
    """[(stock id, order line id, pieces held, order id or None)]"""
    with connection.cursor() as cursor:
        cursor.execute(DANGLING, [list(stock_ids)])
        return cursor.fetchall()
