"""Carts: find, add, change. A guest's cart is named by the token in their cookie; the
token of an account's cart never leaves the house (see ``checkout.cookies``).

Every change locks the cart first, so two tabs that add at once lose nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import JSONObject

from checkout import live, quantities
from checkout.conflicts import repeat_on_conflict
from checkout.errors import LinesRefused, QuantityRefused, UnknownSku
from checkout.models import Cart, CartItem, CartMerge

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
    return cart if cart and cart.is_open else None


def find_own(customer_id: int) -> Cart | None:
    """The open cart of an account, with what came in at the last log-in as ``news``,
    until something else is changed; None where the cart had been empty before."""
    latest = CartMerge.objects.filter(
        into=OuterRef("pk"), version=OuterRef("version"), lines_before__gt=0
    )
    news = latest.values(news=JSONObject(lines="lines", code_left="code_left"))
    own = Cart.objects.open().filter(customer=customer_id)
    return own.annotate(news=Subquery(news[:1])).first()


def token_of(customer_id: int) -> str:
    """The token of an account's open cart, else of the last that became an order; ""
    where there is none."""
    carts = Cart.objects.filter(customer=customer_id, merged_at=None)
    latest = carts.order_by(F("converted_at").desc(nulls_first=True), "-pk")
    return latest.values_list("token", flat=True).first() or ""


def find_any(token: str) -> Cart | None:
    """The cart of that token, also one that has already become an order."""
    if not TOKEN.fullmatch(token):
        return None
    return Cart.objects.filter(token=token, merged_at=None).first()


def pieces(cart: Cart | None) -> int:
    """How many pieces lie in the cart."""
    if cart is None:
        return 0
    return cart.items.aggregate(total=Sum("quantity"))["total"] or 0


@repeat_on_conflict
def add(
    token: str,
    sku: str,
    quantity: int,
    *,
    now: datetime,
    customer_id: int | None = None,
) -> Cart:
    """Put pieces of a SKU into the token's cart, or into a new one, which is that of
    the customer where there is one.

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
        cart = (
            lock_open(token) or lock_own(customer_id) or open_new(customer_id, now=now)
        )
        item = cart.items.filter(variant_id=offer.variant_id).first()
        in_cart = item.quantity if item else 0
        wanted = quantities.fit(in_cart + quantity, left=offer.left, in_cart=in_cart)
        if item:
            CartItem.objects.filter(pk=item.pk).update(quantity=wanted)
        else:
            _put(cart, offer, wanted, now)
        touch(cart, now)
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
            touch(cart, now)
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


def lock_own(customer_id: int | None) -> Cart | None:
    """The account's open cart, locked until commit; a guest has none."""
    if customer_id is None:
        return None
    rows = Cart.objects.open().select_for_update(of=("self",), no_key=True)
    return rows.filter(customer=customer_id).first()


def open_new(customer_id: int | None, *, now: datetime) -> Cart:
    return Cart.objects.create(
        customer_id=customer_id,
        created_at=now,
        updated_at=now,
        currency=settings.SHOP_CURRENCY,
    )


def refuse_when_full(cart: Cart) -> None:
    """
    Raises:
        QuantityRefused
    """
    if cart.items.count() >= MOST_LINES:
        raise QuantityRefused(Reason.CART_IS_FULL)


def _put(cart: Cart, offer: live.Offer, quantity: int, now: datetime) -> None:
    refuse_when_full(cart)
    cart.items.create(
        variant_id=offer.variant_id,
        quantity=quantity,
        title=offer.full_title,
        price_seen=offer.unit_price,
        added_at=now,
    )


def touch(cart: Cart, now: datetime) -> None:
    """Note that the cart has changed. The caller holds its lock."""
    cart.version += 1
    cart.updated_at = now
    cart.save(update_fields=["version", "updated_at"])
