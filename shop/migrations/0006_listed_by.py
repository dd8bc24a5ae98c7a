"""An index for each order of a list, of what is listed alone."""

from django.db import migrations, models

ORDERS = {
    "popularity": ["-popularity", "id"],
    "price": ["current_price", "id"],
    "age": ["-created_at", "-id"],
    "name": ["title", "id"],
}


class Migration(migrations.Migration):
    dependencies = [("shop", "0005_search")]

    operations = [
        migrations.AddIndex(
            "product",
            models.Index(
                fields=fields,
                name=f"product_listed_by_{name}",
                condition=models.Q(live=True, current_price__isnull=False),
            ),
        )
        for name, fields in ORDERS.items()
    ]
