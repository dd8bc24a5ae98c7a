"""What a piece costs and has cost: histories that the shop's own rule would have made.

A history is ((days ago, price), …), oldest first.
"""

from decimal import Decimal
from random import Random

History = tuple[tuple[float, Decimal], ...]

LOOK_BACK_DAYS = 30
# A reduced piece has been on sale long enough to have a 30-day lowest price.
OLD_ENOUGH_DAYS = 80


def rounded(amount: float) -> Decimal:
    """To half a euro, and whole euros from a hundred on; never under four."""
    if amount >= 100:
        return Decimal(round(amount))
    return Decimal(max(8, round(amount * 2))) / 2


def steady(price: Decimal, age: float, chance: Random) -> History:
    """The same price since the beginning, or one rise long ago."""
    if age < 150 or chance.random() > 0.15:
        return ((age, price),)
    earlier = rounded(float(price) * 0.92)
    return ((age, earlier), (chance.uniform(80, age - 20), price))


def reduced(
    full: Decimal, cut: Decimal, age: float, cut_ago: float, *, rose: bool = False
) -> History:
    """Cut some days ago. ``rose``: the full price was itself new, so the struck price
    is the lower one from before."""
    if not rose:
        return ((age, full), (cut_ago, cut))
    earlier = (full + cut) / 2
    return ((age, earlier), (cut_ago + 12, full), (cut_ago, cut))


def struck_price(history: History) -> Decimal | None:
    """What is struck through today, by the rule of ``shop.prices.change_price``."""
    struck = None
    for n, (ago, price) in enumerate(history):
        if n == 0 or (struck is not None and price < history[n - 1][1]):
            continue
        lowest = min(
            earlier
            for k, (_, earlier) in enumerate(history[:n])
            if history[k + 1][0] < ago + LOOK_BACK_DAYS
        )
        struck = lowest if price < lowest else None
    return struck
