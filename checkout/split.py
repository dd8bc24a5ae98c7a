"""The one rule by which an amount is shared out to the last cent."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, Decimal

from shop.money import PLACES


def split(amount: Decimal, weights: Sequence[Decimal], currency: str) -> list[Decimal]:
    """Shares of a non-negative amount, in proportion to non-negative weights.

    They add up to the amount exactly. Everyone first gets their share rounded down;
    what remains goes cent by cent to the largest remainders (Hamilton's method), among
    equals to the earlier. With no weight at all everyone weighs the same.
    """
    if not weights:
        return []
    if not any(weights):
        weights = [Decimal(1)] * len(weights)
    step = Decimal(1).scaleb(-PLACES.get(currency, 2))
    whole = sum(weights)
    exact = [amount * weight / whole for weight in weights]
    shares = [share.quantize(step, rounding=ROUND_FLOOR) for share in exact]
    missing = int((amount - sum(shares)) / step)
    by_remainder = sorted(
        range(len(weights)), key=lambda at: (shares[at] - exact[at], at)
    )
    for at in by_remainder[:missing]:
        shares[at] += step
    return shares
