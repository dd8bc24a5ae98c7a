import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0015_cart_merge"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="checkoutattempt",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("state", "waiting")),
                fastupdate=False,
                fields=["product_ids"],
                name="attempt_lines",
            ),
        ),
    ]
