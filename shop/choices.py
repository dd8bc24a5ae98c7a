"""A query string, read once. What is unknown or damaged is dropped here, so that
nothing further down meets raw input."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.http import QueryDict

from shop.tree import Facet
from shop.words import typed

SORTS = ("our-order", "newest", "price", "-price", "name")
# What else stands in an address, beside the codes of facets.
NAMES = frozenset("in_stock page price_max price_min q sale sort".split())
DEEPEST_PAGE = 5000
HIGHEST_PRICE = Decimal(10**9)


@dataclass(frozen=True)
class Choices:
    """What a shopper has chosen. ``values`` is {attribute code: value slugs}."""

    q: str = ""
    sort: str = ""
    page: int = 1
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    in_stock: bool = False
    sale: bool = False
    values: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_query(cls, query: QueryDict, facets: Iterable[Facet]) -> "Choices":
        chosen = {}
        for facet in facets:
            asked = set(query.getlist(facet.code))
            known = tuple(v.slug for v in facet.values if v.slug in asked)
            if known:
                chosen[facet.code] = known
        sort = query.get("sort", "")
        return cls(
            q=typed(query.get("q", "")),
            sort=sort if sort in SORTS else "",
            page=_page(query.get("page", "")),
            price_min=_price(query.get("price_min", "")),
            price_max=_price(query.get("price_max", "")),
            in_stock=query.get("in_stock") == "1",
            sale=query.get("sale") == "1",
            values=chosen,
        )

    @property
    def is_filtered(self) -> bool:
        is_narrowed = bool(self.values) or self.in_stock or self.sale
        return is_narrowed or self.has_price

    @property
    def has_price(self) -> bool:
        return self.price_min is not None or self.price_max is not None

    def pairs(self, *, without: tuple[str, ...] = ()) -> list[tuple[str, str]]:
        """The choices as (name, value), sorted: one order for the same choices, which
        ``facets.js`` keeps to as well."""
        pairs = [("q", self.q)] if self.q else []
        pairs += [(code, slug) for code in self.values for slug in self.values[code]]
        pairs += [(flag, "1") for flag in ("in_stock", "sale") if getattr(self, flag)]
        if self.price_min is not None:
            pairs.append(("price_min", f"{self.price_min:f}"))
        if self.price_max is not None:
            pairs.append(("price_max", f"{self.price_max:f}"))
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return sorted(pair for pair in pairs if pair[0] not in without)

    def is_as_written(self, query: QueryDict, facets: Iterable[Facet]) -> bool:
        """Whether an address says these choices in their one way. Words that are no
        choice, such as a campaign's, may stand in it."""
        names = {*NAMES, *(facet.code for facet in facets)}
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


def _page(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return 1
    return min(max(int(text), 1), DEEPEST_PAGE)


def _price(text: str) -> Decimal | None:
    text = text.strip().replace(",", ".")
    if not text.isascii() or len(text) > 15:
        return None
    try:
        price = Decimal(text)
    except InvalidOperation:
        return None
    if not price.is_finite() or not 0 <= price <= HIGHEST_PRICE:
        return None
    return price.quantize(Decimal("0.01")).normalize() if price else Decimal(0)
