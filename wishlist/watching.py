"""Who wants to hear of a product: customers by their list, or by one piece; guests by
an address that they confirm first."""

from datetime import datetime, timedelta

from django.db import connection, transaction

from home import outbox
from home.visitor import one_at_a_time
from shop.models import Product
from wishlist.letters import send_confirmation
from wishlist.models import Watch, Wishlist

MOST_PER_HOUR = 5
HOUR = timedelta(hours=1)
KEPT_UNCONFIRMED = timedelta(days=30)
# Pieces on a list that is watched, and not pieces that were taken off it. What somebody
# has ended for one piece stays ended.
FOLLOW = """
INSERT INTO wishlist_watch (
    email, owner_id, product_id, wants_price, wants_stock, price_then, currency,
    asked_at, confirmed_at, is_back, visitor
)
SELECT owner.email, owner.id, item.product_id, true, false, item.price_then,
    item.currency, item.added_at, %(now)s, false, ''
FROM wishlist_wishlistitem item
JOIN wishlist_wishlist list ON list.id = item.wishlist_id
JOIN auth_user owner ON owner.id = list.owner_id
WHERE list.id = %(list)s AND item.removed_at IS NULL AND owner.email <> ''
ON CONFLICT (email, product_id) DO NOTHING
"""
FORGET = """
DELETE FROM wishlist_watch watch USING wishlist_wishlist list
WHERE list.id = %(list)s AND watch.owner_id = list.owner_id AND NOT watch.wants_stock
    AND NOT EXISTS (
        SELECT FROM wishlist_wishlistitem item WHERE item.wishlist_id = list.id
            AND item.product_id = watch.product_id AND item.removed_at IS NULL
    )
"""


class TooManyRequests(Exception):
    """This visitor has caused enough letters for the present."""


def watch_list(owner_id: int, *, is_watched: bool, now: datetime) -> None:
    """Letters when any piece of the list costs less, or no more of them."""
    with transaction.atomic():
        locked = Wishlist.objects.lock_of(owner_id, now=now)
        Wishlist.objects.filter(pk=locked.pk).update(is_watched=is_watched)
        own = Watch.objects.filter(owner=owner_id)
        if is_watched:
            own.filter(wants_stock=True).update(wants_price=True)
            follow(locked.pk, now=now)
        else:
            own.filter(wants_stock=False).delete()
            own.update(wants_price=False, due_price=None)


def follow(wishlist_id: int, *, now: datetime) -> None:
    """Watch what is on a list, and nothing that is not; two statements. The caller
    holds the list's lock."""
    named: dict[str, int | datetime] = {"list": wishlist_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(FOLLOW, named)
        cursor.execute(FORGET, named)


def watch_product(user, product: Product, *, now: datetime) -> None:
    """A customer wants to hear when the piece is back."""
    Watch.objects.bulk_create(
        [_watch(user.email, product, now, owner=user, wants_stock=True)],
        update_conflicts=True,
        unique_fields=["email", "product"],
        update_fields=["wants_stock", "confirmed_at", "owner", "asked_at"],
    )


def ask_as_guest(email: str, product: Product, *, visitor: str, now: datetime) -> None:
    """Have an address asked whether it wants letters about a product: of a lower price
    and of its return. One that gets them already is not asked, and no caller can tell.

    Raises:
        TooManyRequests
    """
    with transaction.atomic():
        one_at_a_time(visitor)
        asked = Watch.objects.filter(visitor=visitor, asked_at__gt=now - HOUR)
        if asked.count() >= MOST_PER_HOUR:
            raise TooManyRequests
        email = email.lower()
        known = Watch.objects.filter(email=email, product=product).first()
        if known is None:
            known = _watch(email, product, now, visitor=visitor, wants_stock=True)
            known.wants_price, known.confirmed_at = True, None
            known.save()
        elif known.confirmed_at or known.asked_at > now - HOUR:
            return
        Watch.objects.filter(pk=known.pk).update(asked_at=now, visitor=visitor)
        outbox.defer(send_confirmation, watch_id=known.pk)


def confirm(watch: Watch, *, now: datetime) -> None:
    waiting = Watch.objects.filter(pk=watch.pk, confirmed_at=None)
    waiting.update(confirmed_at=now)


def end(email: str, product_id: int | None = None) -> None:
    """No more letters to an address, about one product or at all."""
    watches = Watch.objects.filter(email=email)
    nothing = {
        "wants_price": False,
        "wants_stock": False,
        "due_price": None,
        "is_back": False,
    }
    if product_id is not None:
        watches.filter(product=product_id).update(**nothing)
        return
    with transaction.atomic():
        Wishlist.objects.filter(owner__email__iexact=email).update(is_watched=False)
        watches.delete()


def sweep(*, now: datetime) -> None:
    """Forget who never confirmed, and from where anybody asked."""
    Watch.objects.filter(
        confirmed_at=None, asked_at__lt=now - KEPT_UNCONFIRMED
    ).delete()
    old = Watch.objects.filter(asked_at__lt=now - timedelta(days=1))
    old.exclude(visitor="").update(visitor="")


def _watch(email: str, product: Product, now: datetime, **more) -> Watch:
    return Watch(
        email=email,
        product=product,
        price_then=product.current_price,
        currency=product.currency,
        asked_at=now,
        **{"confirmed_at": now} | more,
    )
