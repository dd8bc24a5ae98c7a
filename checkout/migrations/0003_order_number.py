"""Order numbers come from a sequence: no row to lock, and no number twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("checkout", "0002_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE checkout_order_number START WITH 100234",
            "DROP SEQUENCE checkout_order_number",
        )
    ]
