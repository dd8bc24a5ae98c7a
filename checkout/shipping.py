"""Ways of delivery: which are offered where, what they cost, when they arrive. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shop.money import quantise

SATURDAY = 5


@dataclass(frozen=True)
class Method:
    """A way of delivery as the shop offers it. No countries: everywhere."""

    code: str
    name: str
    promise: str
    price: Decimal
    free_from: Decimal | None
    countries: tuple[str, ...]
    least_days: int
    most_days: int

    def reaches(self, country: str) -> bool:
        return not self.countries or country in self.countries


def offered(methods: Sequence[Method], country: str) -> list[Method]:
    """The methods for that country, in the shop's order; the first is the usual one."""
    return [method for method in methods if method.reaches(country)]


def fee(method: Method, lines_total: Decimal, currency: str) -> Decimal:
    """What the method costs for pieces of that total, tax included as in prices."""
    is_free = method.free_from is not None and lines_total >= method.free_from
    return quantise(Decimal(0) if is_free else method.price, currency)


def arrival(method: Method, day: date) -> tuple[date, date]:
    """First and last day on which a parcel ordered that day arrives.

    Saturdays and Sundays do not count; public holidays are not known here.
    """
    return (
        _working_days_after(day, method.least_days),
        _working_days_after(day, method.most_days),
    )


def _working_days_after(day: date, days: int) -> date:
    while days or day.weekday() >= SATURDAY:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            days = max(days - 1, 0)
    return day
