from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("checkout", "0018_scattered_order_numbers"),
    ]

    operations = [
        migrations.AddField(
            model_name="checkoutattempt",
            name="fault",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Why it was tried again.",
                max_length=80,
            ),
        ),
        migrations.AddField(
            model_name="checkoutattempt",
            name="tries",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="checkoutattempt",
            name="reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("sold_out", "sold out"),
                    ("over_the_cap", "more than one customer may have"),
                    ("total_changed", "total changed"),
                    ("coupon", "promotion gone"),
                    ("withdrawn", "withdrawn"),
                    ("cart_changed", "basket changed meanwhile"),
                    ("closed", "sale closed"),
                    ("set_aside", "set aside after a fault"),
                    ("other", "another reason"),
                ],
                default="",
                max_length=20,
                verbose_name="reason",
            ),
        ),
    ]
