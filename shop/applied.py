"""Which filters are in force, each with the address without it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from shop import money
from shop.choices import Choices, Range
from shop.facets import between, range_words
from shop.tree import Facet


@dataclass(frozen=True)
class Applied:
    """A filter in force and the address without it."""

    label: str
    url: str


def applied(choices: Choices, offered: Iterable[Facet], action: str) -> list[Applied]:
    """In the order of the panel."""
    found = []
    for facet in offered:
        slugs = choices.values.get(facet.code, ())
        for value in facet.values:
            if value.slug in slugs:
                left = choices.without_value(facet.code, value.slug)
                found.append(Applied(value.label, choices.url(action, values=left)))
        if wanted := choices.ranges.get(facet.code):
            url = choices.url(action, ranges=choices.without_range(facet.code))
            found.append(Applied(range_words(facet, wanted), url))
    flags = {"in_stock": _("In stock now"), "new": _("New"), "sale": _("Reduced")}
    for flag, label in flags.items():
        if getattr(choices, flag):
            found.append(Applied(label, choices.url(action, **{flag: False})))
    if choices.has_price:
        asked = Range(choices.price_min, choices.price_max)
        url = choices.url(action, price_min=None, price_max=None)
        found.append(Applied(between(asked, _amount), url))
    return found


def _amount(amount: Decimal) -> str:
    return money.written(amount).removesuffix(".00")
