"""What is counted for a list, and what comes out: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shop.choices import FLAGS, Choices
from shop.search import Search
from shop.tree import Facet, FacetValue

# How a list is put in order. All but words are numbers, and end in the key.
ORDERS = {
    "our-order": ("-popularity", "pk"),
    "best-selling": ("-sold_recently", "-popularity", "pk"),
    "newest": ("-created_at", "-pk"),
    "price": ("current_price", "pk"),
    "-price": ("-current_price", "-pk"),
    "reduction": ("-reduction", "-popularity", "pk"),
    "name": ("title", "pk"),
}


@dataclass(frozen=True)
class Scope:
    """What is listed before any choice: active products, of these categories if any are
    named, among those that a search finds if there is one."""

    category_ids: Sequence[int] | None = None
    search: Search | None = None


@dataclass(frozen=True)
class Sheet:
    """Which of the products that are left a page shows: the last ``size`` where a later
    page was asked for."""

    order: tuple[str, ...]
    number: int
    size: int

    def count(self, total: int) -> int:
        return max(1, -(-total // self.size))

    def of(self, total: int) -> slice:
        first = (min(self.number, self.count(total)) - 1) * self.size
        return slice(first, first + self.size)


@dataclass(frozen=True)
class Question:
    """Which counts are wanted: for every value of ``facets``, under ``choices``. What
    was made after ``new_since`` is new. ``sheet`` asks for the products of a page."""

    scope: Scope
    choices: Choices
    facets: tuple[Facet, ...]
    new_since: datetime
    sheet: Sheet | None = None

    @property
    def chosen(self) -> dict[str, list[int]]:
        """{facet code: ids, one of which a product must have}"""
        values, ranges = self.choices.values, self.choices.ranges
        chosen = {}
        for facet in self.facets:
            if facet.code in values:
                chosen[facet.code] = facet.ids(values[facet.code])
            if facet.code in ranges:
                wanted = ranges[facet.code]
                chosen[facet.code] = facet.ids_between(wanted.least, wanted.most)
        return chosen

    @property
    def flags(self) -> list[str]:
        return [name for name in FLAGS if getattr(self.choices, name)]


@dataclass(frozen=True)
class Counts:
    """``total`` products answer all choices; ``flags`` is how many do when that is
    ticked too; ``values`` is {facet code: {id: products}} of the ids in the list.

    ``shown`` are the products of the sheet, in its order; None where the counting does
    not know it. ``few`` are then all that answer the choices, if they are no more than
    a database can look up by key.
    Of a search, ``ranked`` are the products that answer all choices, best first, and
    ``instead`` is what was looked for where the words as typed found nothing."""

    total: int
    flags: dict[str, int]
    values: dict[str, dict[int, int]]
    ranked: Sequence[int] | None = None
    instead: str = ""
    shown: Sequence[int] | None = None
    few: Sequence[int] | None = None

    def of(self, facet: Facet, value: FacetValue) -> int | None:
        """Products that would be left by a value; None if the list holds it nowhere.
        A product has at most one of a value's several ids."""
        counted = self.values.get(facet.code, {})
        found = [counted[id] for id in value.ids if id in counted]
        return sum(found) if found else None
