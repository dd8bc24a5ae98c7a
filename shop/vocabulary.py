"""The words that stand on listed products, for putting right what is typed."""

from django.db import connection, transaction

# Numbers and parts of SKUs are no words. Rows that are right stay.
LEARN = r"""
WITH known AS (
    SELECT word, ndoc AS products FROM ts_stat($$
        SELECT to_tsvector('shop_simple', title || ' ' ||
                           regexp_replace(search_text, '\S*[0-9]\S*', ' ', 'g'))
        FROM shop_product WHERE live AND current_price IS NOT NULL
    $$) WHERE length(word) BETWEEN 3 AND 40 AND word !~ '[0-9]'
), gone AS (
    DELETE FROM shop_searchword s
    WHERE NOT EXISTS (SELECT FROM known k WHERE k.word = s.word)
)
INSERT INTO shop_searchword AS s (word, products)
SELECT word, products FROM known
ON CONFLICT (word) DO UPDATE SET products = excluded.products
WHERE s.products <> excluded.products
"""


def learn() -> None:
    """Bring the vocabulary up to date. Takes seconds in a catalog of a million."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")
        # One at a time, or two that add the same word would wait for each other.
        cursor.execute("LOCK TABLE shop_searchword IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(LEARN)
