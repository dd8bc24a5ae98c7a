"""Sale prices, each for its time, one at a time."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models

import shop.models.sale


class Migration(migrations.Migration):
    dependencies = [
        ("shop", "0007_list_orders"),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name="SalePrice",
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
                    "variant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sales",
                        to="shop.variant",
                        verbose_name="variant",
                    ),
                ),
                (
                    "price",
                    models.DecimalField(
                        decimal_places=3, max_digits=14, verbose_name="sale price"
                    ),
                ),
                ("starts_at", models.DateTimeField(verbose_name="begins")),
                ("ends_at", models.DateTimeField(verbose_name="ends")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("running", "running"),
                            ("over", "over"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
            ],
            options={
                "verbose_name": "sale price",
                "verbose_name_plural": "sale prices",
                "ordering": ["-starts_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="variant",
            name="regular_price",
            field=models.DecimalField(
                decimal_places=3,
                editable=False,
                max_digits=14,
                null=True,
                verbose_name="price after the sale",
            ),
        ),
        migrations.AddConstraint(
            model_name="variant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("regular_price__isnull", True),
                    ("regular_price__gte", models.F("price")),
                    _connector="OR",
                ),
                name="variant_regular_price_not_below_price",
            ),
        ),
        migrations.AddIndex(
            model_name="saleprice",
            index=models.Index(
                condition=models.Q(("state", "over"), _negated=True),
                fields=["variant"],
                name="sale_price_ahead",
            ),
        ),
        migrations.AddConstraint(
            model_name="saleprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("price__gte", 0)), name="sale_price_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="saleprice",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                name="sale_price_ends_after_it_begins",
                violation_error_message="It must end after it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="saleprice",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    ("variant", "="),
                    (
                        shop.models.sale.Period(
                            "starts_at",
                            "ends_at",
                            django.contrib.postgres.fields.ranges.RangeBoundary(),
                        ),
                        "&&",
                    ),
                ],
                name="sale_price_one_at_a_time",
                violation_error_message="Another sale of this variant runs at the same time.",
            ),
        ),
    ]
