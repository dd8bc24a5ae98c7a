"""The catalog's skeleton, kept in the cache: categories with their counts, the
attributes and workshops that shoppers filter by, and the hour of the next sale. Plain
values: reading them asks no database."""

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.core.cache import cache
from django.db import transaction
from django.db.models import DecimalField, Value
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from home import goods, reading

VERSION_KEY = "tree:version"
KEEP_S = 300
LAST = 2**31 - 1


@dataclass(frozen=True)
class Branch:
    """A category. ``subtree`` holds its own id and those of all beneath it;
    ``above`` the ids of its ancestors, topmost first; ``pieces`` counts products
    of the whole subtree."""

    id: int
    parent_id: int | None
    name: str
    slug: str
    url_path: str
    description: str
    picture_id: int | None
    above: tuple[int, ...]
    children: tuple[int, ...]
    subtree: tuple[int, ...]
    pieces: int

    @property
    def url(self) -> str:
        return reverse("shop:category", args=[self.url_path])


@dataclass(frozen=True)
class FacetValue:
    id: int
    slug: str
    label: str
    swatch: str
    number: Decimal | None

    @property
    def ids(self) -> tuple[int, ...]:
        """What a product's row says of a product that has this value: one of these."""
        return (self.id,)

    @property
    def above(self) -> tuple[str, ...]:
        """Slugs of the values that hold this one, outermost first."""
        return ()


@dataclass(frozen=True)
class KindValue(FacetValue):
    """A category beneath the one that is listed; its slug is the way down to it, as in
    "tableware.bowls"."""

    subtree: tuple[int, ...]

    @property
    def ids(self) -> tuple[int, ...]:
        return self.subtree

    @property
    def above(self) -> tuple[str, ...]:
        words = self.slug.split(".")
        return tuple(".".join(words[:n]) for n in range(1, len(words)))


