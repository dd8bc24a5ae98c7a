"""Lists by what has sold and by how much is taken off; what was noted of a product
holds for all that lists put in order."""

from django.db import migrations, models
from django.db.models import F, Value
from django.db.models.functions import Cast, Coalesce, NullIf

NOTE = """
CREATE OR REPLACE FUNCTION shop_note_listing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(n.id) INTO ids FROM before o JOIN after n ON n.id = o.id
        WHERE (n.live AND n.current_price IS NOT NULL
               OR o.live AND o.current_price IS NOT NULL)
        AND (n.live, n.current_price, n.{compare_at},
             n.stock_quantity > 0, n.category_id, n.brand_id, n.value_ids{orders_new})
            IS DISTINCT FROM
            (o.live, o.current_price, o.{compare_at},
             o.stock_quantity > 0, o.category_id, o.brand_id, o.value_ids{orders_old});
    ELSIF TG_OP = 'INSERT' THEN
        SELECT array_agg(id) INTO ids FROM after WHERE live AND current_price IS NOT NULL;
    ELSE
        SELECT array_agg(id) INTO ids FROM before WHERE live AND current_price IS NOT NULL;
    END IF;
    IF ids IS NOT NULL THEN
        INSERT INTO shop_listingchange (transaction, at, product_ids)
        VALUES (pg_current_xact_id()::text::bigint, now(), ids);
    END IF;
    RETURN NULL;
END $$;
"""
ORDERS = ", {row}.popularity, {row}.sold_recently, {row}.created_at"
WITH_ORDERS = NOTE.format(
    compare_at="compare_at_price",
    orders_new=ORDERS.format(row="n"),
    orders_old=ORDERS.format(row="o"),
)
WITHOUT_ORDERS = NOTE.format(
    compare_at="compare_at_price IS NULL", orders_new="", orders_old=""
)
LISTED = models.Q(live=True, current_price__isnull=False)


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_listed_by")]

    operations = [
        # A generated column is written into every row, which takes its time.
        migrations.RunSQL("SET LOCAL statement_timeout = 0", migrations.RunSQL.noop),
        migrations.AddField(
            "product",
            "reduction",
            models.GeneratedField(
                db_persist=True,
                expression=Coalesce(
                    Cast(
                        (F("compare_at_price") - F("current_price"))
                        * Value(
                            10000, models.DecimalField(decimal_places=0, max_digits=5)
                        )
                        / NullIf(
                            F("compare_at_price"),
                            Value(
                                0, models.DecimalField(decimal_places=0, max_digits=5)
                            ),
                        ),
                        models.IntegerField(),
                    ),
                    0,
                ),
                output_field=models.IntegerField(),
            ),
        ),
        migrations.AddField(
            "product",
            "sold_recently",
            models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["-sold_recently", "-popularity", "id"],
                name="product_listed_by_sales",
                condition=LISTED,
            ),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                fields=["-reduction", "-popularity", "id"],
                name="product_listed_by_reduction",
                condition=LISTED,
            ),
        ),
        migrations.RunSQL(WITH_ORDERS, WITHOUT_ORDERS),
    ]
