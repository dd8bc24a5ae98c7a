"""What has sold of late, for lists that put it first."""

from datetime import datetime, timedelta

from django.db import connection, transaction

COUNT_FOR = timedelta(days=90)
# Of each product, what was sold and has not come back; then only what differs. Rows are
# locked in primary-key order, as ``shop.relist`` locks them. No order waits for it:
# checkout locks stock, never a product.
WRITE = """
WITH moved AS (
    SELECT v.product_id, greatest(-sum(m.on_hand), 0) AS pieces
    FROM shop_stockmovement m
    JOIN shop_stock s ON s.id = m.stock_id
    JOIN shop_variant v ON v.id = s.variant_id
    WHERE m.kind IN ('sold', 'returned') AND m.moved_at > %s
    GROUP BY v.product_id
), differing AS MATERIALIZED (
    SELECT p.id, coalesce(moved.pieces, 0) AS pieces
    FROM shop_product p LEFT JOIN moved ON moved.product_id = p.id
    WHERE p.sold_recently <> coalesce(moved.pieces, 0)
    ORDER BY p.id FOR NO KEY UPDATE OF p
)
UPDATE shop_product p SET sold_recently = differing.pieces
FROM differing WHERE p.id = differing.id
"""


def count(*, now: datetime) -> int:
    """Bring ``sold_recently`` of all products up to date. Returns how many were wrong.

    Pages that are kept are not made anew for it: they grow old within a minute.
    Locks the rows it writes until commit.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(WRITE, [now - COUNT_FOR])
        return cursor.rowcount
