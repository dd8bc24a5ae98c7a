"""What is laid aside for later: out of the basket and its total, and back again."""

from datetime import datetime

from django.db import transaction

from checkout import cart as carts
from checkout import live, quantities
from checkout.conflicts import repeat_on_conflict
from checkout.errors import QuantityRefused
from checkout.models import Cart, CartItem, SavedItem
from checkout.models.cart import MOST_OF_ONE

MOST_SAVED = 200
Reason = QuantityRefused.Reason


@repeat_on_conflict
def save(token: str, item_id: int, *, now: datetime) -> Cart | None:
    """Lay a line of the token's cart aside. Of a piece that is laid aside already, the
    greater number stays. An item that is not in the cart is passed over. Locks the
    cart.

    Raises:
        QuantityRefused: so much is laid aside already.
        CartBusy
    """
    with transaction.atomic(durable=True):
        cart = carts.lock_open(token)
        item = cart and cart.items.filter(pk=item_id).first()
        if cart and item:
            _lay_aside(cart, item, now)
            item.delete()
            carts.touch(cart, now)
    return cart


@repeat_on_conflict
def put_back(token: str, saved_id: int, *, now: datetime) -> Cart | None:
    """Put what was laid aside back into the token's cart, beside what is there of it by
    now. The price that was shown last stays noted, so that the cart tells the change,
    as it tells where fewer are left. Locks the cart.

    Raises:
        QuantityRefused: it is sold out or not for sale, or the cart is full.
        CartBusy
    """
    with transaction.atomic(durable=True):
        cart = carts.lock_open(token)
        saved = cart and cart.saved.filter(pk=saved_id).first()
        if cart and saved:
            offers = live.offers_of([saved.variant_id], now=now)
            _refuse_what_is_gone(offers.get(saved.variant_id))
            _join(cart, saved, now)
            saved.delete()
            carts.touch(cart, now)
    return cart


@repeat_on_conflict
def forget(token: str, saved_id: int, *, now: datetime) -> Cart | None:
    """Take something off the list of the token's cart. Locks the cart.

    Raises:
        CartBusy
    """
    with transaction.atomic(durable=True):
        cart = carts.lock_open(token)
        if cart and cart.saved.filter(pk=saved_id).delete()[0]:
            carts.touch(cart, now)
    return cart


def _lay_aside(cart: Cart, item: CartItem, now: datetime) -> None:
    twin = cart.saved.filter(variant=item.variant_id).first()
    if twin and item.variant_id:
        twin.quantity = max(twin.quantity, item.quantity)
        twin.price_seen, twin.saved_at = item.price_seen, now
        twin.save(update_fields=["quantity", "price_seen", "saved_at"])
        return
    if cart.saved.count() >= MOST_SAVED:
        raise QuantityRefused(Reason.LIST_IS_FULL)
    SavedItem.objects.create(
        cart=cart,
        variant_id=item.variant_id,
        quantity=item.quantity,
        title=item.title,
        price_seen=item.price_seen,
        saved_at=now,
    )


def _refuse_what_is_gone(offer: live.Offer | None) -> None:
    if offer is None or not offer.is_for_sale:
        raise QuantityRefused(Reason.NOT_FOR_SALE)
    quantities.fit(1, left=offer.left)


def _join(cart: Cart, saved: SavedItem, now: datetime) -> None:
    item = cart.items.filter(variant=saved.variant_id).first()
    if item:
        together = min(item.quantity + saved.quantity, MOST_OF_ONE)
        CartItem.objects.filter(pk=item.pk).update(quantity=together)
        return
    carts.refuse_when_full(cart)
    cart.items.create(
        variant_id=saved.variant_id,
        quantity=saved.quantity,
        title=saved.title,
        price_seen=saved.price_seen,
        added_at=now,
    )
