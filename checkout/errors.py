"""What a shopper can put right. Each error carries facts; ``words`` says them.

Anything that is not here is a bug, and rises.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from checkout.promotions import Reason


class CheckoutError(Exception):
    """A refusal that the shopper can do something about."""


class EmptyCart(CheckoutError):
    """There is nothing to order."""


class TotalUnread(CheckoutError):
    """The form does not say which total the shopper agreed to."""


class FormUnseen(TotalUnread):
    """The order did not come with a form that the shop has given out."""


class CartBusy(CheckoutError):
    """Others kept the rows locked, too long or again and again; nothing was changed."""


class LineAhead(CartBusy):
    """Others stand in line for one of these pieces; whoever comes now joins it."""


class LineFull(CheckoutError):
    """So many stand in line that nobody may join it for ``retry_after_s``."""

    def __init__(self, retry_after_s: int):
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class OverTheCap(CheckoutError):
    """More pieces of ``title`` than one customer may have: ``most``, of which they had
    ``before`` already."""

    def __init__(self, title: str, most: int, before: int):
        super().__init__(title, most, before)
        self.title = title
        self.most = most
        self.before = before


class CartChanged(CheckoutError):
    """The basket was changed, or ordered, while an order of it waited for its turn."""


class SaleClosed(CheckoutError):
    """The sale was closed while the order waited for its turn."""


class SetAside(CheckoutError):
    """The order could not be decided in its turn, for a fault of the shop's."""


class KeyReused(CheckoutError):
    """This form was sent before and became ``order_token``'s order; now it says
    something else. Nothing was changed."""

    def __init__(self, number: str, order_token: str):
        super().__init__(number)
        self.number = number
        self.order_token = order_token


class DeliveryNotOffered(CheckoutError):
    """The chosen way of delivery does not exist (any more) for that country."""

    def __init__(self, code: str, country: str):
        super().__init__(code, country)
        self.code = code
        self.country = country


class NotForSale(CheckoutError):
    """``titles`` names what has been withdrawn since it was put into the cart."""

    def __init__(self, titles: list[str]):
        super().__init__(titles)
        self.titles = titles


@dataclass(frozen=True)
class ShortLine:
    """A line of which fewer pieces are left than wanted."""

    sku: str
    title: str
    wanted: int
    left: int


class OutOfStock(CheckoutError):
    """``lines`` names each line that falls short; nothing was reserved."""

    def __init__(self, lines: list[ShortLine]):
        super().__init__(lines)
        self.lines = lines


@dataclass(frozen=True)
class PriceStep:
    """A piece whose price is another than the one last shown. ``until`` is when the
    sale ends that the new one comes from."""

    title: str
    quantity: int
    old: Decimal
    new: Decimal
    until: datetime | None = None


class TotalChanged(CheckoutError):
    """The total is not the one that the shopper agreed to.

    ``expected`` and ``total`` are amounts in ``currency``. ``changes`` tells it line by
    line; ``rest`` is what the lines do not explain: delivery, or another quantity.
    """

    def __init__(
        self,
        expected: Decimal,
        total: Decimal,
        currency: str,
        changes: list[PriceStep],
        rest: Decimal,
    ):
        super().__init__(expected, total)
        self.expected = expected
        self.total = total
        self.currency = currency
        self.changes = changes
        self.rest = rest


class CouponRefused(CheckoutError):
    """A promotion, named by its code where it has one, takes nothing off (any more).

    ``missing`` is an amount or pieces, by the reason; ``instead`` is what counts in its
    stead, ``when`` the moment that it begins or ended. ``change`` is how the total
    differs from the one that the shopper agreed to, where one was.
    """

    def __init__(
        self,
        name: str,
        reason: Reason,
        *,
        missing: Decimal = Decimal(0),
        instead: str = "",
        when: datetime | None = None,
        change: TotalChanged | None = None,
    ):
        super().__init__(name, reason)
        self.name = name
        self.reason = reason
        self.missing = missing
        self.instead = instead
        self.when = when
        self.change = change


class CodeRefused(CheckoutError):
    """A code that was typed in takes nothing off; for codes unknown and codes of
    another day alike, so that nobody learns which exist."""


class TooManyCodes(CheckoutError):
    """So many codes were refused in the last hour that no more are looked at."""


class QuantityRefused(CheckoutError):
    """A quantity that cannot be. ``left`` and ``in_cart`` are pieces of that SKU."""

    class Reason(StrEnum):
        NOT_A_NUMBER = "not_a_number"
        TOO_MANY = "too_many"
        ABOVE_STOCK = "above_stock"
        SOLD_OUT = "sold_out"
        NOT_FOR_SALE = "not_for_sale"
        CART_IS_FULL = "cart_is_full"
        LIST_IS_FULL = "list_is_full"

    def __init__(self, reason: Reason, *, left: int = 0, in_cart: int = 0):
        super().__init__(reason, left, in_cart)
        self.reason = reason
        self.left = left
        self.in_cart = in_cart


class LinesRefused(CheckoutError):
    """``refusals`` is {cart item id: QuantityRefused}; no line was changed."""

    def __init__(self, refusals: dict[int, QuantityRefused]):
        super().__init__(refusals)
        self.refusals = refusals


class UnknownSku(CheckoutError):
    """No such SKU was ever shown to shoppers."""
