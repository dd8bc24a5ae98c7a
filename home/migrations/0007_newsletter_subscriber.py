from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("home", "0006_passphrase_tries")]

    operations = [
        migrations.CreateModel(
            name="NewsletterSubscriber",
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
                ("email", models.EmailField(max_length=254, verbose_name="e-mail")),
                ("audience", models.CharField(max_length=40, verbose_name="list")),
                (
                    "consent",
                    models.CharField(
                        blank=True, max_length=240, verbose_name="agreed to"
                    ),
                ),
                (
                    "consent_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="agreed on"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="first asked")),
                (
                    "asked_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="last asked"
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="confirmed"
                    ),
                ),
                (
                    "left_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="left"),
                ),
                (
                    "visitor",
                    models.CharField(blank=True, editable=False, max_length=32),
                ),
            ],
            options={
                "verbose_name": "newsletter subscriber",
                "verbose_name_plural": "newsletter subscribers",
                "ordering": ["-created_at", "-pk"],
                "indexes": [
                    models.Index(
                        fields=["visitor", "asked_at"],
                        name="home_newsle_visitor_42fc81_idx",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("email", "audience"),
                        name="newsletter_address_once_per_list",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_at__isnull", True),
                            ("consent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="newsletter_confirmed_after_consent",
                    ),
                ],
            },
        ),
    ]
