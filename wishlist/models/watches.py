from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shop.models.fields import currency_field, money_field


class Digest(models.Model):
    """The one letter of a day to an address. ``sent_at`` is written before it is sent:
    a worker that dies in between loses a letter, and sends none twice."""

    email = models.EmailField(_("e-mail"), max_length=254)
    day = models.DateField(_("day"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("digest")
        verbose_name_plural = _("digests")
        constraints = [
            models.UniqueConstraint(fields=["email", "day"], name="digest_once_a_day")
        ]
        indexes = [
            models.Index(
                fields=["id"], name="digest_unsent", condition=Q(sent_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.day}"


class Watch(models.Model):
    """An address that wants to hear of a product. A guest's counts once it is
    confirmed.

    ``due_price`` and ``is_back`` are news that no digest has taken up; ``told_price``
    is what the last one said.
    """

    email = models.EmailField(_("e-mail"), max_length=254)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.CASCADE,
        related_name="watches",
    )
    product = models.ForeignKey(
        "shop.Product",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="watches",
    )
    wants_price = models.BooleanField(_("when it costs less"), default=False)
    wants_stock = models.BooleanField(_("when it is back"), default=False)
    price_then = money_field(_("price when asked"))
    currency = currency_field()
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    due_price = money_field(null=True)
    is_back = models.BooleanField(default=False)
    told_price = money_field(null=True)
    told_at = models.DateTimeField(null=True)
    stock_told_at = models.DateTimeField(null=True)
    digest = models.ForeignKey(
        Digest, null=True, on_delete=models.SET_NULL, related_name="watches"
    )
    # A fingerprint, so that nobody can have letters sent to a hundred.
    visitor = models.CharField(max_length=32, blank=True, editable=False)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("watch")
        verbose_name_plural = _("watches")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "product"], name="watch_once_per_address"
            )
        ]
        indexes = [
            models.Index(fields=["product", "asked_at", "id"]),
            models.Index(
                fields=["email"],
                name="watch_with_news",
                condition=Q(due_price__isnull=False) | Q(is_back=True),
            ),
            models.Index(fields=["visitor", "asked_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}"
