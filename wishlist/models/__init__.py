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
    "Locked",
    "MergedOperation",
    "Watch",
    "Wishlist",
    "WishlistItem",
    "WishlistManager",
]
