"""How many products each further choice would leave: OR inside a facet, AND between,
and a facet's own choice does not hide its siblings."""

from dataclasses import dataclass

from shop import facet_index, sql_counts
from shop.choices import Choices as ShopperChoices
from shop.counts import Counts, Question
from shop.tree import Facet as KnownFacet


@dataclass(frozen=True)
class Choice:
    slug: str
    label: str
    swatch: str
    count: int
    is_chosen: bool
    depth: int = 0


@dataclass(frozen=True)
class Facet:
    code: str
    name: str
    choices: tuple[Choice, ...]

    @property
    def is_used(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


def count(question: Question) -> Counts:
    """Exact counts for every choice, by one query: from bitmaps, which cost the same
    for any catalog, else from the rows themselves."""
    return facet_index.count(question) or sql_counts.count(question)


def panel(
    facets: tuple[KnownFacet, ...], choices: ShopperChoices, counts: Counts
) -> list[Facet]:
    """The facets worth showing, each with the values that occur in this list; one that
    would leave nothing counts 0, and is shown without being open to choice."""
    shown = []
    for facet in facets:
        chosen = choices.values.get(facet.code, ())
        open_to = _opened(facet, chosen)
        offered = tuple(
            Choice(
                slug=value.slug,
                label=value.label,
                swatch=value.swatch,
                count=counts.of(facet, value) or 0,
                is_chosen=value.slug in chosen,
                depth=len(value.above),
            )
            for value in facet.values
            if value.slug in chosen
            or (counts.of(facet, value) is not None and open_to.issuperset(value.above))
        )
        if offered:
            shown.append(Facet(code=facet.code, name=facet.name, choices=offered))
    return shown


def _opened(facet: KnownFacet, chosen: tuple[str, ...]) -> set[str]:
    """Slugs of the values beneath which others are shown: chosen, or above such."""
    values = [value for value in facet.values if value.slug in chosen]
    return {slug for value in values for slug in (value.slug, *value.above)}
