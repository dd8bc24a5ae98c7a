"""How many products each further choice would leave, in one statement for all facets:
OR inside, AND between, and a facet's own choice does not hide its siblings."""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection

from shop.choices import Choices as ShopperChoices
from shop.tree import Facet as KnownFacet


@dataclass(frozen=True)
class Choice:
    slug: str
    label: str
    swatch: str
    count: int
    is_chosen: bool


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
    too; ``values`` is {attribute value id: products}."""

    total: int
    in_stock: int
    values: dict[int, int]


def count(products, choices: ShopperChoices, facets: tuple[KnownFacet, ...]) -> Counts:
    """Exact counts for every choice over ``products``: a queryset with no facet, price
    or stock choice applied yet. One SQL query."""
    chosen = {
        facet.code: [v.id for v in facet.values if v.slug in choices.values[facet.code]]
        for facet in facets
        if facet.code in choices.values
    }
    try:
        sql, parameters = _statement(products, choices, facets, chosen)
    except EmptyResultSet:
        return Counts(total=0, in_stock=0, values={})
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = dict(cursor.fetchall())
    total, in_stock = rows.pop(0, 0), rows.pop(-1, 0)
    return Counts(total=total, in_stock=in_stock, values=rows)


def _statement(products, choices, facets, chosen) -> tuple[str, list]:
    """Rows (value id, products); id 0 is the total, id −1 what of it is in stock.

    Every product is tested once for price, stock and each chosen facet, then counted
    for its values; a value that is in the list but left without a product counts 0.
    """
    base = products.order_by().values("current_price", "stock_quantity", "value_ids")
    base_sql, parameters = base.query.sql_with_params()
    price, price_parameters = _price_test(choices)
    tests = {f"c{n}": chosen[code] for n, code in enumerate(chosen)}
    columns = [f"({price}) AS price_fits", "stock_quantity > 0 AS is_stocked"]
    columns += [f"(value_ids && %s::bigint[]) AS {column}" for column in tests]
    always = ["price_fits", "is_stocked"] if choices.in_stock else ["price_fits"]
    every = " AND ".join([*always, *tests])
    parts = [
        f"SELECT 0, count(*) FROM tested WHERE {every}",
        f"SELECT -1, count(*) FROM tested WHERE {every} AND is_stocked",
    ]
    for facet in facets:
        others = [
            c for c, code in zip(tests, chosen, strict=True) if code != facet.code
        ]
        left = " AND ".join([*always, *others])
        parts.append(
            f"SELECT v, count(*) FILTER (WHERE {left})"
            " FROM tested, unnest(value_ids) v WHERE v = ANY(%s::bigint[]) GROUP BY v"
        )
    ids = [[value.id for value in facet.values] for facet in facets]
    sql = (
        f"WITH base AS MATERIALIZED ({base_sql}), tested AS MATERIALIZED"
        f" (SELECT value_ids, {', '.join(columns)} FROM base) "
        + " UNION ALL ".join(parts)
    )
    return sql, [*parameters, *price_parameters, *tests.values(), *ids]


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
        offered = tuple(
            Choice(
                slug=value.slug,
                label=value.label,
                swatch=value.swatch,
                count=counts.values.get(value.id, 0),
                is_chosen=value.slug in chosen,
            )
            for value in facet.values
            if value.id in counts.values or value.slug in chosen
        )
        if offered:
            shown.append(Facet(code=facet.code, name=facet.name, choices=offered))
    return shown
