"""What the shop asked for a product at a moment, out of the ledger."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from shop.prices import LOOK_BACK

# As on a list: the lowest of its variants, in the currency that each has now.
SHOWN = """
SELECT asked.product_id, min(past.price)
FROM unnest(%s::bigint[], %s::timestamptz[]) AS asked (product_id, moment)
JOIN shop_variant variant ON variant.product_id = asked.product_id
    AND variant.is_active
CROSS JOIN LATERAL (
    SELECT change.price FROM shop_pricechange change
    WHERE change.variant_id = variant.id
        AND change.currency = variant.currency
        AND change.changed_at <= asked.moment
    ORDER BY change.changed_at DESC, change.id DESC LIMIT 1
) past
GROUP BY asked.product_id
"""


def shown_at(moments: Mapping[int, datetime]) -> dict[int, Decimal]:
    """{product id: its price at that moment}, in one query; a product that had no price
    yet is left out."""
    with connection.cursor() as cursor:
        cursor.execute(SHOWN, [list(moments), list(moments.values())])
        return dict(cursor.fetchall())


# A product whose present price came about by a cut within the time looked at, with the
# lowest price asked in the thirty days before that cut. What was raised first and cut
# then is no cheaper than that; a new variant is no cut of an old one.
REDUCTIONS = """
SELECT product.id, product.current_price, product.currency, before.lowest
FROM (
    SELECT DISTINCT variant.product_id AS id
    FROM shop_pricechange change
    JOIN shop_variant variant ON variant.id = change.variant_id
    WHERE change.changed_at > %(since)s AND change.changed_at <= %(now)s
) recent
JOIN shop_product product ON product.id = recent.id
    AND product.live AND product.current_price IS NOT NULL
CROSS JOIN LATERAL (
    SELECT max(latest.changed_at) AS at
    FROM shop_variant variant
    CROSS JOIN LATERAL (
        SELECT change.price, change.currency, change.changed_at
        FROM shop_pricechange change
        WHERE change.variant_id = variant.id AND change.changed_at <= %(now)s
        ORDER BY change.changed_at DESC, change.id DESC LIMIT 1
    ) latest
    WHERE variant.product_id = product.id AND variant.is_active
        AND latest.price = product.current_price
        AND latest.currency = product.currency
        AND latest.changed_at > %(since)s
        AND EXISTS (
            SELECT FROM shop_pricechange earlier
            WHERE earlier.variant_id = variant.id
                AND earlier.currency = latest.currency
                AND earlier.changed_at < latest.changed_at
        )
) cut
CROSS JOIN LATERAL (
    SELECT min(asked.price) AS lowest
    FROM shop_variant variant
    JOIN shop_pricechange asked ON asked.variant_id = variant.id
        AND asked.currency = product.currency AND asked.changed_at < cut.at
    WHERE variant.product_id = product.id AND variant.is_active
        AND (
            asked.changed_at > cut.at - %(look_back)s::interval
            OR asked.id = (
                SELECT standing.id FROM shop_pricechange standing
                WHERE standing.variant_id = variant.id
                    AND standing.currency = product.currency
                    AND standing.changed_at <= cut.at - %(look_back)s::interval
                ORDER BY standing.changed_at DESC, standing.id DESC LIMIT 1
            )
        )
) before
WHERE product.current_price < before.lowest
ORDER BY product.id
"""


class Reduction(NamedTuple):
    """A product that costs less than at any time in the thirty days before."""

    product_id: int
    price: Decimal
    currency: str
    lowest_before: Decimal


def reductions(*, since: datetime, now: datetime) -> list[Reduction]:
    """Published products whose present price was cut after ``since``; one query. Prices
    that are planned or drafted are in no ledger, and a currency is compared with
    itself alone."""
    days = f"{LOOK_BACK.days} days"
    named: dict[str, datetime | str] = {"since": since, "now": now, "look_back": days}
    with connection.cursor() as cursor:
        cursor.execute(REDUCTIONS, named)
        return [Reduction(*row) for row in cursor.fetchall()]
