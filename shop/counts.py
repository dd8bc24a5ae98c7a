"""What is counted for a list, and what comes out: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.choices import Choices
from shop.search import Search
from shop.tree import Facet, FacetValue

# {a choice's name: how a product's row says that it applies}
FLAGS = {"in_stock": "stock_quantity > 0", "sale": "compare_at_price IS NOT NULL"}


@dataclass(frozen=True)
class Scope:
    """What is listed before any choice: active products, of these categories if any are
    named, among those that a search finds if there is one."""

    category_ids: Sequence[int] | None = None
    search: Search | None = None


@dataclass(frozen=True)
class Question:
    """Which counts are wanted: for every value of ``facets``, under ``choices``."""

    scope: Scope
    choices: Choices
    facets: tuple[Facet, ...]

    @property
    def chosen(self) -> dict[str, list[int]]:
        """{facet code: ids, one of which a product must have}"""
        return {
            facet.code: facet.ids(self.choices.values[facet.code])
            for facet in self.facets
            if facet.code in self.choices.values
        }

    @property
    def flags(self) -> list[str]:
        return [name for name in FLAGS if getattr(self.choices, name)]


@dataclass(frozen=True)
class Counts:
    """``total`` products answer all choices; ``flags`` is how many do when that is
    ticked too; ``values`` is {facet code: {id: products}} of the ids in the list.

    ``few`` are the products that answer all choices, where the counting knows them and
    they are no more than a database can look up by key.
    Of a search, ``ranked`` are the products that answer all choices, best first, and
    ``instead`` is what was looked for where the words as typed found nothing."""

    total: int
    flags: dict[str, int]
    values: dict[str, dict[int, int]]
    ranked: Sequence[int] | None = None
    instead: str = ""
    few: Sequence[int] | None = None

    def of(self, facet: Facet, value: FacetValue) -> int | None:
        """Products that would be left by a value; None if the list holds it nowhere.
        A product has at most one of a value's several ids."""
        counted = self.values.get(facet.code, {})
        found = [counted[id] for id in value.ids if id in counted]
        return sum(found) if found else None
