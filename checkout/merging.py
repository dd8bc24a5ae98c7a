"""A guest logs in: what lies in their cart goes into the account's, by this rule.

1. Of each piece the greater number of the two counts, not the sum.
2. What the cart has no line left for is saved for later, so nothing is lost.
3. The code that was typed last, the guest's, counts; without one the account's stays.
4. It happens once. The guest's cart is closed and stays as it was.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from checkout import cart as carts
from checkout import cookies
from checkout.conflicts import repeat_on_conflict
from checkout.errors import CartBusy
from checkout.models import Cart, CartItem, CartMerge, CheckoutAttempt, SavedItem

logger = logging.getLogger(__name__)
BASKET, SAVED = "basket", "saved"


class Lists:
    """An account's basket and its saved pieces, into which a guest's come."""

    def __init__(self, own: Cart, now: datetime):
        self.own, self.now = own, now
        self.basket, self.saved = list(own.items.all()), list(own.saved.all())
        self.lines_before = len(self.basket) + len(self.saved)

    def take(self, line: CartItem | SavedItem) -> list:
        """Takes a line in; returns what became of it, as ``CartMerge.lines`` has it."""
        came_from = BASKET if isinstance(line, CartItem) else SAVED
        goes_to = came_from
        twin = self._twin(line, goes_to)
        if came_from == BASKET and not twin and len(self.basket) >= carts.MOST_LINES:
            goes_to = SAVED
            twin = self._twin(line, goes_to)
        before = twin.quantity if twin else 0
        if twin:
            twin.quantity = max(twin.quantity, line.quantity)
            # The guest's was shown last.
            twin.price_seen = line.price_seen
        else:
            self._list(goes_to).append(self._copy(line, goes_to))
        after = max(before, line.quantity)
        noted = [came_from, line.pk, line.title, line.quantity]
        return [*noted, before, after, goes_to]

    def write(self) -> None:
        _write(CartItem.objects, self.basket)
        _write(SavedItem.objects, self.saved)

    def _list(self, place: str) -> list[Any]:
        return self.basket if place == BASKET else self.saved

    def _twin(self, line: CartItem | SavedItem, place: str) -> Any:
        """The account's own line of that piece; what has vanished has no like."""
        same = (
            one
            for one in self._list(place)
            if line.variant_id and one.variant_id == line.variant_id
        )
        return next(same, None)

    def _copy(self, line: CartItem | SavedItem, place: str) -> CartItem | SavedItem:
        facts: dict[str, Any] = {
            "cart": self.own,
            "variant_id": line.variant_id,
            "quantity": line.quantity,
            "title": line.title,
            "price_seen": line.price_seen,
        }
        if place == BASKET:
            return CartItem(**facts, added_at=self.now)
        return SavedItem(**facts, saved_at=self.now)


@repeat_on_conflict
def merge_carts(token: str, customer_id: int, *, now: datetime) -> CartMerge | None:
    """Merge the guest's open cart of that token into the account's, or into a new one
    of the account's. None: there was nothing to merge, or it was merged before.

    Locks both carts in primary-key order until commit.

    Raises:
        CartBusy: it stands in line, or others keep it locked.
    """
    guests = Cart.objects.open().filter(token=token, customer=None)
    if not carts.TOKEN.fullmatch(token) or not guests.exists():
        return None
    with transaction.atomic():
        found = Cart.objects.open().filter(customer=customer_id) | guests
        locked = Cart.objects.lock_all(list(found.values_list("pk", flat=True)))
        if CheckoutAttempt.objects.waiting().filter(cart__in=locked).exists():
            # What was agreed to at the click is decided as it was.
            raise CartBusy
        still_open = [cart for cart in locked.values() if cart.is_open]
        guest = next((cart for cart in still_open if cart.token == token), None)
        if guest is None:
            return None
        own = next((cart for cart in still_open if cart is not guest), None)
        return _merge(guest, own or carts.open_new(customer_id, now=now), now)


def merge_at_login(sender, request, user, **kwargs) -> None:
    """Receives ``user_logged_in``. A basket must keep nobody out: one that is busy
    stays with its cookie, and is merged at the next log-in."""
    if request is None:
        return
    try:
        token = request.COOKIES.get(cookies.CART, "")
        merge_carts(token, user.pk, now=timezone.now())
    except CartBusy:
        logger.warning("A cart was busy at log-in and has not been merged.")
    request.basket_pieces = carts.pieces(carts.find_own(user.pk))


def leave_at_logout(sender, request, user, **kwargs) -> None:
    """Receives ``user_logged_out``: the account's cart stays with the account."""
    if request is not None:
        request.basket_pieces = 0


def _merge(guest: Cart, own: Cart, now: datetime) -> CartMerge:
    lists, code_left = Lists(own, now), ""
    lines = [lists.take(item) for item in guest.items.all()]
    lines += [lists.take(line) for line in guest.saved.all()]
    lists.write()
    if guest.coupon_code and guest.coupon_code != own.coupon_code:
        code_left, own.coupon_code = own.coupon_code, guest.coupon_code
        own.save(update_fields=["coupon_code"])
    carts.touch(own, now)
    guest.merged_at = guest.updated_at = now
    guest.save(update_fields=["merged_at", "updated_at"])
    return CartMerge.objects.create(
        guest=guest,
        into=own,
        merged_at=now,
        lines=lines,
        version=own.version,
        lines_before=lists.lines_before,
        code_left=code_left,
    )


def _write(rows: models.Manager, lines: list) -> None:
    rows.bulk_create(line for line in lines if line.pk is None)
    kept = [line for line in lines if line.pk]
    rows.bulk_update(kept, ["quantity", "price_seen"])
