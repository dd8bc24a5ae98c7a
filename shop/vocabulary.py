"""The words that stand on listed products, for putting right what is typed, and for
saying which of several words there is."""

from collections.abc import Sequence

from django.db import connection, transaction

from home import reading

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
# As a beginning, also in the singular or as something that means the same. The next
# word from there on tells, whatever the planner thinks of a vocabulary of 100,000.
STANDING = """
SELECT typed.word FROM unnest(%s::text[]) WITH ORDINALITY AS typed (word, place)
WHERE length(typed.word) > 1 AND EXISTS (
    SELECT FROM
        unnest(string_to_array((shop_alternatives(ARRAY[typed.word]))[1], '|')) said,
        unnest(ARRAY[
            said, regexp_replace(said, 's$', ''), regexp_replace(said, 'es$', '')
        ]) beginning
    WHERE beginning <> '' AND (
        SELECT s.word FROM shop_searchword s
        WHERE s.word >= beginning ORDER BY s.word LIMIT 1
    ) ^@ beginning
)
ORDER BY typed.place
"""


def learn() -> None:
    """Bring the vocabulary up to date. Takes seconds in a catalog of a million."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '120s'")
        # One at a time, or two that add the same word would wait for each other.
        cursor.execute("LOCK TABLE shop_searchword IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute(LEARN)


def standing(words: Sequence[str]) -> list[str]:
    """Those of the words that stand on listed products, as far as was last learnt: 1
    query."""
    with reading.connection().cursor() as cursor:
        cursor.execute(STANDING, [list(words)])
        return [word for (word,) in cursor.fetchall()]
