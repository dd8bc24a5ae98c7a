"""What is counted for a list, and what comes out: plain values."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from shop.choices import Choices
from shop.tree import Facet, FacetValue

# {a choice's name: how a product's row says that it applies}
FLAGS = {"in_stock": "stock_quantity > 0", "sale": "compare_at_price IS NOT NULL"}


@dataclass(frozen=True)
class Scope:
    """What is listed before any choice: active products, of these categories if any are
    named, among those that match what was searched for if anything was."""

    category_ids: Sequence[int] | None = None
    matching: QuerySet | None = None


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
    ticked too; ``values`` is {facet code: {id: products}} of the ids in the list."""

    total: int
    flags: dict[str, int]
    values: dict[str, dict[int, int]]

    def of(self, facet: Facet, value: FacetValue) -> int | None:
        """Products that would be left by a value; None if the list holds it nowhere.
        A product has at most one of a value's several ids."""
        counted = self.values.get(facet.code, {})
        found = [counted[id] for id in value.ids if id in counted]
        return sum(found) if found else None


NOTHING = Counts(total=0, flags=dict.fromkeys(FLAGS, 0), values={})
