"""Merging in few words, as a browser does it."""

from datetime import timedelta
from decimal import Decimal

from shop.models import Product
from tests.builders import NOON, a_product
from wishlist.merge import Wish, merge_items
from wishlist.models import WishlistItem

HOUR = timedelta(hours=1)


def put(product, at=NOON) -> Wish:
    return Wish(product.pk, added_at=at)


def off(product, at=NOON) -> Wish:
    return Wish(product.pk, removed_at=at)


def merged(user, *wishes, operation="operation-1", now=NOON, **more) -> list[str]:
    """What became of each wish, in their order."""
    results = merge_items(user.pk, wishes, operation=operation, now=now, **more)
    return [str(results[wish.product_id]) for wish in wishes]


def kept(user) -> dict:
    """{product id: (since when, price then)}"""
    rows = WishlistItem.objects.kept().filter(wishlist__owner=user)
    return {row.product_id: (row.added_at, row.price_then) for row in rows}


def many_products(n: int) -> list[Product]:
    """Made at once: one that is whole, and others that lists can show."""
    first = a_product(now=NOON)
    Product.objects.bulk_create(
        Product(
            title=f"Piece {at}",
            slug=f"piece-{at}",
            category=first.category,
            created_at=NOON,
            current_price=Decimal(10),
        )
        for at in range(n - 1)
    )
    return list(Product.objects.order_by("pk"))
