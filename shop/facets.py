"""How many products each further choice would leave, in one statement for all facets:
OR inside, AND between, and a facet's own choice does not hide its siblings."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection

from shop.choices import Choices as ShopperChoices
from shop.tree import Facet as KnownFacet
from shop.tree import FacetValue


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
class Counts:
    """``total`` products answer all choices; ``in_stock`` of them when that is ticked
    too; ``values`` is {facet code: {id: products}} of the ids that the list holds."""

    total: int
    in_stock: int
    values: dict[str, dict[int, int]]

    def of(self, facet: KnownFacet, value: FacetValue) -> int | None:
        """Products that would be left by a value; None if the list holds it nowhere.
        A product has at most one of a value's several ids."""
        counted = self.values.get(facet.code, {})
        found = [counted[id] for id in value.ids if id in counted]
        return sum(found) if found else None


def count(products, choices: ShopperChoices, facets: tuple[KnownFacet, ...]) -> Counts:
    """Exact counts for every choice over ``products``: a queryset with no facet, price
    or stock choice applied yet. One SQL query."""
    chosen = {
        facet.code: facet.ids(choices.values[facet.code])
        for facet in facets
        if facet.code in choices.values
    }
    try:
        sql, parameters = _statement(products, choices, facets, chosen)
    except EmptyResultSet:
        return Counts(total=0, in_stock=0, values={})
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    values: dict[str, dict[int, int]] = {facet.code: {} for facet in facets}
    totals = {}
    for number, key, count in rows:
        if number < 0:
            totals[key] = count
        else:
            values[facets[number].code][key] = count
    return Counts(total=totals[0], in_stock=totals[1], values=values)


def _statement(products, choices, facets, chosen) -> tuple[str, list]:
    """Rows (number of the facet, id, products). Of no facet, −1: with id 0 the total,
    with id 1 what of it is in stock.

    Every product is tested once for price, stock and each chosen facet, then counted
    for its values; a value that is in the list but left without a product counts 0.
    """
    held = ["current_price", "stock_quantity", "value_ids", "category_id"]
    base = products.order_by().values(*held)
    base_sql, parameters = base.query.sql_with_params()
    price, price_parameters = _price_test(choices)
    tests = {f"c{n}": chosen[code] for n, code in enumerate(chosen)}
    columns = [f"({price}) AS price_fits", "stock_quantity > 0 AS is_stocked"]
    columns += [
        f"({_test(facet)}) AS c{n}"
        for n, facet in enumerate(f for f in facets if f.code in chosen)
    ]
    always = ["price_fits", "is_stocked"] if choices.in_stock else ["price_fits"]
    every = " AND ".join([*always, *tests])
    parts = [
        f"SELECT -1, 0, count(*) FROM tested WHERE {every}",
        f"SELECT -1, 1, count(*) FROM tested WHERE {every} AND is_stocked",
    ]
    for number, facet in enumerate(facets):
        others = [
            c for c, code in zip(tests, chosen, strict=True) if code != facet.code
        ]
        left = " AND ".join([*always, *others])
        each = "unnest(value_ids)" if facet.column == "value_ids" else facet.column
        parts.append(
            f"SELECT {number}, v, count(*) FILTER (WHERE {left})"
            f" FROM tested, LATERAL (SELECT {each} AS v) each"
            " WHERE v = ANY(%s::bigint[]) GROUP BY v"
        )
    ids = [[id for value in facet.values for id in value.ids] for facet in facets]
    sql = (
        f"WITH base AS MATERIALIZED ({base_sql}), tested AS MATERIALIZED"
        f" (SELECT value_ids, category_id, {', '.join(columns)} FROM base) "
        + " UNION ALL ".join(parts)
    )
    return sql, [*parameters, *price_parameters, *tests.values(), *ids]


def _test(facet: KnownFacet) -> str:
    if facet.column == "value_ids":
        return "value_ids && %s::bigint[]"
    return f"{facet.column} = ANY(%s::bigint[])"


def _price_test(choices) -> tuple[str, list]:
    tests, parameters = ["true"], []
    if choices.price_min is not None:
        tests.append("current_price >= %s")
        parameters.append(choices.price_min)
    if choices.price_max is not None:
        tests.append("current_price <= %s")
        parameters.append(choices.price_max)
    return " AND ".join(tests), parameters


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
