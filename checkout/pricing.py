"""What a cart costs. Pure: values in, one frozen ``Quote`` out; no clock, no database.

Cart, checkout, order and letter all show the same quote.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from checkout import promotions
from checkout.promotions import Discount, Goods, Missed, Rule
from checkout.tax import Taxed, TaxShare, tax_by_rate, tax_of_each
from shop.money import quantise


@dataclass(frozen=True)
class Piece:
    """What is to be priced: so many of one thing. ``key`` names it to the caller;
    ``tags`` are what promotions know it by."""

    key: int
    quantity: int
    unit_price: Decimal
    tax_percent: Decimal
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True)
class QuoteLine:
    """A priced piece: ``total`` = unit price x quantity - discount; ``tax`` is its
    share."""

    key: int
    quantity: int
    unit_price: Decimal
    discount: Decimal
    total: Decimal
    tax_percent: Decimal
    tax: Decimal


@dataclass(frozen=True)
class Quote:
    """A total that explains itself, in ``currency`` and its places.

    total = lines - discount + delivery, plus tax where prices do not include it.
    ``lines_total`` is before discounts. ``discount_total`` is what the lines have taken
    off; what delivery has is gone from ``delivery_total`` already. ``taxes`` add up to
    ``tax_total``, and so do the lines' taxes and ``delivery_tax``.
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
    discounts: tuple[Discount, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def pieces(self) -> int:
        return sum(line.quantity for line in self.lines)


def lines_total(pieces: Sequence[Piece], currency: str) -> Decimal:
    """The sum of the pieces before promotions and delivery. Free delivery is judged by
    it: no code makes a parcel dearer."""
    return quantise(
        sum((_worth(piece, currency) for piece in pieces), Decimal(0)), currency
    )


def quote(
    pieces: Sequence[Piece],
    *,
    delivery_price: Decimal,
    delivery_tax_percent: Decimal,
    currency: str,
    prices_include_tax: bool = True,
    rules: Sequence[Rule] = (),
) -> Quote:
    """Price the pieces and their delivery, less what promotions take off.

    Unit prices are rounded to the currency first, so a line is an exact multiple.
    Tax is reckoned per rate on the sum, delivery included, then shared out.
    """
    fee = quantise(delivery_price, currency)
    goods = [_goods(piece, currency) for piece in pieces]
    outcome = promotions.apply(rules, goods, delivery=fee, currency=currency)
    offs = outcome.shares(len(goods))
    delivery = fee - outcome.delivery
    parts = [
        Taxed(line.total - off, piece.tax_percent)
        for piece, line, off in zip(pieces, goods, offs, strict=True)
    ]
    parts.append(Taxed(delivery, delivery_tax_percent))
    shares = tax_by_rate(parts, currency, is_included=prices_include_tax)
    *taxes, delivery_tax = tax_of_each(parts, shares, currency)
    pieces_total = lines_total(pieces, currency)
    discount_total = quantise(sum(offs, Decimal(0)), currency)
    tax_total = quantise(sum((share.amount for share in shares), Decimal(0)), currency)
    on_top = Decimal(0) if prices_include_tax else tax_total
    return Quote(
        currency=currency,
        prices_include_tax=prices_include_tax,
        lines=tuple(
            _line(piece, off, tax, currency)
            for piece, off, tax in zip(pieces, offs, taxes, strict=True)
        ),
        lines_total=pieces_total,
        discount_total=discount_total,
        delivery_total=delivery,
        delivery_tax=delivery_tax,
        taxes=tuple(share for share in shares if share.base),
        tax_total=tax_total,
        total=pieces_total - discount_total + delivery + on_top,
        discounts=outcome.discounts,
        missed=outcome.missed,
    )


def _worth(piece: Piece, currency: str) -> Decimal:
    return quantise(piece.unit_price, currency) * piece.quantity


def _goods(piece: Piece, currency: str) -> Goods:
    unit_price = quantise(piece.unit_price, currency)
    return Goods(piece.quantity, unit_price, _worth(piece, currency), piece.tags)


def _line(piece: Piece, discount: Decimal, tax: Decimal, currency: str) -> QuoteLine:
    return QuoteLine(
        key=piece.key,
        quantity=piece.quantity,
        unit_price=quantise(piece.unit_price, currency),
        discount=quantise(discount, currency),
        total=_worth(piece, currency) - discount,
        tax_percent=piece.tax_percent,
        tax=tax,
    )
