"""A query string, read once. What is unknown or damaged is dropped here, so that
nothing further down meets raw input."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict

from shop.tree import Facet
from shop.words import typed

SORTS = tuple("our-order best-selling newest price -price reduction name".split())
FLAGS = ("in_stock", "new", "sale")
# What else stands in an address, beside the codes of facets.
NAMES = frozenset("page price_max price_min q sort".split()).union(FLAGS)
DEEPEST_PAGE = 5000
HIGHEST = Decimal(10**9)


@dataclass(frozen=True)
class Range:
    """Numbers from ``least`` to ``most``, both included; None: without that end."""

    least: Decimal | None = None
    most: Decimal | None = None

    @classmethod
    def from_query(cls, query: QueryDict, code: str) -> "Range":
        return cls(
            least=_number(query.get(f"{code}_min", "")),
            most=_number(query.get(f"{code}_max", "")),
        )

    def __bool__(self) -> bool:
        return self.least is not None or self.most is not None

    def pairs(self, code: str) -> list[tuple[str, str]]:
        ends = ((f"{code}_min", self.least), (f"{code}_max", self.most))
        return [(name, f"{end:f}") for name, end in ends if end is not None]


@dataclass(frozen=True)
class Choices:
    """What a shopper has chosen. ``values`` is {attribute code: value slugs}, of those
    attributes that are numbers ``ranges`` is {attribute code: Range}."""

    q: str = ""
    sort: str = ""
    page: int = 1
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    new: bool = False
    sale: bool = False
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, Range] = field(default_factory=dict)

    @classmethod
    def from_query(cls, query: QueryDict, facets: Iterable[Facet]) -> "Choices":
        chosen, ranges = {}, {}
        for facet in facets:
            if facet.is_range:
                if asked_for := Range.from_query(query, facet.code):
                    ranges[facet.code] = asked_for
                continue
            asked = set(query.getlist(facet.code))
            known = tuple(v.slug for v in facet.values if v.slug in asked)
            if known:
                chosen[facet.code] = known
        sort = query.get("sort", "")
        return cls(
            q=typed(query.get("q", "")),
            sort=sort if sort in SORTS else "",
            page=_page(query.get("page", "")),
            price_min=_number(query.get("price_min", "")),
            price_max=_number(query.get("price_max", "")),
            values=chosen,
            ranges=ranges,
            **{flag: query.get(flag) == "1" for flag in FLAGS},
        )

    @property
    def is_filtered(self) -> bool:
        is_narrowed = bool(self.values or self.ranges) or self.has_price
        return is_narrowed or any(getattr(self, flag) for flag in FLAGS)

    @property
    def only(self) -> tuple[str, str] | None:
        """The one filter that makes a list of its own, as (name, value): what is new,
        what is reduced, a workshop. None where there is another filter or none."""
        chosen = self.pairs(without=("page", "sort"))
        is_list = len(chosen) == 1 and chosen[0][0] in ("brand", "new", "sale")
        return chosen[0] if is_list else None

    @property
    def has_price(self) -> bool:
        return self.price_min is not None or self.price_max is not None

    def pairs(self, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The choices as (name, value), sorted: one order for the same choices, which
        ``facets.js`` keeps to as well."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(code, slug) for code in self.values for slug in self.values[code]]
        pairs += [(flag, "1") for flag in FLAGS if getattr(self, flag)]
        pairs += Range(self.price_min, self.price_max).pairs("price")
        for code, chosen in self.ranges.items():
            pairs += chosen.pairs(code)
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return sorted(pair for pair in pairs if pair[0] not in without)

    def is_as_written(self, query: QueryDict, facets: Iterable[Facet]) -> bool:
        """Whether an address says these choices in their one way. Words that are no
        choice, such as a campaign's, may stand in it."""
        names = {*NAMES, *(name for facet in facets for name in facet.names)}
        said = [(n, v) for n, values in query.lists() for v in values if n in names]
        return said == self.pairs()

    def url(self, path: str, **changes) -> str:
        """The address of these choices with some changed; a change starts at page 1."""
        changed = replace(self, **({"page": 1} | changes))
        query = urlencode(changed.pairs())
        return f"{path}?{query}" if query else path

    def without_value(self, code: str, slug: str) -> dict[str, tuple[str, ...]]:
        left = {
            c: tuple(s for s in slugs if (c, s) != (code, slug))
            for c, slugs in self.values.items()
        }
        return {c: slugs for c, slugs in left.items() if slugs}

    def without_range(self, code: str) -> dict[str, Range]:
        return {c: chosen for c, chosen in self.ranges.items() if c != code}


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return 1
    return min(max(int(text), 1), DEEPEST_PAGE)


def _number(text: str) -> Decimal | None:
    """A price or a measure: two places, not below nought."""
    text = text.strip().replace(",", ".")
    if not text.isascii() or len(text) > 15:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or not 0 <= number <= HIGHEST:
        return None
    return number.quantize(Decimal("0.01")).normalize() if number else Decimal(0)
