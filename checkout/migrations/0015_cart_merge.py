"""Carts meet at log-in; pieces are saved for later."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0014_attempts"),
        ("shop", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CartMerge",
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
                    "guest",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merge",
                        to="checkout.cart",
                    ),
                ),
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="merges",
                        to="checkout.cart",
                    ),
                ),
                ("merged_at", models.DateTimeField()),
                (
                    "lines",
                    models.JSONField(
                        default=list,
                        help_text="[[from, its id there, title, the guest's pieces, the account's before and now, to], …]; from and to are basket or saved.",
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("lines_before", models.PositiveIntegerField()),
                ("code_left", models.CharField(blank=True, default="", max_length=20)),
            ],
            options={
                "verbose_name": "merged cart",
                "verbose_name_plural": "merged carts",
                "ordering": ["-merged_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SavedItem",
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
                    "cart",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved",
                        to="checkout.cart",
                    ),
                ),
                (
                    "variant",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="shop.variant",
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="quantity")),
                ("title", models.CharField(max_length=260)),
                ("price_seen", models.DecimalField(decimal_places=3, max_digits=14)),
                ("saved_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "saved item",
                "verbose_name_plural": "saved items",
                "ordering": ["-saved_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="cart",
            name="merged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="cart",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("converted_at__isnull", True), ("merged_at__isnull", True)
                ),
                fields=("customer",),
                name="cart_one_open_per_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="cart",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("converted_at__isnull", True),
                    ("merged_at__isnull", True),
                    _connector="OR",
                ),
                name="cart_goes_one_way",
            ),
        ),
        migrations.AddConstraint(
            model_name="saveditem",
            constraint=models.UniqueConstraint(
                fields=("cart", "variant"), name="saved_item_once_per_variant"
            ),
        ),
        migrations.AddConstraint(
            model_name="saveditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__range", (1, 999))),
                name="saved_item_quantity_in_range",
            ),
        ),
    ]
