"""How many products each further choice would leave: OR inside a facet, AND between,
and a facet's own choice does not hide its siblings."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from shop import bitmap_counts, sql_counts
from shop.choices import Choices as ShopperChoices
from shop.choices import Range
from shop.counts import Counts, Question
from shop.tree import Facet as KnownFacet
from shop.tree import FacetValue

# Of the drawing of numbers; its width is 100.
HIGH = 40


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


@dataclass(frozen=True)
class Bar:
    """Of a drawing 100 wide and 40 high; ``is_in``: its number is within the choice."""

    x: float
    width: float
    height: float
    is_in: bool

    @property
    def y(self) -> float:
        return HIGH - self.height


@dataclass(frozen=True)
class NumberFacet:
    """``least`` and ``most`` are chosen, or None; ``lowest`` and ``highest`` what there
    is under all other choices, and ``bars`` how many pieces of each number."""

    code: str
    name: str
    unit: str
    least: Decimal | None
    most: Decimal | None
    lowest: Decimal
    highest: Decimal
    bars: tuple["Bar", ...]
    is_range: bool = True

    @property
    def is_used(self) -> bool:
        return self.least is not None or self.most is not None


def count(question: Question) -> Counts:
    """Exact counts for every choice, by one query: from bitmaps, which cost the same
    for any catalog, else from the rows themselves."""
    return bitmap_counts.count(question) or sql_counts.count(question)


def panel(
    facets: tuple[KnownFacet, ...], choices: ShopperChoices, counts: Counts
) -> list[Facet | NumberFacet]:
    """The facets worth showing, each with the values that occur in this list; one that
    would leave nothing counts 0, and is shown without being open to choice."""
    shown: list[Facet | NumberFacet] = []
    for facet in facets:
        if facet.is_range:
            shown += _numbers(facet, choices.ranges.get(facet.code), counts)
            continue
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


def _numbers(
    facet: KnownFacet, chosen: Range | None, counts: Counts
) -> list[NumberFacet]:
    """The one facet, or none where no piece of the list says such a number."""
    known = [v for v in facet.values if v.number is not None]
    there = [v for v in known if counts.of(facet, v)]
    if not there and not chosen:
        return []
    numbers = [v.number for v in there or known if v.number is not None]
    asked = chosen or Range()
    return [
        NumberFacet(
            *(facet.code, facet.name, facet.unit, asked.least, asked.most),
            lowest=min(numbers).normalize(),
            highest=max(numbers).normalize(),
            bars=_bars(facet, asked, {v: counts.of(facet, v) or 0 for v in known}),
        )
    ]


def _bars(
    facet: KnownFacet, chosen: Range, counted: dict[FacetValue, int]
) -> tuple[Bar, ...]:
    within = set(facet.ids_between(chosen.least, chosen.most))
    ordered = sorted(counted.items(), key=lambda item: item[0].number or 0)
    most = max(counted.values()) or 1
    step = 100 / len(ordered)
    return tuple(
        Bar(
            x=round(n * step, 1),
            width=round(step * 0.8, 1),
            height=round(HIGH * count / most, 1),
            is_in=bool(chosen) and value.id in within,
        )
        for n, (value, count) in enumerate(ordered)
    )


def range_words(facet: KnownFacet, chosen: Range) -> str:
    """ "Capacity 25 to 50 cl", as a filter in force is called."""
    words = {"name": facet.name, "numbers": between(chosen, lambda n: f"{n:f}")}
    return f"{_('%(name)s %(numbers)s') % words} {facet.unit}".strip()


def between(chosen: Range, written: Callable[[Decimal], str]) -> str:
    """From where to where, in words."""
    words = {
        "least": "" if chosen.least is None else written(chosen.least),
        "most": "" if chosen.most is None else written(chosen.most),
    }
    if chosen.most is None:
        return _("from %(least)s") % words
    if chosen.least is None:
        return _("up to %(most)s") % words
    return _("%(least)s to %(most)s") % words


def _opened(facet: KnownFacet, chosen: tuple[str, ...]) -> set[str]:
    """Slugs of the values beneath which others are shown: chosen, or above such."""
    values = [value for value in facet.values if value.slug in chosen]
    return {slug for value in values for slug in (value.slug, *value.above)}
