"""Carts: find, add, change. A shopper's cart is named by the token in their cookie.

Every change locks the cart first, so two tabs that add at once lose nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from checkout import live, quantities
from checkout.conflicts import repeat_on_conflict
from checkout.errors import LinesRefused, QuantityRefused, UnknownSku
from checkout.models import Cart, CartItem

MOST_LINES = 200
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,40}")
Reason = QuantityRefused.Reason


@dataclass(frozen=True)
class Wish:
    """What the form asks for one line: the text in its field, and a step up or down."""

    text: str
    step: int = 0


def find(token: str) -> Cart | None:
    """The open cart of that token. A token that is unknown, mangled, or whose cart has
    become an order is simply no cart."""
    cart = find_any(token)
    return cart if cart and cart.converted_at is None else None


def find_any(token: str) -> Cart | None:
    """The cart of that token, also one that has already become an order."""
    if not TOKEN.fullmatch(token):
        return None
    return Cart.objects.filter(token=token).first()


def pieces(cart: Cart | None) -> int:
    """How many pieces lie in the cart."""
    if cart is None:
        return 0
    return cart.items.aggregate(total=Sum("quantity"))["total"] or 0


@repeat_on_conflict
def add(token: str, sku: str, quantity: int, *, now: datetime) -> Cart:
    """Put pieces of a SKU into the token's cart, or into a new one.

    Adds to what is there already. Locks the cart until commit.

    Raises:
        UnknownSku: no published product has it.
        QuantityRefused: nothing was added.
        CartBusy
    """
    if quantity < 1:
        raise QuantityRefused(Reason.NOT_A_NUMBER)
    offer = _find_offer(sku, now)
    if not offer.is_for_sale:
        raise QuantityRefused(Reason.NOT_FOR_SALE)
    with transaction.atomic(durable=True):
        cart = _lock_or_open(token, now)
        item = cart.items.filter(variant_id=offer.variant_id).first()
        in_cart = item.quantity if item else 0
        wanted = quantities.fit(in_cart + quantity, left=offer.left, in_cart=in_cart)
        if item:
            CartItem.objects.filter(pk=item.pk).update(quantity=wanted)
        else:
            _put(cart, offer, wanted, now)
        _touch(cart, now)
    return cart


@repeat_on_conflict
def change(token: str, wishes: dict[int, Wish], *, now: datetime) -> Cart | None:
    """Set the quantities of cart items ({item id: wish}); 0 takes a line out.

    A line that stays as it is may stay, even where less is left. Items that are not in
    the cart (any more) are passed over. All lines are changed or none. Locks the cart.

    Raises:
        LinesRefused
        CartBusy
    """
    with transaction.atomic(durable=True):
        cart = lock_open(token)
        if cart is None:
            return None
        items = list(cart.items.filter(pk__in=wishes))
        offers = live.offers_of([item.variant_id for item in items], now=now)
        changed = _fit_all(items, wishes, offers)
        gone = [item.pk for item in changed if item.quantity == quantities.REMOVE]
        CartItem.objects.filter(pk__in=gone).delete()
        kept = [item for item in changed if item.pk not in gone]
        CartItem.objects.bulk_update(kept, ["quantity"])
        if changed:
            _touch(cart, now)
    return cart


def remember_prices(items: Iterable[CartItem], offers: live.Offers) -> None:
    """Note that the shopper has now been shown these prices."""
    stale = []
    for item in items:
        offer = offers.get(item.variant_id)
        if offer and item.price_seen != offer.unit_price:
            item.price_seen = offer.unit_price
            stale.append(item)
    CartItem.objects.bulk_update(stale, ["price_seen"])


def _find_offer(sku: str, now: datetime) -> live.Offer:
    """The offer of a SKU whose product has a page, be it for sale or not.

    Raises:
        UnknownSku
    """
    offer = live.offer_of_sku(sku, now=now)
    if offer is None:
        raise UnknownSku
    return offer


def _fit_all(
    items: list[CartItem], wishes: dict[int, Wish], offers: live.Offers
) -> list[CartItem]:
    """The items whose quantity changes, with their new one."""
    changed, refusals = [], {}
    for item in items:
        try:
            wanted = _fit(item, wishes[item.pk], offers.get(item.variant_id))
        except QuantityRefused as refusal:
            refusals[item.pk] = refusal
            continue
        if wanted != item.quantity:
            item.quantity = wanted
            changed.append(item)
    if refusals:
        raise LinesRefused(refusals)
    return changed


def _fit(item: CartItem, wish: Wish, offer: live.Offer | None) -> int:
    typed = quantities.parse(wish.text)
    wanted = max(typed + wish.step, quantities.REMOVE)
    if wanted in {item.quantity, quantities.REMOVE}:
        return wanted
    if offer is None or not offer.is_for_sale:
        raise QuantityRefused(Reason.NOT_FOR_SALE)
    if wish.step < 0 and offer.left:
        # One fewer of what is no longer there: down to what is.
        wanted = min(wanted, offer.left)
    return quantities.fit(wanted, left=offer.left)


def lock_open(token: str) -> Cart | None:
    """The open cart of that token, locked until commit."""
    if not TOKEN.fullmatch(token):
        return None
    rows = Cart.objects.open().select_for_update(of=("self",), no_key=True)
    return rows.filter(token=token).first()


def _lock_or_open(token: str, now: datetime) -> Cart:
    return lock_open(token) or Cart.objects.create(
        created_at=now, updated_at=now, currency=settings.SHOP_CURRENCY
    )


def _put(cart: Cart, offer: live.Offer, quantity: int, now: datetime) -> None:
    if cart.items.count() >= MOST_LINES:
        raise QuantityRefused(Reason.CART_IS_FULL)
    cart.items.create(
        variant_id=offer.variant_id,
        quantity=quantity,
        title=offer.full_title,
        price_seen=offer.unit_price,
        added_at=now,
    )


def _touch(cart: Cart, now: datetime) -> None:
    cart.version += 1
    cart.updated_at = now
    cart.save(update_fields=["version", "updated_at"])
