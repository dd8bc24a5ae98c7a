"""What is sold in a rehearsal: products with a drop each, and terms to sell them on."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone
from django.utils.crypto import get_random_string

from checkout.models import DeliveryMethod, Drop, TaxRate
from shop import inventory
from shop.models import Category, Product, Variant, Warehouse
from shop.prices import record_price
from shop.relist import relist


@dataclass(frozen=True)
class Lot:
    """A product of the rehearsal: its page, and the variant that is bought."""

    product: Product
    variant: Variant

    @property
    def shown(self) -> tuple[str, str]:
        return self.product.url, self.variant.sku


PLENTY = 100_000


def set_up(products: int, stock: int) -> tuple[list[Lot], Lot]:
    """So many products, each with so many pieces and a drop; and one that is none, of
    which there is plenty."""
    now = timezone.now()
    DeliveryMethod.objects.get_or_create(
        code="post", defaults={"name": "Post", "price": Decimal("4.90")}
    )
    TaxRate.objects.get_or_create(
        country="PT", tax_class="standard", defaults={"percent": Decimal(23)}
    )
    warehouse, _ = Warehouse.objects.get_or_create(
        code="rehearsal", defaults={"name": "Rehearsal", "country": "PT"}
    )
    category, _ = Category.objects.get_or_create(
        slug="rehearsal", parent=None, defaults={"name": "Rehearsal"}
    )
    lots = []
    for n in range(products + 1):
        is_drop = n < products
        name = get_random_string(8).lower()
        product = Product.objects.create(
            title=f"Piece {n + 1}", slug=name, category=category, created_at=now
        )
        variant = Variant.objects.create(
            product=product, sku=f"R-{name.upper()}", price=Decimal("36.50")
        )
        record_price(variant, now=now)
        pieces = stock if is_drop else PLENTY
        inventory.first_count(variant.pk, warehouse.pk, pieces, now=now)
        if is_drop:
            Drop.objects.create(product=product, most_waiting=100_000)
        lots.append(Lot(product, variant))
    relist([lot.product.pk for lot in lots])
    for lot in lots:
        lot.product.refresh_from_db()
    return lots[:-1], lots[-1]
