"""The ledgers are append-only in the database, not only by good manners."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION shop_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON shop_stockmovement
    FOR EACH ROW EXECUTE FUNCTION shop_refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE ON shop_pricechange
    FOR EACH ROW EXECUTE FUNCTION shop_refuse_change();
"""
ALLOW = """
DROP TRIGGER append_only ON shop_pricechange;
DROP TRIGGER append_only ON shop_stockmovement;
DROP FUNCTION shop_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("shop", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
