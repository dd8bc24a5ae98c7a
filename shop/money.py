"""Decimal and a currency: how many places it has, how it is rounded and written.

Places are those of ISO 4217; a currency that is not listed has two.
"""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.utils.formats import number_format

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
    digits = number_format(
        abs(amount),
        decimal_pos=PLACES.get(currency, 2),
        use_l10n=True,
        force_grouping=True,
    )
    sign = "−" if amount < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{digits}" if symbol else f"{sign}{digits}\u00a0{currency}"
