"""The one way a price changes: the variant, its ledger and its lists together."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from home import goods
from shop.models import PriceChange, Variant
from shop.money import quantise
from shop.relist import relist

LOOK_BACK = timedelta(days=30)


def change_price(variant_id: int, price: Decimal, *, now: datetime) -> Variant:
    """Set a variant's price in its own currency and write it into the ledger.

    A price below everything asked in the last 30 days is a reduction: the lowest of
    those prices becomes ``compare_at_price``. Otherwise nothing is struck through.
    A further cut keeps the struck price of the first.

    Locks the variant until commit. The same price again changes nothing.
    """
    with transaction.atomic():
        locked = Variant.objects.select_for_update(of=("self",), no_key=True)
        variant = locked.get(pk=variant_id)
        price = quantise(price, variant.currency)
        if price == variant.price:
            return variant
        variant.compare_at_price = _struck_price(variant, price, now)
        variant.price = price
        variant.save(update_fields=["price", "compare_at_price"])
        record_price(variant, now=now)
        # No list may show this variant's price, but its own page does.
        goods.changed()
        transaction.on_commit(lambda: relist([variant.product_id]))
    return variant


def record_price(variant: Variant, *, now: datetime) -> PriceChange:
    """Write the variant's present price into the ledger."""
    return PriceChange.objects.create(
        variant=variant, price=variant.price, currency=variant.currency, changed_at=now
    )


def lowest_price_before(variant: Variant, moment: datetime) -> Decimal | None:
    """The lowest price asked in the 30 days before a moment; None without history."""
    changes = PriceChange.objects.filter(variant=variant, currency=variant.currency)
    since = moment - LOOK_BACK
    within = changes.filter(changed_at__gt=since, changed_at__lt=moment)
    prices = list(within.values_list("price", flat=True))
    already = changes.filter(changed_at__lte=since).first()
    if already:
        prices.append(already.price)
    return min(prices, default=None)


def _struck_price(variant: Variant, price: Decimal, now: datetime) -> Decimal | None:
    if variant.compare_at_price is not None and price < variant.price:
        return variant.compare_at_price
    lowest = lowest_price_before(variant, now)
    return lowest if lowest is not None and price < lowest else None
