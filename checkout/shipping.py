"""Ways of delivery: which are offered where, what they cost, when they arrive. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from shop.money import quantise

SATURDAY = 5


@dataclass(frozen=True)
class Parcel:
    """What is to travel, and where to. ``total`` is of its pieces, before promotions:
    no code makes a parcel dearer."""

    country: str
    total: Decimal
    weight_g: int = 0


@dataclass(frozen=True)
class Rate:
    """A price for some parcels: to these countries (none named: all of the method's),
    up to that weight, from that total on."""

    price: Decimal
    countries: tuple[str, ...] = ()
    most_g: int | None = None
    least_total: Decimal | None = None

    def fits(self, parcel: Parcel) -> bool:
        return (
            (not self.countries or parcel.country in self.countries)
            and (self.most_g is None or parcel.weight_g <= self.most_g)
            and (self.least_total is None or parcel.total >= self.least_total)
        )


@dataclass(frozen=True)
class Method:
    """A way of delivery as the shop offers it. No countries: everywhere.

    Where it has ``rates`` the first that fits says the price, and parcels that none
    fits do not travel that way; else ``price`` does. From ``free_from`` on what does
    travel costs nothing.
    """

    code: str
    name: str
    promise: str
    price: Decimal
    free_from: Decimal | None
    countries: tuple[str, ...]
    least_days: int
    most_days: int
    rates: tuple[Rate, ...] = ()

    def reaches(self, country: str) -> bool:
        return not self.countries or country in self.countries

    def price_of(self, parcel: Parcel) -> Decimal | None:
        """None: such a parcel does not travel this way."""
        if not self.reaches(parcel.country):
            return None
        fitting = [rate.price for rate in self.rates if rate.fits(parcel)]
        if self.rates and not fitting:
            return None
        is_free = self.free_from is not None and parcel.total >= self.free_from
        return Decimal(0) if is_free else next(iter(fitting), self.price)


def offered(methods: Sequence[Method], parcel: Parcel) -> list[Method]:
    """The methods for that parcel, in the shop's order; the first is the usual one."""
    return [method for method in methods if method.price_of(parcel) is not None]


def fee(method: Method, parcel: Parcel, currency: str) -> Decimal:
    """What a method that is offered costs, tax included as in prices."""
    return quantise(method.price_of(parcel) or Decimal(0), currency)


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
