"""Every change of what lists count and filter by is noted, whoever makes it."""

import django.contrib.postgres.fields
from django.db import migrations, models

NOTE = """
CREATE FUNCTION shop_note_listing() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE ids bigint[];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT array_agg(n.id) INTO ids FROM before o JOIN after n ON n.id = o.id
        WHERE (n.live AND n.current_price IS NOT NULL
               OR o.live AND o.current_price IS NOT NULL)
        AND (n.live, n.current_price, n.compare_at_price IS NULL,
             n.stock_quantity > 0, n.category_id, n.brand_id, n.value_ids)
            IS DISTINCT FROM
            (o.live, o.current_price, o.compare_at_price IS NULL,
             o.stock_quantity > 0, o.category_id, o.brand_id, o.value_ids);
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
CREATE TRIGGER note_listing_insert AFTER INSERT ON shop_product
    REFERENCING NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION shop_note_listing();
CREATE TRIGGER note_listing_update AFTER UPDATE ON shop_product
    REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION shop_note_listing();
CREATE TRIGGER note_listing_delete AFTER DELETE ON shop_product
    REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION shop_note_listing();
"""
FORGET = """
DROP TRIGGER note_listing_delete ON shop_product;
DROP TRIGGER note_listing_update ON shop_product;
DROP TRIGGER note_listing_insert ON shop_product;
DROP FUNCTION shop_note_listing();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0003_returns_in_parts")]

    operations = [
        migrations.CreateModel(
            name="ListingChange",
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
                ("transaction", models.BigIntegerField(db_index=True)),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "product_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
            ],
            options={"verbose_name": "listing change"},
        ),
        migrations.RunSQL(NOTE, FORGET),
    ]
