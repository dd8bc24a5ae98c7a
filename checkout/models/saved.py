from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from checkout.models.cart import MOST_OF_ONE, Cart
from shop.models.fields import money_field


class SavedItem(models.Model):
    """A variant laid aside for later, and how many. ``title`` and ``price_seen`` are
    what the shopper was shown last."""

    cart = models.ForeignKey(Cart, on_delete=models.CASCADE, related_name="saved")
    variant = models.ForeignKey(
        "shop.Variant", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    title = models.CharField(max_length=260)
    price_seen = money_field()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved item")
        verbose_name_plural = _("saved items")
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cart", "variant"], name="saved_item_once_per_variant"
            ),
            models.CheckConstraint(
                condition=Q(quantity__range=(1, MOST_OF_ONE)),
                name="saved_item_quantity_in_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"