@dataclass(frozen=True)
class Facet:
    """``column`` is the one of a product's row that its values' ids stand in."""

    code: str
    name: str
    kind: str
    unit: str
    values: tuple[FacetValue, ...]
    column: str = "value_ids"

    def ids(self, slugs: Collection[str]) -> list[int]:
        """What to look for when these values are chosen. One that holds another chosen
        one is narrowed by it: tableware and bowls is bowls."""
        chosen = [value for value in self.values if value.slug in slugs]
        outer = {slug for value in chosen for slug in value.above}
        return [id for v in chosen if v.slug not in outer for id in v.ids]

    @property
    def is_range(self) -> bool:
        """Whether shoppers say from which number to which."""
        return self.kind == "number" and any(v.number is not None for v in self.values)

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called in addresses."""
        ends = (f"{self.code}_min", f"{self.code}_max")
        return ends if self.is_range else (self.code,)

    def ids_between(self, least: Decimal | None, most: Decimal | None) -> list[int]:
        """What to look for when a number from ``least`` to ``most`` is wanted."""
        return [
            value.id
            for value in self.values
            if value.number is not None
            and (least is None or value.number >= least)
            and (most is None or value.number <= most)
        ]


@dataclass(frozen=True)
class Tree:
    """Its parts come from the cache, else from a query each, when first asked for."""

    version: int

    @cached_property
    def _roots(self) -> tuple[dict[int, Branch], datetime | None]:
        return self._kept("roots", _load_roots)

    @property
    def branches(self) -> dict[int, Branch]:
        return self._roots[0]

    @property
    def next_sale(self) -> datetime | None:
        """When the next sale begins or ends; passed, if nobody has had it do so yet."""
        return self._roots[1]

    @cached_property
    def facets(self) -> tuple[Facet, ...]:
        return self._kept("facets", _load_facets)

    def _kept(self, part: str, load: Callable):
        found = cache.get(key := f"tree:2:{self.version}:{part}")
        if found is None:
            # Kept for all, under a number of its own: never from a replica.
            with reading.primary():
                cache.set(key, found := load(), timeout=KEEP_S)
        return found

    def find(self, url_path: str) -> Branch | None:
        return next((b for b in self.branches.values() if b.url_path == url_path), None)

    def get(self, category_id: int | None) -> Branch | None:
        return self.branches.get(category_id) if category_id else None

    def children(self, branch: Branch) -> list[Branch]:
        return [self.branches[child] for child in branch.children]

    def offered(self, branch: Branch | None) -> tuple[Facet, ...]:
        """The facets of a list: the kinds beneath its category, the attributes, the
        workshops."""
        kinds = tuple(self._kinds(branch))
        kind = Facet("kind", _("Kind"), "choice", "", kinds, column="category_id")
        others = (
            replace(f, name=_("Workshop")) if f.code == "brand" else f
            for f in self.facets
        )
        return (kind, *others) if kinds else tuple(others)

    def _kinds(self, branch: Branch | None, way: str = "") -> Iterator[KindValue]:
        for below in self.children(branch) if branch else self.top:
            slug = f"{way}{below.slug}"
            yield KindValue(below.id, slug, below.name, "", None, below.subtree)
            yield from self._kinds(below, f"{slug}.")

    def ancestors(self, branch: Branch) -> list[Branch]:
        return [self.branches[parent] for parent in branch.above]

    @property
    def top(self) -> list[Branch]:
        return [b for b in self.branches.values() if b.parent_id is None]


def changed() -> None:
    """Categories, attributes, workshops or hours of sales have changed; pages follow
    from the commit on."""
    transaction.on_commit(lambda: cache.set(VERSION_KEY, time.time_ns(), timeout=None))
    # Last: a page that is made under the new version must not meet the old tree.
    goods.changed()


def current() -> Tree:
    """The tree as it is."""
    return Tree(cache.get_or_set(VERSION_KEY, time.time_ns, timeout=None) or 0)


def _load_roots() -> tuple[dict[int, Branch], datetime | None]:
    """Categories, and beside them what needs no query of its own."""
    from django.db.models import Count, Q, Subquery

    from shop.models import Category, SalePrice

    live = Q(products__live=True, products__current_price__isnull=False)
    next_sale = SalePrice.objects.by_moment().values("moment")[:1]
    rows = list(
        Category.objects.annotate(own=Count("products", filter=live))
        .annotate(next_sale=Subquery(next_sale))
        .order_by("depth", "position", "name", "pk")
    )
    return _branches(rows), rows[0].next_sale if rows else None


def _branches(rows: list) -> dict[int, Branch]:
    children: dict[int | None, list[int]] = {}
    for row in rows:
        children.setdefault(row.parent_id, []).append(row.pk)
    subtree: dict[int, tuple[int, ...]] = {}
    pieces: dict[int, int] = {}
    for row in reversed(rows):
        below = children.get(row.pk, [])
        subtree[row.pk] = (row.pk, *(pk for child in below for pk in subtree[child]))
        pieces[row.pk] = row.own + sum(pieces[child] for child in below)
    above: dict[int, tuple[int, ...]] = {}
    for row in rows:
        parent = row.parent_id
        above[row.pk] = (*above[parent], parent) if parent else ()
    return {
        row.pk: Branch(
            id=row.pk,
            parent_id=row.parent_id,
            name=row.name,
            slug=row.slug,
            url_path=row.url_path,
            description=row.description,
            picture_id=row.picture_id,
            above=above[row.pk],
            children=tuple(children.get(row.pk, [])),
            subtree=subtree[row.pk],
            pieces=pieces[row.pk],
        )
        for row in rows
    }


def _load_facets() -> tuple[Facet, ...]:
    """Attributes in their order, then the workshops: one query."""
    from shop.models import AttributeValue, Brand

    filterable = AttributeValue.objects.filter(attribute__is_filterable=True)
    named = [f"attribute__{name}" for name in "position code name kind unit".split()]
    own = ("sort_order", "pk", "slug", "label", "swatch", "number")
    of_attributes = filterable.order_by().values_list(*named, *own)
    of_brands = Brand.objects.order_by().values_list(
        *map(Value, (LAST, "brand", "", "choice", "", 0)),
        *("pk", "slug", "name", Value(""), Value(None, DecimalField())),
    )
    rows = sorted(of_attributes.union(of_brands, all=True), key=_place)
    return tuple(
        Facet(
            *(code, name, kind, unit),
            tuple(FacetValue(*row[6:]) for row in values),
            "brand_id" if code == "brand" else "value_ids",
        )
        for (code, name, kind, unit), values in groupby(rows, key=lambda row: row[1:5])
    )


def _place(row: tuple) -> tuple:
    """By attribute, then as an editor has ordered the values, workshops by name."""
    position, code, *_, order, key, _, label, _, _ = row
    name = label if code == "brand" else ""
    return position, code, order is None, order or 0, name, key
