from wishlist.models.gifts import Gift
from wishlist.models.lists import (
    Locked,
    MergedOperation,
    Wishlist,
    WishlistItem,
    WishlistManager,
)
from wishlist.models.watches import Digest, Watch

__all__ = [
    "Digest",
    "Gift",
    "Locked",
    "MergedOperation",
    "Watch",
    "Wishlist",
    "WishlistItem",
    "WishlistManager",
]
