"""What pieces of an order were sold for, and the tax in it. Pure: orders and lines are
read as they stand in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from checkout.models import Order, OrderLine
from checkout.split import split
from shop.money import quantise

Taxes = dict[Decimal, Decimal]


@dataclass(frozen=True)
class Worth:
    """``amount`` is what the shopper pays for it; ``taxes`` the part that is tax,
    {per cent: amount}."""

    amount: Decimal
    taxes: Taxes

    def __add__(self, other: "Worth") -> "Worth":
        more = _less(self.taxes, {x: -tax for x, tax in other.taxes.items()})
        return Worth(self.amount + other.amount, more)

    def __sub__(self, other: "Worth") -> "Worth":
        return Worth(self.amount - other.amount, _less(self.taxes, other.taxes))

    def share(self, amount: Decimal, currency: str) -> "Worth":
        """As much of it as ``amount`` is, tax in proportion."""
        if amount == self.amount or not self.amount:
            return self
        taxes = {
            percent: quantise(tax * amount / self.amount, currency)
            for percent, tax in self.taxes.items()
        }
        return Worth(amount, taxes)

    def as_text(self) -> list[list[str]]:
        """[[per cent, amount], …] of its taxes, highest first, as rows keep them."""
        shares = sorted(self.taxes.items(), reverse=True)
        return [[str(percent), str(tax)] for percent, tax in shares if tax]


def of_order(order: Order) -> Worth:
    return Worth(order.total, dict(order.tax_shares))


def called_off(order: Order, lines: Sequence[OrderLine]) -> Worth:
    """Of all pieces that are cancelled or came back by now; of delivery, too, when
    every piece is."""
    if all(_gone(line) == line.quantity for line in lines):
        return of_order(order)
    amount, taxes = Decimal(0), Taxes()
    for line in lines:
        amount += written_off(line, order)
        tax = _of_gone(line, line.tax, order.currency)
        taxes[line.tax_percent] = taxes.get(line.tax_percent, Decimal(0)) + tax
    return Worth(amount, taxes)


def written_off(line: OrderLine, order: Order) -> Decimal:
    """What the pieces of a line that are cancelled or came back were sold for, their
    share of discounts and tax counted in. Whatever the steps, all pieces together are
    the line to the last cent."""
    price = line.total if order.prices_include_tax else line.total + line.tax
    return _of_gone(line, price, order.currency)


def _of_gone(line: OrderLine, whole: Decimal, currency: str) -> Decimal:
    shares = split(whole, [Decimal(1)] * line.quantity, currency)
    return sum(shares[: _gone(line)], Decimal(0))


def _gone(line: OrderLine) -> int:
    return line.cancelled + line.returned


def _less(taxes: Taxes, others: Taxes) -> Taxes:
    return {
        percent: taxes.get(percent, Decimal(0)) - others.get(percent, Decimal(0))
        for percent in {**taxes, **others}
    }
