"""What a cart costs. Pure: values in, one frozen ``Quote`` out; no clock, no database.

Cart, checkout, order and letter all show the same quote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from checkout.tax import Taxed, TaxShare, tax_by_rate, tax_of_each
from shop.money import quantise


@dataclass(frozen=True)
class Piece:
    """What is to be priced: so many of one thing. ``key`` names it to the caller."""

    key: int
    quantity: int
    unit_price: Decimal
    tax_percent: Decimal


@dataclass(frozen=True)
class QuoteLine:
    """A priced piece: ``total`` = unit price x quantity; ``tax`` is its share."""

    key: int
    quantity: int
    unit_price: Decimal
    total: Decimal
    tax_percent: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Quote:
    """A total that explains itself, in ``currency`` and its places.

    total = lines - discount + delivery, plus tax where prices do not include it.
    ``taxes`` add up to ``tax_total``, and so do the lines' taxes and ``delivery_tax``.
    """

    currency: str
    prices_include_tax: bool
    lines: tuple[QuoteLine, ...]
    lines_total: Decimal
    discount_total: Decimal
    delivery_total: Decimal
    delivery_tax: Decimal
    taxes: tuple[TaxShare, ...]
    tax_total: Decimal
    total: Decimal

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


def lines_total(pieces: Sequence[Piece], currency: str) -> Decimal:
    """The sum of the pieces before delivery; free delivery is judged by it."""
    return quantise(
        sum((_line_total(piece, currency) for piece in pieces), Decimal(0)), currency
    )


def quote(
    pieces: Sequence[Piece],
    *,
    delivery_price: Decimal,
    delivery_tax_percent: Decimal,
    currency: str,
    prices_include_tax: bool = True,
) -> Quote:
    """Price the pieces and their delivery.

    Unit prices are rounded to the currency first, so a line is an exact multiple.
    Tax is reckoned per rate on the sum, delivery included, then shared out.
    """
    delivery = quantise(delivery_price, currency)
    parts = [Taxed(_line_total(p, currency), p.tax_percent) for p in pieces]
    parts.append(Taxed(delivery, delivery_tax_percent))
    shares = tax_by_rate(parts, currency, is_included=prices_include_tax)
    *taxes, delivery_tax = tax_of_each(parts, shares, currency)
    pieces_total = lines_total(pieces, currency)
    tax_total = quantise(sum((share.amount for share in shares), Decimal(0)), currency)
    on_top = Decimal(0) if prices_include_tax else tax_total
    return Quote(
        currency=currency,
        prices_include_tax=prices_include_tax,
        lines=tuple(
            _line(piece, tax, currency)
            for piece, tax in zip(pieces, taxes, strict=True)
        ),
        lines_total=pieces_total,
        discount_total=quantise(Decimal(0), currency),
        delivery_total=delivery,
        delivery_tax=delivery_tax,
        taxes=tuple(share for share in shares if share.base),
        tax_total=tax_total,
        total=pieces_total + delivery + on_top,
    )


def _line_total(piece: Piece, currency: str) -> Decimal:
    return quantise(piece.unit_price, currency) * piece.quantity


def _line(piece: Piece, tax: Decimal, currency: str) -> QuoteLine:
    return QuoteLine(
        key=piece.key,
        quantity=piece.quantity,
        unit_price=quantise(piece.unit_price, currency),
        total=_line_total(piece, currency),
        tax_percent=piece.tax_percent,
        tax=tax,
    )
