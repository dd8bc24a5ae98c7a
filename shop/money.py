"""Decimal and a currency: how many places it has, how it is rounded and written.

Places are those of ISO 4217; a currency that is not listed has two.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from django.conf import settings
from django.utils.formats import number_format
from django.utils.translation import get_language

PLACES = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
SYMBOLS = {"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥"}


def quantise(amount: Decimal, currency: str) -> Decimal:
    """The amount in the currency's own places, halves away from zero."""
    step = Decimal(1).scaleb(-PLACES.get(currency, 2))
    return amount.quantize(step, rounding=ROUND_HALF_UP)


def written(amount: Decimal, currency: str = "") -> str:
    """As shoppers read it: €1,240.00, ¥1,240, 12.500 KWD; a minus sign stands first."""
    currency = currency or settings.SHOP_CURRENCY
    amount = quantise(amount, currency)
    digits = _digits(abs(amount), PLACES.get(currency, 2), get_language())
    sign = "−" if amount < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{digits}" if symbol else f"{sign}{digits}\u00a0{currency}"


@lru_cache(maxsize=4096)
def _digits(amount: Decimal, places: int, language: str | None) -> str:
    """As the language writes them, which a caller names and is the active one. A page
    says the same few prices again and again."""
    return number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
