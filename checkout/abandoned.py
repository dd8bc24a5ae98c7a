"""Carts that were left: kept for ``settings.CART_DAYS``, then thrown away."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from checkout.models import Cart

AT_ONCE = 500


def sweep(*, now: datetime) -> int:
    """Delete carts that nobody has changed for so long, never one that is an order's;
    returns how many. So many at once: a shopper who comes back at this moment is not
    waited for, and does not wait."""
    before, gone = now - timedelta(days=settings.CART_DAYS), 0
    while batch := _delete_some(before):
        gone += batch
    return gone


@transaction.atomic(durable=True)
def _delete_some(before: datetime) -> int:
    left = Cart.objects.filter(updated_at__lt=before, order=None, converted_at=None)
    rows = left.order_by("pk").select_for_update(of=("self",), skip_locked=True)
    chosen = [cart.pk for cart in rows[:AT_ONCE]]
    Cart.objects.filter(pk__in=chosen).delete()
    return len(chosen)
