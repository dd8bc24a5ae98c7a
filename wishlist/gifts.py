"""What others are getting from a shared list, so that nobody gets a piece twice.

Whoever made the list is kept in the dark, unless they want to know: a surprise is the
point of it. Nobody learns who. What a browser has marked, it alone can take back.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import connection, transaction

from home.visitor import one_at_a_time
from wishlist.models import Gift, Wishlist, WishlistItem

COOKIE = "giver"
KEEP_S = 365 * 24 * 3600
MOST_PER_HOUR = 30
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)

# The link must still lead to the list, and does until commit. Of two who mark a piece
# at once the second finds it taken, and gets no row back.
CLAIM = """
INSERT INTO wishlist_gift (item_id, giver, marked_at, visitor)
SELECT item.id, %(giver)s, %(now)s, %(visitor)s
FROM wishlist_wishlistitem item
JOIN wishlist_wishlist list ON list.id = item.wishlist_id
WHERE list.id = %(list)s AND list.share_token = %(token)s
    AND item.product_id = %(product)s AND item.removed_at IS NULL
FOR SHARE OF list
ON CONFLICT (item_id) DO UPDATE SET giver = EXCLUDED.giver,
    marked_at = EXCLUDED.marked_at, visitor = EXCLUDED.visitor
WHERE wishlist_gift.giver IN ('', EXCLUDED.giver) OR wishlist_gift.marked_at < (
    SELECT added_at FROM wishlist_wishlistitem WHERE id = EXCLUDED.item_id
)
RETURNING id
"""


class Mark(StrEnum):
    """How a piece stands for one who looks at the list."""

    FREE = ""
    MINE = "mine"
    TAKEN = "taken"


class Taken(Exception):
    """Somebody else is getting the piece, or it is no longer on the list."""


class TooManyGifts(Exception):
    """Enough marked from there for the present."""


def new_token() -> str:
    """By which a browser is known for the one that marked a piece; 192 random bits."""
    return secrets.token_urlsafe(24)


def mark(
    wishlist: Wishlist, product_id: int, token: str, *, visitor: str, now: datetime
) -> None:
    """Say that this browser's owner is getting a piece; said twice, it is once.

    Raises:
        Taken
        TooManyGifts
    """
    named: dict[str, int | str | datetime | None] = {
        "list": wishlist.pk,
        "token": wishlist.share_token,
        "product": product_id,
        "giver": _giver(wishlist, token),
        "visitor": visitor,
        "now": now,
    }
    with transaction.atomic():
        one_at_a_time(visitor)
        marked = Gift.objects.filter(visitor=visitor, marked_at__gt=now - HOUR)
        if marked.count() >= MOST_PER_HOUR:
            raise TooManyGifts
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, named)
            if cursor.fetchone() is None:
                raise Taken


def take_back(wishlist: Wishlist, product_id: int, token: str) -> None:
    """Free a piece that this browser has marked; of others' nothing changes."""
    if token:
        mine = Gift.objects.filter(item__wishlist=wishlist, item__product=product_id)
        # The row stays: whoever marks and frees in turns is counted all the same.
        mine.filter(giver=_giver(wishlist, token)).update(giver="")


def marks(wishlist: Wishlist, token: str = "") -> dict[int, Mark]:
    """{product id: how it stands for a browser} of all that is marked; one query."""
    mine = _giver(wishlist, token) if token else None
    given = Gift.objects.taken().filter(item__wishlist=wishlist)
    return {
        product_id: Mark.MINE if giver == mine else Mark.TAKEN
        for product_id, giver in given.values_list("item__product", "giver")
    }


def show_to_owner(owner_id: int, *, is_shown: bool) -> None:
    """Let whoever made the list see what is marked, or no longer."""
    Wishlist.objects.filter(owner=owner_id).update(shows_gifts=is_shown)


def forget(wishlist_id: int) -> None:
    """With its link a list loses its marks: nobody could take them back. The caller
    holds the list's lock."""
    items = WishlistItem.objects.filter(wishlist=wishlist_id)
    Gift.objects.filter(item__in=items).delete()


def sweep(*, now: datetime) -> None:
    """Forget from where pieces were marked."""
    old = Gift.objects.filter(marked_at__lt=now - KEPT)
    old.exclude(visitor="").update(visitor="")


def _giver(wishlist: Wishlist, token: str) -> str:
    """As random as the token, so it needs no key, and outlives a change of it."""
    return hashlib.sha256(f"{wishlist.pk}:{token}".encode()).hexdigest()[:32]
