"""Listing columns: what a list shows and sorts by, copied onto the product's own row.

One statement computes them from variants, prices, stock and attributes, and only where
they differ, so that running it again writes nothing.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from home import storefront
from home.models import LayoutBlock

# Products are locked in primary-key order before they are written: two calls that
# share products wait for each other instead of dying. By a statement of its own: the
# next one then sees what the other call has written.
LOCK = """
SELECT count(*) FROM (
    SELECT id FROM shop_product WHERE {which} ORDER BY id FOR NO KEY UPDATE
) locked
"""
FACTS = """
WITH listed AS (
    SELECT id FROM shop_product WHERE {which}
), priced AS (
    SELECT DISTINCT ON (v.product_id) v.product_id, v.price, v.compare_at_price,
           v.currency,
           min(v.price) OVER w <> max(v.price) OVER w AS has_range
    FROM shop_variant v JOIN listed l ON l.id = v.product_id
    WHERE v.is_active
    WINDOW w AS (PARTITION BY v.product_id)
    ORDER BY v.product_id, v.price, v.compare_at_price DESC NULLS LAST, v.id
), stocked AS (
    SELECT v.product_id, sum(s.on_hand - s.reserved) AS pieces
    FROM shop_stock s
    JOIN shop_warehouse h ON h.id = s.warehouse_id AND h.is_active
    JOIN shop_variant v ON v.id = s.variant_id AND v.is_active
    JOIN listed l ON l.id = v.product_id
    GROUP BY v.product_id
), valued AS (
    SELECT product_id, array_agg(DISTINCT value_id ORDER BY value_id) AS ids,
           string_agg(DISTINCT a.label, ' ') AS words
    FROM (
        SELECT p.product_id, p.value_id
        FROM shop_productattribute p JOIN listed l ON l.id = p.product_id
        UNION
        SELECT v.product_id, o.attributevalue_id
        FROM shop_variant_options o
        JOIN shop_variant v ON v.id = o.variant_id AND v.is_active
        JOIN listed l ON l.id = v.product_id
    ) both_kinds JOIN shop_attributevalue a ON a.id = value_id
    GROUP BY product_id
), coded AS (
    SELECT v.product_id, string_agg(v.sku, ' ' ORDER BY v.sku) AS skus
    FROM shop_variant v JOIN listed l ON l.id = v.product_id
    WHERE v.is_active GROUP BY v.product_id
), facts AS (
    SELECT p.id,
           {is_sold} AS was_sold,
           priced.price AS current_price,
           priced.compare_at_price,
           coalesce(priced.has_range, false) AS has_price_range,
           coalesce(priced.currency, p.currency) AS currency,
           coalesce(stocked.pieces, 0) AS stock_quantity,
           coalesce(valued.ids, '{{}}') AS value_ids,
           concat_ws(' ', p.caption, c.name, b.name, valued.words, coded.skus)
               AS search_text
    FROM listed
    JOIN shop_product p ON p.id = listed.id
    JOIN shop_category c ON c.id = p.category_id
    LEFT JOIN shop_brand b ON b.id = p.brand_id
    LEFT JOIN priced ON priced.product_id = p.id
    LEFT JOIN stocked ON stocked.product_id = p.id
    LEFT JOIN valued ON valued.product_id = p.id
    LEFT JOIN coded ON coded.product_id = p.id
)
"""
COLUMNS = (
    "current_price compare_at_price has_price_range currency stock_quantity value_ids"
    " search_text"
).split()
DIFFERS = "({}) IS DISTINCT FROM ({})".format(
    ", ".join(f"p.{column}" for column in COLUMNS),
    ", ".join(f"f.{column}" for column in COLUMNS),
)

# As Product.objects.active().in_stock() has it.
IS_SOLD = "(p.live AND p.current_price IS NOT NULL AND p.stock_quantity > 0)"


def relist(product_ids: Sequence[int] | None = None) -> int:
    """Bring listing columns up to date, of some products or of all. Layout blocks that
    wait for one of them to be sold out, or to be there again, follow at the commit.

    Locks those products' rows until commit. Returns how many rows were wrong.
    """
    assignments = ", ".join(f"{column} = f.{column}" for column in COLUMNS)
    sql = (
        f"{_facts(product_ids)}, changed AS ("
        f"UPDATE shop_product p SET {assignments} FROM facts f "
        f"WHERE p.id = f.id AND {DIFFERS} "
        f"RETURNING p.id, f.was_sold <> {IS_SOLD} AS has_turned) "
        "SELECT count(*), array_agg(id) FILTER (WHERE has_turned) FROM changed"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK.format(which=_condition(product_ids)), _which(product_ids))
        cursor.execute(sql, _which(product_ids))
        count, turned = cursor.fetchone()
        tell_layout(turned or ())
    return count


def tell_layout(product_ids: Sequence[int]) -> None:
    """Have layout blocks that depend on one of these products looked at again. Pieces
    that no block names cost the pages that are kept nothing."""
    if not product_ids:
        return
    if LayoutBlock.all_objects.depending_on(product_ids).exists():
        storefront.changed()


def drift() -> list[int]:
    """Ids of the products whose listing columns are not what they should be."""
    sql = (
        f"{_facts(None)} SELECT p.id FROM shop_product p "
        f"JOIN facts f ON f.id = p.id WHERE {DIFFERS} ORDER BY p.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


def _facts(product_ids: Sequence[int] | None) -> str:
    return FACTS.format(which=_condition(product_ids), is_sold=IS_SOLD)


def _condition(product_ids: Sequence[int] | None) -> str:
    return "true" if product_ids is None else "id = ANY(%s)"


def _which(product_ids: Sequence[int] | None) -> list:
    return [] if product_ids is None else [list(product_ids)]
