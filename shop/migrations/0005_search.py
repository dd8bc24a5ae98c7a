"""Full text in two configurations, both without accents: words as they are, for
beginnings of words, and English stems. And a search that puts right what is misspelt.
"""

import django.db.models.deletion
import modelcluster.fields
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.operations import (
    CreateExtension,
    TrigramExtension,
    UnaccentExtension,
)
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import migrations, models

CONFIGURATIONS = """
CREATE TEXT SEARCH CONFIGURATION shop_simple (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION shop_simple
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, simple;
CREATE TEXT SEARCH CONFIGURATION shop_english (COPY = english);
ALTER TEXT SEARCH CONFIGURATION shop_english
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem;
"""
NO_CONFIGURATIONS = """
DROP TEXT SEARCH CONFIGURATION shop_english;
DROP TEXT SEARCH CONFIGURATION shop_simple;
"""
SEARCH = """
CREATE FUNCTION shop_tsquery(asked text[]) RETURNS tsquery LANGUAGE plpgsql STABLE AS $$
DECLARE
    thing text;
    word text;
    each tsquery;
    either tsquery;
    whole tsquery;
BEGIN
    FOREACH thing IN ARRAY asked LOOP
        either := NULL;
        FOREACH word IN ARRAY string_to_array(thing, '|') LOOP
            IF position(' ' IN word) > 0 THEN
                each := phraseto_tsquery('shop_simple', word)
                     || phraseto_tsquery('shop_english', word);
            ELSE
                -- Quoted: what a shopper types can never be an operator.
                each := to_tsquery('shop_simple', quote_literal(word) || ':*')
                     || plainto_tsquery('shop_english', word);
            END IF;
            either := coalesce(either || each, each);
        END LOOP;
        whole := coalesce(whole && either, either);
    END LOOP;
    RETURN whole;
END $$;

-- The word on a listed product that a misspelt one is nearest to, or null. First by
-- trigrams, sixty at most, then by letters: one wrong in a short word, two in a long;
-- two that changed places are one.
CREATE FUNCTION shop_nearest_word(typed text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT word FROM (
        SELECT word, products, CASE
            WHEN (SELECT array_agg(c ORDER BY c)
                  FROM unnest(string_to_array(word, NULL)) c)
               = (SELECT array_agg(c ORDER BY c)
                  FROM unnest(string_to_array(typed, NULL)) c)
            THEN least(levenshtein(word, typed) / 2, 2)
            ELSE levenshtein(word, typed) END AS wrong
        FROM (SELECT word, products FROM shop_searchword
              ORDER BY word <-> typed LIMIT 60) near
    ) measured
    WHERE wrong <= CASE WHEN length(typed) < 4 THEN 0
                        WHEN length(typed) < 6 THEN 1 ELSE 2 END
    ORDER BY wrong, products DESC, word LIMIT 1
$$;

-- For each thing that must be found the ways to say it, with bars between. A phrase of
-- up to three words that has synonyms is one thing; an English plural has those of its
-- singular.
CREATE FUNCTION shop_alternatives(words text[]) RETURNS text[] LANGUAGE plpgsql STABLE
AS $$
DECLARE
    things text[] := '{}';
    at integer := 1;
    said text;
    same text[];
BEGIN
    WHILE at <= cardinality(words) LOOP
        FOR size IN REVERSE least(3, cardinality(words) - at + 1)..1 LOOP
            said := array_to_string(words[at:at + size - 1], ' ');
            SELECT array_agg(DISTINCT phrase) INTO same
            FROM shop_synonym s, unnest(s.phrases) phrase
            WHERE s.phrases && ARRAY[
                said, regexp_replace(said, 's$', ''), regexp_replace(said, 'es$', '')
            ] AND phrase <> said;
            IF same IS NOT NULL OR size = 1 THEN
                things := things || array_to_string(said || same[1:8], '|');
                at := at + size;
                EXIT;
            END IF;
        END LOOP;
    END LOOP;
    RETURN things;
END $$;

CREATE FUNCTION shop_search(words text[], code text)
RETURNS TABLE (id bigint, place bigint, instead text) LANGUAGE plpgsql STABLE AS $$
DECLARE
    asked text[] := shop_alternatives(words);
    query tsquery := shop_tsquery(asked);
    righted text[];
    thing text;
    said text;
    nearest text;
BEGIN
    RETURN QUERY
    WITH hits AS (
        SELECT p.id, p.popularity, ts_rank(p.search_vector, query) AS rank
        FROM shop_product p
        WHERE p.search_vector @@ query AND p.live AND p.current_price IS NOT NULL
        UNION ALL
        SELECT p.id, p.popularity, 1000
        FROM shop_variant v JOIN shop_product p ON p.id = v.product_id
        WHERE v.sku = code AND v.is_active AND p.live AND p.current_price IS NOT NULL
        UNION ALL
        SELECT p.id, p.popularity, 10000 - coalesce(pin.sort_order, 0)
        FROM shop_pinnedsearch s JOIN shop_pin pin ON pin.search_id = s.id
        JOIN shop_product p ON p.id = pin.product_id
        WHERE s.words = array_to_string($1, ' ')
        AND p.live AND p.current_price IS NOT NULL
    )
    SELECT h.id, row_number() OVER (ORDER BY max(h.rank) DESC, h.popularity DESC, h.id),
           NULL::text
    FROM hits h GROUP BY h.id, h.popularity;
    IF FOUND OR query IS NULL THEN
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
    IF righted = asked THEN
        RETURN;
    END IF;
    query := shop_tsquery(righted);
    RETURN QUERY
    SELECT p.id, row_number() OVER (
               ORDER BY ts_rank(p.search_vector, query) DESC, p.popularity DESC, p.id),
           (SELECT string_agg(split_part(r.thing, '|', 1), ' ' ORDER BY r.place)
            FROM unnest(righted) WITH ORDINALITY AS r (thing, place))
    FROM shop_product p
    WHERE p.search_vector @@ query AND p.live AND p.current_price IS NOT NULL;
END $$;
"""
NO_SEARCH = """
DROP FUNCTION shop_search(text[], text);
DROP FUNCTION shop_alternatives(text[]);
DROP FUNCTION shop_nearest_word(text);
DROP FUNCTION shop_tsquery(text[]);
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0004_listing_changes")]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        CreateExtension("fuzzystrmatch"),
        migrations.RunSQL(CONFIGURATIONS, NO_CONFIGURATIONS),
        migrations.CreateModel(
            name="PinnedSearch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="What shoppers type; capitals and accents do not matter.",
                        max_length=100,
                        unique=True,
                        verbose_name="search",
                    ),
                ),
            ],
            options={
                "verbose_name": "pinned results",
                "verbose_name_plural": "pinned results",
                "ordering": ["words"],
            },
        ),
        migrations.CreateModel(
            name="Synonym",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "words",
                    models.CharField(
                        help_text="Words or short phrases with commas between: sofa, couch, settee.",
                        max_length=200,
                        unique=True,
                        verbose_name="words",
                    ),
                ),
                (
                    "phrases",
                    ArrayField(
                        base_field=models.TextField(), editable=False, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "synonym",
                "verbose_name_plural": "synonyms",
                "ordering": ["words"],
            },
        ),
        migrations.RemoveIndex("product", "shop_produc_search__a4db0b_gin"),
        migrations.RemoveField("product", "search_vector"),
        migrations.AddField(
            "product",
            "search_vector",
            models.GeneratedField(
                db_persist=True,
                expression=SearchVector("title", weight="A", config="shop_simple")
                + SearchVector("title", weight="A", config="shop_english")
                + SearchVector("search_text", weight="B", config="shop_simple")
                + SearchVector("search_text", weight="B", config="shop_english"),
                output_field=SearchVectorField(),
            ),
        ),
        migrations.AddIndex(
            "product",
            GinIndex(fields=["search_vector"], name="shop_produc_search__a4db0b_gin"),
        ),
        migrations.CreateModel(
            name="Pin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "sort_order",
                    models.IntegerField(blank=True, editable=False, null=True),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="shop.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "search",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pins",
                        to="shop.pinnedsearch",
                    ),
                ),
            ],
            options={
                "verbose_name": "pinned product",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Searched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True,
                        primary_key=True,
                        serialize=False,
                        verbose_name="ID",
                    ),
                ),
                (
                    "words",
                    models.CharField(max_length=100, verbose_name="searched for"),
                ),
                ("day", models.DateField(verbose_name="day")),
                ("times", models.PositiveIntegerField(default=0, verbose_name="times")),
                (
                    "found",
                    models.PositiveIntegerField(default=0, verbose_name="pieces found"),
                ),
            ],
            options={
                "verbose_name": "search",
                "verbose_name_plural": "searches",
                "ordering": ["-day", "-times", "words"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("words", "day"), name="searched_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "word",
                    models.CharField(
                        db_collation="C",
                        max_length=40,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("products", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "search word",
                "indexes": [
                    GistIndex(
                        fields=["word"],
                        name="search_word_trigrams",
                        opclasses=["gist_trgm_ops"],
                    )
                ],
            },
        ),
        migrations.RunSQL(SEARCH, NO_SEARCH),
    ]
