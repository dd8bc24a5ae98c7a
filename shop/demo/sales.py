"""Sale prices with dates: two that run, two that are planned, one that is over."""

from datetime import datetime, timedelta

from django.utils import timezone

from shop import tree
from shop.demo.prices import rounded
from shop.demo.site import SALE_LASTS
from shop.models import SalePrice, Variant
from shop.prices import apply_due

# Which piece, per cent off, and days from today on which it begins and ends. The vase
# is the one of the home page's clock: its sale ends when that does.
RUNNING = {"ostra-bottle-vase": 10, "ost-linen-cushion": 15}
PLANNED = {"klot-paper-lamp": (20, 3, 6), "fold-wool-throw": (15, 12, 19)}
OVER = {"kaff-espresso-cup": (10, -20, -13)}


def plan(*, now: datetime) -> int:
    """Plan them, unless there are sales already, and have those begin that are due.

    Returns for how many variants. To be called after sample orders are placed: what
    was ordered before today cost what it did without a sale.
    """
    if SalePrice.objects.exists():
        return 0
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    wanted = {slug: (off, now, now + SALE_LASTS) for slug, off in RUNNING.items()}
    for slug, (off, begins, ends) in {**PLANNED, **OVER}.items():
        dates = today + timedelta(days=begins), today + timedelta(days=ends)
        wanted[slug] = (off, *dates)
    variants = Variant.objects.filter(product__slug__in=wanted)
    made = SalePrice.objects.bulk_create(
        _sale(variant, *wanted[variant.product.slug])
        for variant in variants.select_related("product")
    )
    apply_due(now=now)
    tree.changed()
    return len(made)


def _sale(variant: Variant, off: int, begins: datetime, ends: datetime) -> SalePrice:
    price = rounded(float(variant.usual_price) * (100 - off) / 100)
    return SalePrice(variant=variant, price=price, starts_at=begins, ends_at=ends)
