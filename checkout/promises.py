"""What a product page promises of delivery, at home and for one piece; the shop calls
``ways`` by the name that stands in settings. The basket and the order read the terms
themselves and never this."""

from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from checkout import live, shipping
from shop.availability import Delivery

KEY = "delivery:methods:1"
# Shared by all product pages, which are kept as long.
KEEP_S = 60


def ways(price: Decimal, weight_g: int, *, now: datetime) -> list[Delivery]:
    """How a piece of that price and weight travels that is ordered now, the usual way
    first. No query while the methods are in the cache."""
    methods = cache.get_or_set(KEY, _methods, timeout=KEEP_S) or ()
    parcel = shipping.Parcel(settings.SHOP_COUNTRY, price, weight_g)
    currency, today = settings.SHOP_CURRENCY, timezone.localdate(now)
    return [
        Delivery(
            name=method.name,
            day=shipping.arrival(method, today)[1],
            price=shipping.fee(method, parcel, currency),
            free_from=method.free_from,
            currency=currency,
        )
        for method in shipping.offered(methods, parcel)
    ]


def _methods() -> tuple[shipping.Method, ...]:
    return live.terms().methods
