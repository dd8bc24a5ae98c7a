"""From what was typed to a number of pieces."""

from checkout.errors import QuantityRefused
from checkout.models.cart import MOST_OF_ONE

REMOVE = 0


def parse(text: str) -> int:
    """The whole number that was typed, 0 to 999, in plain digits.

    Signs, points, exponents and digits of other scripts are refused rather than
    guessed at.

    Raises:
        QuantityRefused
    """
    digits = text.strip(" ")
    if not (digits.isascii() and digits.isdigit()):
        raise QuantityRefused(QuantityRefused.Reason.NOT_A_NUMBER)
    digits = digits.lstrip("0") or "0"
    if len(digits) > len(str(MOST_OF_ONE)) or int(digits) > MOST_OF_ONE:
        raise QuantityRefused(QuantityRefused.Reason.TOO_MANY)
    return int(digits)


def fit(quantity: int, *, left: int, in_cart: int = 0) -> int:
    """That quantity, when so many can be bought; ``in_cart`` is told, not added.

    Raises:
        QuantityRefused
    """
    Reason = QuantityRefused.Reason
    if quantity > MOST_OF_ONE:
        raise QuantityRefused(Reason.TOO_MANY, left=left, in_cart=in_cart)
    if left <= 0:
        raise QuantityRefused(Reason.SOLD_OUT, in_cart=in_cart)
    if quantity > left:
        raise QuantityRefused(Reason.ABOVE_STOCK, left=left, in_cart=in_cart)
    return quantity
