"""What many prices become by one rule. Pure: values in, values out."""

from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.money import PLACES, quantise

# Eleven digits before the point are the most a price has.
TOO_MUCH = Decimal(10) ** 11


class Way(models.TextChoices):
    PERCENT_LESS = "percent_less", _("lower by per cent")
    PERCENT_MORE = "percent_more", _("raise by per cent")
    AMOUNT_LESS = "amount_less", _("lower by an amount")
    AMOUNT_MORE = "amount_more", _("raise by an amount")
    SET = "set", _("set to")


class Refusal(models.TextChoices):
    FORBIDDEN = "forbidden", _("You may not change it.")
    SAME = "same", _("It costs that already.")
    BELOW_ZERO = "below_zero", _("It would cost less than nothing.")
    TOO_MUCH = "too_much", _("That is more than a price can be.")
    NO_ENDING = "no_ending", _("No price with that ending lies on that side of it.")


class Refused(Exception):
    """``args[0]`` is the ``Refusal``."""


@dataclass(frozen=True)
class PriceRule:
    """``by`` is a percentage or an amount, as ``way`` says. With an ``ending``, such as
    0.90, prices become the nearest that ends so; a cut never becomes a raise by it, nor
    a raise a cut. A currency with no room for the ending goes without."""

    way: str
    by: Decimal
    ending: Decimal | None = None

    def price(self, old: Decimal, currency: str) -> Decimal:
        """The new price, in the currency's own places.

        Raises:
            Refused
        """
        new = quantise(self._exact(old), currency)
        if new < 0:
            raise Refused(Refusal.BELOW_ZERO)
        if self.ending is not None and PLACES.get(currency, 2) >= 2 and new != old:
            new = _nearest(new, old, self.ending)
        if new == old:
            raise Refused(Refusal.SAME)
        if new >= TOO_MUCH:
            raise Refused(Refusal.TOO_MUCH)
        return new

    def _exact(self, old: Decimal) -> Decimal:
        match self.way:
            case Way.PERCENT_LESS:
                return old * (100 - self.by) / 100
            case Way.PERCENT_MORE:
                return old * (100 + self.by) / 100
            case Way.AMOUNT_LESS:
                return old - self.by
            case Way.AMOUNT_MORE:
                return old + self.by
        return self.by


def _nearest(new: Decimal, old: Decimal, ending: Decimal) -> Decimal:
    """Of two that are equally near, the higher one."""
    whole = new.to_integral_value(rounding=ROUND_FLOOR)
    near = [whole + step + ending for step in (1, 0, -1)]
    fitting = [
        price
        for price in near
        if price >= 0 and (price <= old if new < old else price >= old)
    ]
    if not fitting:
        raise Refused(Refusal.NO_ENDING)
    return min(fitting, key=lambda price: abs(price - new))
