"""Listing columns: what a list shows and sorts by, copied onto the product's own row.

One statement computes them from variants, prices, stock and attributes, and only where
they differ, so that running it again writes nothing.
"""

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from home import goods, outbox, published
from home.models import LayoutBlock
from home.prepared import Prepared
from shop.models.product import FEW
from shop.turns import turns

AT_ONCE = 1000
# A plan that was made for ten serves for as many. It takes 3 ms to make, and what it
# does a fifth of that.
A_FEW = 20
# In primary-key order: two calls that share products wait for each other instead of
# dying. A statement of its own: the next one sees what was waited for.
LOCK = """
SELECT count(*) FROM (
    SELECT id FROM shop_product WHERE {which} ORDER BY id FOR NO KEY UPDATE
) locked
"""
# Each part once, whatever PostgreSQL thinks: where it takes tables for empty that were
# filled just now, it would put each together again for every row of the others.
FACTS = """
WITH listed AS (
    SELECT id FROM shop_product WHERE {which}
), priced AS MATERIALIZED (
    SELECT DISTINCT ON (v.product_id) v.product_id, v.price, v.compare_at_price,
           v.currency,
           min(v.price) OVER w <> max(v.price) OVER w AS has_range
    FROM shop_variant v JOIN listed l ON l.id = v.product_id
    WHERE v.is_active
    WINDOW w AS (PARTITION BY v.product_id)
    ORDER BY v.product_id, v.price, v.compare_at_price DESC NULLS LAST, v.id
), stocked AS MATERIALIZED (
    SELECT v.product_id, sum(s.on_hand - s.reserved) AS pieces
    FROM shop_stock s
    JOIN shop_warehouse h ON h.id = s.warehouse_id AND h.is_active
    JOIN shop_variant v ON v.id = s.variant_id AND v.is_active
    JOIN listed l ON l.id = v.product_id
    GROUP BY v.product_id
), valued AS MATERIALIZED (
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
), coded AS MATERIALIZED (
    SELECT v.product_id, string_agg(v.sku, ' ' ORDER BY v.sku) AS skus
    FROM shop_variant v JOIN listed l ON l.id = v.product_id
    WHERE v.is_active GROUP BY v.product_id
), facts AS MATERIALIZED (
    SELECT p.id,
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
# What a shopper reads of them: pieces are counted only when few are left.
SEEN = [f"{{row}}.{column}" for column in COLUMNS if column != "stock_quantity"]
SEEN.append(f"least({{row}}.stock_quantity, {FEW + 1})")
ALL = [f"{{row}}.{column}" for column in COLUMNS]
# As Product.objects.active().in_stock() has it.
IS_SOLD = (
    "({row}.live AND {row}.current_price IS NOT NULL AND {row}.stock_quantity > 0)"
)


def _differs(row: str, columns: Sequence[str] = ALL) -> str:
    """SQL: whether a row of products and the facts ``f`` disagree."""
    is_, should_be = (
        ", ".join(column.format(row=name) for column in columns) for name in (row, "f")
    )
    return f"({is_}) IS DISTINCT FROM ({should_be})"


def relist(product_ids: Sequence[int] | None = None) -> int:
    """Bring listing columns up to date, of some products or of all. Layout blocks that
    wait for one of them to be sold out, or to be there again, follow at the commit.

    Locks those products' rows until commit. Returns how many rows were wrong. Pages
    are made anew, once for all, when a shopper can see the difference.
    """
    turns = [None] if product_ids is None else _turns(product_ids)
    with transaction.atomic():
        done = [_relist(turn) for turn in turns]
        if any(is_seen for _count, is_seen, _turned in done):
            goods.changed()
        tell_layout([pk for _count, _is_seen, turned in done for pk in turned or ()])
    return sum(count for count, _is_seen, _turned in done)


def follow(product_ids: Iterable[int]) -> None:
    """Bring listing columns of products up to date from the commit on: of some at once,
    of more by a worker."""
    from shop import tasks

    first, *more = _turns(product_ids) or [[]]
    transaction.on_commit(lambda: relist(first))
    outbox.defer_all([outbox.job(tasks.relist, product_ids=turn) for turn in more])


def _turns(product_ids: Iterable[int]) -> list[list[int]]:
    """So many that one statement has time for them; in primary-key order, as locks."""
    return list(turns(sorted(set(product_ids)), AT_ONCE))


def _relist(product_ids: list[int] | None) -> tuple[int, bool, list[int] | None]:
    which = "true" if product_ids is None else "id = ANY(%s)"
    asked = [] if product_ids is None else [product_ids]
    with connection.cursor() as cursor:
        cursor.execute(LOCK.format(which=which), asked)
        if product_ids and len(product_ids) <= A_FEW:
            return WRITE_A_FEW.fetch(connection, product_ids)[0]
        cursor.execute(_writing(which), asked)
        return cursor.fetchone()


def _writing(which: str) -> str:
    """SQL that writes the facts and tells how many rows differed, whether a shopper
    can see any of it, and which products are sold now and were not, or the reverse."""
    was_sold, is_sold = IS_SOLD.format(row="was"), IS_SOLD.format(row="p")
    assignments = ", ".join(f"{column} = f.{column}" for column in COLUMNS)
    return (
        f"{FACTS.format(which=which)}, written AS ("
        f"UPDATE shop_product p SET {assignments} "
        f"FROM facts f JOIN shop_product was ON was.id = f.id "
        f"WHERE p.id = f.id AND {_differs('p')} "
        f"RETURNING p.id, {_differs('was', SEEN)} AS is_seen, "
        f"{was_sold} <> {is_sold} AS has_turned"
        ") SELECT count(*), coalesce(bool_or(is_seen), false), "
        "array_agg(id) FILTER (WHERE has_turned) FROM written"
    )


WRITE_A_FEW = Prepared(
    "write_facts_of_a_few", "bigint[]", _writing("id = ANY(ARRAY(SELECT unnest($1)))")
)


def tell_layout(product_ids: Sequence[int]) -> None:
    """Have layout blocks that depend on one of these products looked at again. Pieces
    that no block names cost the pages that are kept nothing."""
    if not product_ids:
        return
    if LayoutBlock.all_objects.depending_on(product_ids).exists():
        published.changed()


def drift() -> list[int]:
    """Ids of the products whose listing columns are not what they should be."""
    sql = (
        f"{FACTS.format(which='true')} SELECT p.id FROM shop_product p "
        f"JOIN facts f ON f.id = p.id WHERE {_differs('p')} ORDER BY p.id"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]
