"""How many products each further choice would leave, in one SQL statement for all
facets. The answer that ``shop.bitmaps`` has to give as well, and the way out where
there are no bitmaps."""

from home import reading
from shop import search
from shop.choices import FLAGS
from shop.counts import Counts, Question, Scope
from shop.tree import Facet

TOTALS, RANKED = -1, -2
HELD = (
    "p.current_price, p.compare_at_price, p.stock_quantity, p.created_at, p.value_ids,"
    " p.category_id, p.brand_id"
)
# {a choice's name: how a product's row says that it applies}
TESTS = {
    "in_stock": "stock_quantity > 0",
    "new": "created_at > %s",
    "sale": "compare_at_price IS NOT NULL",
}


def count(question: Question) -> Counts:
    """Exact counts for every choice. One query."""
    sql, parameters = _statement(question)
    with reading.connection().cursor() as cursor:
        cursor.execute(sql, parameters)
        rows = cursor.fetchall()
    facets = question.facets
    values: dict[str, dict[int, int]] = {facet.code: {} for facet in facets}
    totals, ranked, instead = {}, [], ""
    for number, key, count, words in rows:
        if number >= 0:
            values[facets[number].code][key] = count
        elif number == TOTALS:
            totals[key] = count
        else:
            ranked.append((count, key))
            instead = words or ""
    return Counts(
        total=totals[0],
        flags={name: totals[n] for n, name in enumerate(FLAGS, start=1)},
        values=values,
        ranked=[id for _, id in sorted(ranked)] if question.scope.search else None,
        instead=instead,
    )


def _statement(question: Question) -> tuple[str, list]:
    """Rows (number of the facet, id, products, null). Of no facet: TOTALS, with id 0
    the total, with id 1, 2 … what the flags would leave of it; RANKED, a product, its
    place and what was looked for instead.

    Every product is tested once for price, flags and each chosen facet, then counted
    for its values; a value that is in the list but left without a product counts 0.
    """
    base, parameters = _base(question.scope)
    chosen = question.chosen
    price, price_parameters = _price_test(question.choices)
    columns = {"price_fits": price}
    columns |= {f"is_{name}": TESTS[name] for name in FLAGS}
    always = ["price_fits", *(f"is_{name}" for name in question.flags)]
    tests: dict[str, str] = {}
    for facet in question.facets:
        if facet.code in chosen:
            tests[facet.code] = f"c{len(tests)}"
            columns[tests[facet.code]] = _test(facet)
    every = " AND ".join([*always, *tests.values()])
    parts = [f"SELECT {TOTALS}, 0, count(*), NULL FROM tested WHERE {every}"]
    parts += [
        f"SELECT {TOTALS}, {n}, count(*), NULL FROM tested WHERE {every} AND is_{name}"
        for n, name in enumerate(FLAGS, start=1)
    ]
    if question.scope.search:
        ranked = f"SELECT {RANKED}, id, place, instead FROM tested WHERE {every}"
        parts.append(ranked)
    for number, facet in enumerate(question.facets):
        others = [column for code, column in tests.items() if code != facet.code]
        parts.append(_counting(number, facet, " AND ".join([*always, *others])))
    named = ", ".join(f"({test}) AS {name}" for name, test in columns.items())
    sql = (
        f"WITH base AS MATERIALIZED ({base}), tested AS MATERIALIZED"
        f" (SELECT id, place, instead, value_ids, category_id, brand_id, {named}"
        f" FROM base) {' UNION ALL '.join(parts)}"
    )
    asked = [chosen[code] for code in tests]
    ids = [[id for v in facet.values for id in v.ids] for facet in question.facets]
    tested = [*price_parameters, question.new_since, *asked]
    return sql, [*parameters, *tested, *ids]


def _base(scope: Scope) -> tuple[str, list]:
    """SQL of all that is listed before any choice."""
    found, parameters = "(SELECT NULL::bigint AS place, NULL::text AS instead) f", []
    where, within = ["p.live AND p.current_price IS NOT NULL"], []
    if scope.search:
        found, parameters = f"({search.PLACED}) f", scope.search.parameters
        where.append("p.id = f.id")
    if scope.category_ids is not None:
        where.append("p.category_id = ANY(%s::bigint[])")
        within.append(list(scope.category_ids))
    sql = (
        f"SELECT p.id, f.place, f.instead, {HELD} FROM shop_product p, {found}"
        f" WHERE {' AND '.join(where)}"
    )
    return sql, [*parameters, *within]


def _test(facet: Facet) -> str:
    if facet.column == "value_ids":
        return "value_ids && %s::bigint[]"
    return f"{facet.column} = ANY(%s::bigint[])"


def _counting(number: int, facet: Facet, left: str) -> str:
    each = "unnest(value_ids)" if facet.column == "value_ids" else facet.column
    return (
        f"SELECT {number}, v, count(*) FILTER (WHERE {left}), NULL"
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
