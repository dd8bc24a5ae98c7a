from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from checkout.models.order import Order
from shop.models.fields import currency_field, money_field

LONGEST_URL = 400


class OrderLine(models.Model):
    """One SKU of an order, as it was described, priced and taxed at that moment."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    variant = models.ForeignKey(
        "shop.Variant", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    position = models.PositiveSmallIntegerField(default=0)
    sku = models.CharField(_("SKU"), max_length=40)
    title = models.CharField(_("title"), max_length=120)
    option_label = models.CharField(_("options"), max_length=120, blank=True)
    product_url = models.CharField(max_length=200, blank=True)
    image_url = models.CharField(max_length=LONGEST_URL, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = money_field(_("unit price"))
    list_price = money_field(_("price before the cut"), null=True, blank=True)
    discount = money_field(_("discount"), default=Decimal(0))
    total = money_field(_("total"))
    tax_percent = models.DecimalField(_("tax rate"), max_digits=5, decimal_places=2)
    tax = money_field(_("tax"))
    currency = currency_field()
    # What became of the pieces; all others are still to be sent. What came back was
    # sent before.
    cancelled = models.PositiveIntegerField(_("cancelled"), default=0)
    fulfilled = models.PositiveIntegerField(_("sent"), default=0)
    returned = models.PositiveIntegerField(_("returned"), default=0)

    class Meta:
        verbose_name = _("order line")
        verbose_name_plural = _("order lines")
        ordering = ["order", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "sku"], name="order_line_once_per_sku"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="order_line_has_pieces"
            ),
            models.CheckConstraint(
                condition=Q(total=F("unit_price") * F("quantity") - F("discount"))
                & Q(total__gte=0),
                name="order_line_total_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("cancelled") + F("fulfilled")),
                name="order_line_pieces_end_once",
            ),
            models.CheckConstraint(
                condition=Q(fulfilled__gte=F("returned")),
                name="order_line_returned_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def left(self) -> int:
        """Pieces that are still to be sent."""
        return self.quantity - self.cancelled - self.fulfilled

    @property
    def kept(self) -> int:
        """Pieces that the shopper has."""
        return self.fulfilled - self.returned

    @property
    def before_discount(self) -> Decimal:
        return self.total + self.discount
