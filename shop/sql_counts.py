"""How many products each further choice would leave, in one SQL statement for all
facets. The answer that ``shop.bitmaps`` has to give as well, and the way out where
there are no bitmaps."""

from django.core.exceptions import EmptyResultSet
from django.db import connection

from shop.counts import FLAGS, NOTHING, Counts, Question
from shop.models import Product
from shop.tree import Facet

HELD = (
    "current_price compare_at_price stock_quantity value_ids category_id brand_id"
).split()


def count(question: Question) -> Counts:
    """Exact counts for every choice. One query."""
    try:
        sql, parameters = _statement(question)
    except EmptyResultSet:
        return NOTHING
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    facets = question.facets
    values: dict[str, dict[int, int]] = {facet.code: {} for facet in facets}
    totals = {}
    for number, key, products in rows:
        if number < 0:
            totals[key] = products
        else:
            values[facets[number].code][key] = products
    flags = {name: totals[n] for n, name in enumerate(FLAGS, start=1)}
    return Counts(total=totals[0], flags=flags, values=values)


def _statement(question: Question) -> tuple[str, list]:
    """Rows (number of the facet, id, products). Of no facet, −1: with id 0 the total,
    with id 1, 2 … what the flags would leave of it.

    Every product is tested once for price, flags and each chosen facet, then counted
    for its values; a value that is in the list but left without a product counts 0.
    """
    base_sql, parameters = _base(question).query.sql_with_params()
    chosen = question.chosen
    price, price_parameters = _price_test(question.choices)
    columns = {"price_fits": price}
    columns |= {f"is_{name}": test for name, test in FLAGS.items()}
    always = ["price_fits", *(f"is_{name}" for name in question.flags)]
    tests: dict[str, str] = {}
    for facet in question.facets:
        if facet.code in chosen:
            tests[facet.code] = f"c{len(tests)}"
            columns[tests[facet.code]] = _test(facet)
    every = " AND ".join([*always, *tests.values()])
    parts = [f"SELECT -1, 0, count(*) FROM tested WHERE {every}"]
    parts += [
        f"SELECT -1, {n}, count(*) FROM tested WHERE {every} AND is_{name}"
        for n, name in enumerate(FLAGS, start=1)
    ]
    for number, facet in enumerate(question.facets):
        others = [column for code, column in tests.items() if code != facet.code]
        parts.append(_counting(number, facet, " AND ".join([*always, *others])))
    tested = ", ".join(f"({test}) AS {name}" for name, test in columns.items())
    sql = (
        f"WITH base AS MATERIALIZED ({base_sql}), tested AS MATERIALIZED"
        f" (SELECT value_ids, category_id, brand_id, {tested} FROM base) "
        + " UNION ALL ".join(parts)
    )
    asked = [chosen[code] for code in tests]
    ids = [[id for v in facet.values for id in v.ids] for facet in question.facets]
    return sql, [*parameters, *price_parameters, *asked, *ids]


def _base(question: Question):
    scope = question.scope
    products = Product.objects.active() if scope.matching is None else scope.matching
    if scope.category_ids is not None:
        products = products.filter(category_id__in=scope.category_ids)
    return products.order_by().values(*HELD)


def _test(facet: Facet) -> str:
    if facet.column == "value_ids":
        return "value_ids && %s::bigint[]"
    return f"{facet.column} = ANY(%s::bigint[])"


def _counting(number: int, facet: Facet, left: str) -> str:
    each = "unnest(value_ids)" if facet.column == "value_ids" else facet.column
    return (
        f"SELECT {number}, v, count(*) FILTER (WHERE {left})"
        f" FROM tested, LATERAL (SELECT {each} AS v) each"
        " WHERE v = ANY(%s::bigint[]) GROUP BY v"
    )


def _price_test(choices) -> tuple[str, list]:
    tests, parameters = ["true"], []
    if choices.price_min is not None:
        tests.append("current_price >= %s")
        parameters.append(choices.price_min)
    if choices.price_max is not None:
        tests.append("current_price <= %s")
        parameters.append(choices.price_max)
    return " AND ".join(tests), parameters
