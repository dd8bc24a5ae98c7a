"""The list of whoever asks: a customer's own in the database, a visitor's in their
session. Doors need not know which."""

import secrets
from datetime import datetime

from shop.models import Product
from wishlist import merge, session_list
from wishlist.merge import Result, Wish
from wishlist.models import WishlistItem


def wishes_of(request) -> list[tuple[int, datetime]]:
    """[(product id, since when)], newest first. For a customer see ``kept_items``."""
    listed = session_list.items(request)
    return sorted(listed.items(), key=lambda wish: wish[1], reverse=True)


def kept_items(owner_id: int):
    """What is on a customer's list, newest first."""
    return WishlistItem.objects.kept().filter(wishlist__owner=owner_id)


def put_on(request, product: Product, *, now: datetime, added_at=None) -> bool:
    """Put a product on the list, since ``added_at`` if it is being put back.
    False: the list is full."""
    if not request.user.is_authenticated:
        return session_list.put_on(request, product, added_at=added_at or now)
    wish = Wish(product.pk, now)
    results = _merge(request, wish, now=now)
    if added_at:
        # The stone that lay over it is gone; what it was stays as it was.
        _merge(request, Wish(product.pk, added_at), now=now)
    return results[product.pk] != Result.FULL


def take_off(request, product_id: int, *, now: datetime) -> datetime | None:
    """Take a product off the list. Since when it was on it; None: it was not."""
    if not request.user.is_authenticated:
        return session_list.take_off(request, product_id)
    kept = kept_items(request.user.pk).filter(product=product_id)
    added_at = kept.values_list("added_at", flat=True).first()
    if added_at:
        _merge(request, Wish(product_id, removed_at=now), now=now)
    return added_at


def _merge(request, wish: Wish, *, now: datetime) -> dict[int, Result]:
    operation = f"page-{secrets.token_urlsafe(16)}"
    return merge.merge_items(request.user.pk, [wish], operation=operation, now=now)
