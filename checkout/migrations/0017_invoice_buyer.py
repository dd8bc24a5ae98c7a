"""Invoices keep the name and address that they were issued to, and nothing on them
changes any more."""

import json

from django.db import migrations, models

from checkout import countries

# As ``Order.address_lines`` had it on every page so far.
COPY = """
UPDATE checkout_invoice i
SET buyer = concat_ws(
    E'\\n', nullif(o.name, ''), nullif(o.company, ''), nullif(o.street, ''),
    nullif(o.flat, ''), nullif(btrim(o.postcode || ' ' || o.city), ''),
    nullif(coalesce(%s::jsonb ->> o.country, o.country), '')
)
FROM checkout_order o WHERE o.id = i.order_id
"""
REFUSE = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON checkout_invoice
    FOR EACH ROW EXECUTE FUNCTION shop_refuse_change();
"""
ALLOW = "DROP TRIGGER append_only ON checkout_invoice;"


def copy_buyers(apps, schema_editor):
    names = {code: countries.name(code) for code in countries.COUNTRIES}
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(COPY, [json.dumps(names)])


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0016_attempt_lines"),
        ("shop", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="invoice",
            name="buyer",
            field=models.TextField(
                default="", help_text="Name and postal address.", verbose_name="buyer"
            ),
            preserve_default=False,
        ),
        migrations.RunPython(copy_buyers, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
