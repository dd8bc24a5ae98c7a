"""Value-added tax: how much of an amount it is, and how lines share it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from checkout.split import split
from shop.money import quantise

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Taxed:
    """An amount and the per cent that it is taxed at."""

    amount: Decimal
    percent: Decimal


@dataclass(frozen=True)
class TaxShare:
    """The tax of one rate: on ``base`` (as shown, with tax where prices include it)."""

    percent: Decimal
    base: Decimal
    amount: Decimal


def tax_on(
    base: Decimal, percent: Decimal, currency: str, *, is_included: bool
) -> Decimal:
    """The tax in an amount (gross - gross / (1 + rate)), or on top of it."""
    rate = percent / HUNDRED
    tax = base - base / (1 + rate) if is_included else base * rate
    return quantise(tax, currency)


def tax_by_rate(
    parts: Sequence[Taxed], currency: str, *, is_included: bool
) -> tuple[TaxShare, ...]:
    """One share per rate, highest first, each rounded once on the sum of its parts."""
    bases: dict[Decimal, Decimal] = {}
    for part in parts:
        bases[part.percent] = bases.get(part.percent, Decimal(0)) + part.amount
    return tuple(
        TaxShare(
            percent,
            bases[percent],
            tax_on(bases[percent], percent, currency, is_included=is_included),
        )
        for percent in sorted(bases, reverse=True)
    )


def tax_of_each(
    parts: Sequence[Taxed], shares: Sequence[TaxShare], currency: str
) -> list[Decimal]:
    """Each part's tax, in the parts' order; per rate they add up to the rate's tax."""
    taxes = [Decimal(0)] * len(parts)
    for share in shares:
        places = [at for at, part in enumerate(parts) if part.percent == share.percent]
        weights = [parts[at].amount for at in places]
        for at, tax in zip(places, split(share.amount, weights, currency), strict=True):
            taxes[at] = tax
    return taxes
