from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.models.fields import currency_field, money_field


class PriceChange(models.Model):
    """A price from a moment on, as shown in the shop. Append-only: a trigger refuses
    any update."""

    variant = models.ForeignKey(
        "shop.Variant", on_delete=models.CASCADE, related_name="price_changes"
    )
    price = money_field(_("price"))
    currency = currency_field()
    changed_at = models.DateTimeField(_("from"))

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("price change")
        verbose_name_plural = _("price changes")
        ordering = ["-changed_at", "-pk"]
        indexes = [models.Index(fields=["variant", "-changed_at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gte=0), name="price_change_not_negative"
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_id}: {self.price} {self.currency}"
