"""Codes in carts: put in, taken out. What one gives is judged anew at every look."""

from datetime import datetime

from django.db import transaction

from checkout import cart as carts
from checkout import codes, guessing
from checkout.conflicts import repeat_on_conflict
from checkout.errors import CodeRefused
from checkout.models import Cart
from checkout.promotions import Reason
from checkout.review import review

# Looked up like any other, so that nonsense is not refused any sooner.
NO_CODE = "-"


def redeem(token: str, typed: str, *, network: str, now: datetime) -> None:
    """Put a code into the token's cart, if it takes something off there, or would if
    nothing better did. It takes the place of another.

    ``network`` is a fingerprint (see ``home.visitor``). Locks the cart until commit.

    Raises:
        CodeRefused: for every reason alike.
        TooManyCodes
        CartBusy
    """
    if not _redeem(token, typed, network, now):
        raise CodeRefused


@repeat_on_conflict
def _redeem(token: str, typed: str, network: str, now: datetime) -> bool:
    """Whether it was put in. No error of its own: what was refused must be noted, and
    an error would undo the note."""
    asking = guessing.guessers(token, network)
    with transaction.atomic(durable=True):
        guessing.admit(asking, now=now)
        cart = carts.lock_open(token)
        if cart is None:
            return False
        cart.coupon_code = codes.normal(typed) or NO_CODE
        if not _counts(cart, now):
            guessing.note(asking, now=now)
            return False
        _keep(cart, now)
    return True


def _counts(cart: Cart, now: datetime) -> bool:
    refusal = review(cart, now=now).coupon_refusal
    return refusal is None or refusal.reason == Reason.OUTWEIGHED


@repeat_on_conflict
def drop(token: str, *, now: datetime) -> None:
    """Take the code out of the token's cart, if there is one.

    Raises:
        CartBusy
    """
    with transaction.atomic(durable=True):
        cart = carts.lock_open(token)
        if cart and cart.coupon_code:
            cart.coupon_code = ""
            _keep(cart, now)


def _keep(cart: Cart, now: datetime) -> None:
    cart.version += 1
    cart.updated_at = now
    cart.save(update_fields=["coupon_code", "version", "updated_at"])
