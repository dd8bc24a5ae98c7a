"""News for those who watch: a price that fell, a piece that is back.

Everything here may be killed at any point and run again: what is found is written into
the watch that it is for, in batches, and found no second time. A product with a hundred
thousand watchers takes as many statements as it has batches, and the memory of one.
"""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef

from shop.models import Product
from shop.price_history import Reduction, reductions
from wishlist.models import Watch

# A worker that was down this long has still found every drop.
LOOK_BACK = timedelta(days=7)
# Worth a letter: a twentieth less than when asked, and than the last letter said.
THRESHOLD = "0.95"
COOL_DOWN = timedelta(days=7)
# How long whoever was told has before the next in turn is.
TURN = timedelta(days=2)
BATCH = 5_000

# Materialized: as a subquery it may be run for every row, and each time skip what was
# marked just now, past the limit.
MARK = """
WITH chosen AS MATERIALIZED (
    SELECT id FROM wishlist_watch
    WHERE product_id = %(product)s AND currency = %(currency)s
        AND wants_price AND confirmed_at IS NOT NULL
        AND due_price IS DISTINCT FROM %(price)s
        AND %(price)s <= price_then * %(threshold)s::numeric
        AND (told_price IS NULL OR (
            %(price)s <= told_price * %(threshold)s::numeric AND told_at <= %(cooled)s
        ))
    ORDER BY id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
UPDATE wishlist_watch watch SET due_price = %(price)s
FROM chosen WHERE watch.id = chosen.id
"""
# In the order in which people asked, and no more of them than there are pieces.
BACK = """
UPDATE wishlist_watch SET is_back = true, wants_stock = false, stock_told_at = %(now)s
WHERE id IN (
    SELECT id FROM wishlist_watch
    WHERE product_id = %(product)s AND wants_stock AND confirmed_at IS NOT NULL
    ORDER BY asked_at, id
    LIMIT greatest(0, %(pieces)s - (
        SELECT count(*) FROM wishlist_watch
        WHERE product_id = %(product)s AND stock_told_at > %(turn)s
    ))
)
"""


def find(*, now: datetime) -> None:
    """Write the news into the watches that it is for."""
    for reduction in reductions(since=now - LOOK_BACK, now=now):
        while mark(reduction, now=now) == BATCH:
            pass
    for product_id, pieces in _back_in_stock():
        _run(BACK, product=product_id, pieces=pieces, now=now, turn=now - TURN)


def mark(reduction: Reduction, *, now: datetime) -> int:
    """Write a drop into at most ``BATCH`` watches; into how many."""
    return _run(
        MARK,
        product=reduction.product_id,
        price=reduction.price,
        currency=reduction.currency,
        threshold=THRESHOLD,
        cooled=now - COOL_DOWN,
        batch=BATCH,
    )


def _back_in_stock() -> list[tuple[int, int]]:
    """[(product id, pieces)] that somebody waits for."""
    waiting = Watch.objects.filter(
        product=OuterRef("pk"), wants_stock=True, confirmed_at__isnull=False
    )
    back = Product.objects.active().in_stock().filter(Exists(waiting))
    return list(back.order_by("pk").values_list("pk", "stock_quantity"))


def _run(statement: str, **named) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, named)
        return cursor.rowcount
