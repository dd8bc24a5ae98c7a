from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from shop.models.fields import currency_field, money_field
from shop.models.sale import SalePrice
from shop.models.stock import Stock


class VariantQuerySet(models.QuerySet):
    def purchasable(self):
        """Variants on sale: switched on, of a published product."""
        return self.filter(is_active=True, product__live=True)

    def reduced(self):
        return self.filter(compare_at_price__isnull=False)

    def with_sale(self, *, at: datetime):
        """Adds ``sale_price`` and ``sale_ends_at`` of the sale that runs at a moment;
        None, where none does."""
        running = SalePrice.objects.running(at=at).filter(variant=OuterRef("pk"))
        return self.annotate(
            sale_price=Subquery(running.order_by().values("price")),
            sale_ends_at=Subquery(running.order_by().values("ends_at")),
        )

    def with_pieces(self):
        """Adds ``pieces``: what can be bought now, of all warehouses that ship.

        An estimate, without a lock. A subquery, so that joins of the caller's cannot
        count a stock row twice.
        """
        ships = Stock.objects.filter(variant=OuterRef("pk"), warehouse__is_active=True)
        pieces = (
            ships.order_by()
            .values("variant")
            .annotate(pieces=Sum(F("on_hand") - F("reserved")))
            .values("pieces")
        )
        return self.annotate(
            pieces=Coalesce(Subquery(pieces, output_field=models.IntegerField()), 0)
        )


class Variant(models.Model):
    """What is bought: a SKU with its price. Every product has at least one.

    Prices change through ``shop.prices``, which also keeps the ledger. ``price`` is
    what pages show; ``regular_price`` what it goes back to when the running sale ends,
    null while none runs.
    ``compare_at_price`` is the lowest price of the 30 days before a reduction, or null.
    """

    class TaxClass(models.TextChoices):
        STANDARD = "standard", _("standard")
        REDUCED = "reduced", _("reduced")
        ZERO = "zero", _("zero")

    product = models.ForeignKey(
        "shop.Product", on_delete=models.CASCADE, related_name="variants"
    )
    sku = models.CharField(_("SKU"), max_length=40, unique=True)
    option_label = models.CharField(_("options"), max_length=120, blank=True)
    options = models.ManyToManyField(
        "shop.AttributeValue", verbose_name=_("option values"), blank=True
    )
    picture = models.ForeignKey(
        "home.Picture",
        verbose_name=_("picture"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    position = models.PositiveIntegerField(_("order"), default=0)
    is_active = models.BooleanField(_("on sale"), default=True)
    price = money_field(_("price"))
    regular_price = money_field(_("price after the sale"), null=True, editable=False)
    compare_at_price = money_field(_("30-day lowest before the cut"), null=True)
    currency = currency_field()
    tax_class = models.CharField(
        _("tax class"), max_length=10, choices=TaxClass, default=TaxClass.STANDARD
    )
    weight_g = models.PositiveIntegerField(_("weight in grams"), default=0)

    pieces: int  # Only with ``with_pieces()``.
    sale_price: Decimal | None  # Only with ``with_sale()``, and so is the next.
    sale_ends_at: datetime | None
    chosen: list  # Values of options, only on a product's own page.

    objects = VariantQuerySet.as_manager()

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ["product", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gte=0), name="variant_price_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(compare_at_price__isnull=True)
                | models.Q(compare_at_price__gt=models.F("price")),
                name="variant_struck_price_above_price",
            ),
            models.CheckConstraint(
                condition=models.Q(regular_price__isnull=True)
                | models.Q(regular_price__gte=models.F("price")),
                name="variant_regular_price_not_below_price",
            ),
        ]

    def __str__(self) -> str:
        return self.sku

    @property
    def usual_price(self) -> Decimal:
        """What it costs without a sale."""
        return self.price if self.regular_price is None else self.regular_price

    @property
    def present_price(self) -> Decimal:
        """What it costs by the clock, though a sale that has just begun or ended may
        not be written yet. Only with ``with_sale()``."""
        if self.sale_price is None:
            return self.usual_price
        return min(self.sale_price, self.usual_price)

    @property
    def reduced_until(self) -> datetime | None:
        """When the sale ends that makes it cheaper now. Only with ``with_sale()``."""
        return self.sale_ends_at if self.present_price < self.usual_price else None
