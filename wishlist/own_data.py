"""What this room knows of a customer (see ``home.accounts.person``)."""

from django.db.models import Q

from home.accounts.own_data import addresses
from wishlist.models import Digest, Watch, Wishlist, WishlistItem


def export(user) -> dict:
    items = WishlistItem.objects.filter(wishlist__owner=user)
    watches = Watch.objects.filter(_theirs(user))
    return {
        "letters_about": list(
            watches.values(
                "product__title", "wants_price", "wants_stock", "asked_at", "told_at"
            )
        ),
        "letters_of_news": list(
            Digest.objects.filter(email__in=addresses(user)).values("day", "sent_at")
        ),
        "wishlist_settings": list(
            Wishlist.objects.filter(owner=user).values(
                "created_at", "changed_at", "is_watched", "share_token", "shows_gifts"
            )
        ),
        "wishlist": list(
            items.values(
                "product__title", "added_at", "removed_at", "price_then", "currency"
            )
        ),
    }


def obstacle(user) -> str:
    return ""


def erase(user) -> None:
    """Lists and watches, of a guest's time too, and that letters were sent."""
    Wishlist.objects.filter(owner=user).delete()
    Watch.objects.filter(_theirs(user)).delete()
    Digest.objects.filter(email__in=addresses(user)).delete()


def _theirs(user) -> Q:
    return Q(owner=user) | Q(email__in=addresses(user))
