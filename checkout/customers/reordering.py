"""The same again: an order's pieces into the basket, as many as there are."""

from dataclasses import dataclass
from datetime import datetime

from checkout import cart as carts
from checkout.errors import CartBusy, QuantityRefused, UnknownSku
from checkout.models import Cart, Order


@dataclass(frozen=True)
class Again:
    """``missing`` are titles that could not be put in, or not in full."""

    cart: Cart | None
    missing: list[str]


def order_again(order: Order, token: str, *, now: datetime) -> Again:
    """Put what the order held into the token's cart, or a new one, at today's price.

    What is no longer sold, or not in that number, stays out and is named.
    """
    cart, missing = None, []
    for line in order.lines.order_by("position", "pk"):
        try:
            cart = carts.add(token, line.sku, line.quantity, now=now)
            token = cart.token
        except (UnknownSku, QuantityRefused, CartBusy):
            missing.append(line.title)
    return Again(cart, missing)
