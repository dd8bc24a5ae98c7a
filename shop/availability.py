"""What a shopper is told of price and stock: bands and words, never exact counts
beyond the last few."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from shop.models.product import FEW


@dataclass(frozen=True)
class Availability:
    """``kind`` is in_stock, low or sold_out; ``words`` say it."""

    kind: str
    words: str

    @property
    def can_be_bought(self) -> bool:
        return self.kind != "sold_out"

    @property
    def schema(self) -> str:
        name = "InStock" if self.can_be_bought else "OutOfStock"
        return f"https://schema.org/{name}"


@dataclass(frozen=True)
class ShownPrice:
    """``compare_at`` is the 30-day lowest before a reduction, or None."""

    amount: Decimal
    compare_at: Decimal | None
    currency: str
    is_from: bool = False


@dataclass(frozen=True)
class Delivery:
    """A way for a piece to travel that is ordered today: it has arrived by ``day`` and
    costs ``price``, nothing from a total of ``free_from`` on if that is set."""

    name: str
    day: date
    price: Decimal
    free_from: Decimal | None
    currency: str


def availability(pieces: int) -> Availability:
    if pieces <= 0:
        return Availability("sold_out", _("Sold out"))
    if pieces <= FEW:
        return Availability("low", _("Only %(n)d left") % {"n": pieces})
    return Availability("in_stock", _("In stock"))


def price_of_product(product) -> ShownPrice:
    return ShownPrice(
        amount=product.current_price,
        compare_at=product.compare_at_price,
        currency=product.currency,
        is_from=product.has_price_range,
    )


def price_of_variant(variant) -> ShownPrice:
    return ShownPrice(
        amount=variant.price,
        compare_at=variant.compare_at_price,
        currency=variant.currency,
    )
