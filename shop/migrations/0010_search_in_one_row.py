"""A search answers in one row: a frequent word has hits by the ten thousand, and a row
for each took longer than to find them."""

import importlib

from django.db import migrations

# Of one letter alone, itself: what begins with it is most of a catalog.
BEGINNING = "to_tsquery('shop_simple', quote_literal(word) || ':*')"
BEGINNING_OF_TWO = (
    "to_tsquery('shop_simple', quote_literal(word) ||\n"
    "                    CASE WHEN asked[1] ~ '^[a-z0-9]$' AND cardinality(asked) = 1\n"
    "                    THEN '' ELSE ':*' END)"
)
before = importlib.import_module("shop.migrations.0005_search")

SEARCH = """
DROP FUNCTION shop_search(text[], text);

-- Listed products that fit, best first. The planner takes whatever begins with a word
-- for a fifth of the catalog and would read all of it; and with less memory the index
-- names pages instead of rows, each row of which is then looked at again.
CREATE FUNCTION shop_fitting(query tsquery) RETURNS bigint[] LANGUAGE sql STABLE
SET enable_seqscan = off SET work_mem = '32MB' AS $$
    SELECT coalesce(array_agg(p.id ORDER BY ts_rank(p.search_vector, query) DESC,
                                            p.popularity DESC, p.id), '{}')
    FROM shop_product p
    WHERE p.search_vector @@ query AND p.live AND p.current_price IS NOT NULL
$$;

-- Listed products that come before all that fit: pinned ones, then an exact SKU.
CREATE FUNCTION shop_first(words text[], code text) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(id ORDER BY place, popularity DESC, id), '{}') FROM (
        SELECT p.id, p.popularity, min(named.place) AS place FROM (
            SELECT pin.product_id AS id, coalesce(pin.sort_order, 0) AS place
            FROM shop_pinnedsearch s JOIN shop_pin pin ON pin.search_id = s.id
            WHERE s.words = array_to_string($1, ' ')
            UNION ALL
            SELECT v.product_id, 1000000 FROM shop_variant v
            WHERE v.sku = code AND v.is_active
        ) named JOIN shop_product p ON p.id = named.id
        WHERE p.live AND p.current_price IS NOT NULL
        GROUP BY p.id
    ) first
$$;

CREATE FUNCTION shop_search(words text[], code text)
RETURNS TABLE (ids bigint[], instead text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked text[] := shop_alternatives(words);
    query tsquery := shop_tsquery(asked);
    first bigint[] := shop_first(words, code);
    righted text[];
    thing text;
    said text;
    nearest text;
BEGIN
    ids := shop_fitting(query);
    IF cardinality(first) > 0 THEN
        ids := first || ARRAY(
            SELECT f.id FROM unnest(ids) WITH ORDINALITY AS f (id, place)
            WHERE f.id <> ALL(first) ORDER BY f.place
        );
    END IF;
    IF cardinality(ids) > 0 OR query IS NULL THEN
        RETURN NEXT;
        RETURN;
    END IF;
    FOREACH thing IN ARRAY asked LOOP
        said := split_part(thing, '|', 1);
        nearest := NULL;
        IF position(' ' IN said) = 0
           AND NOT EXISTS (SELECT FROM shop_searchword s WHERE s.word ^@ said) THEN
            nearest := shop_nearest_word(said);
        END IF;
        righted := righted || coalesce(nearest, thing);
    END LOOP;
    IF righted <> asked THEN
        ids := shop_fitting(shop_tsquery(righted));
        IF cardinality(ids) > 0 THEN
            SELECT string_agg(split_part(r.thing, '|', 1), ' ' ORDER BY r.place)
            INTO instead FROM unnest(righted) WITH ORDINALITY AS r (thing, place);
        END IF;
    END IF;
    RETURN NEXT;
END $$;
"""
NO_SEARCH = """
DROP FUNCTION shop_search(text[], text);
DROP FUNCTION shop_first(text[], text);
DROP FUNCTION shop_fitting(tsquery);
"""


def _function(name: str) -> str:
    """As the search began with it."""
    body = before.SEARCH.partition(f"CREATE FUNCTION {name}(")[2].partition("END $$;")[
        0
    ]
    return f"CREATE OR REPLACE FUNCTION {name}({body}END $$;"


TSQUERY = _function("shop_tsquery")


class Migration(migrations.Migration):
    dependencies = [("shop", "0009_import_runs")]

    operations = [
        migrations.RunSQL(TSQUERY.replace(BEGINNING, BEGINNING_OF_TWO), TSQUERY),
        migrations.RunSQL(SEARCH, NO_SEARCH + _function("shop_search")),
    ]
