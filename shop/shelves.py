"""Products for the blocks of a page; ``home.shelves`` calls this by its name."""

from datetime import datetime

from django.db import connection

from shop import tree
from shop.models import Product
from shop.queries import dress_cards, get_card_queryset


def fill_shelves(keys: list[tuple], *, now: datetime) -> dict[tuple, list[Product]]:
    """{key: products} in each shelf's order, dressed as cards.

    A key is (rule, picked ids, category id, count, skip sold out). Ids are found by one
    query for all rules together, then the products by one.
    """
    ids = _ids(keys)
    wanted = {product_id for found in ids.values() for product_id in found}
    products = get_card_queryset().in_bulk(wanted) if wanted else {}
    dress_cards(list(products.values()), tree.current(), now=now)
    return {
        key: [products[i] for i in found if i in products][: key[3]]
        for key, found in ids.items()
    }


def _ids(keys: list[tuple]) -> dict[tuple, list[int]]:
    ids = {key: list(key[1]) for key in keys if key[0] == "picked"}
    ruled = [key for key in keys if key[0] != "picked"]
    queries = [_rule(key).values_list("pk", flat=True)[: key[3]] for key in ruled]
    if queries:
        found = _one_query(queries)
        ids |= {key: found[n] for n, key in enumerate(ruled)}
    return {key: ids[key] for key in keys}


def _one_query(queries: list) -> dict[int, list[int]]:
    parts, parameters = [], []
    for n, query in enumerate(queries):
        sql, values = query.query.sql_with_params()
        parts.append(f"SELECT {n}, q.id FROM ({sql}) q(id)")
        parameters += values
    found: dict[int, list[int]] = {n: [] for n in range(len(queries))}
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        for n, product_id in cursor.fetchall():
            found[n].append(product_id)
    return found


def _rule(key: tuple):
    rule, _, category_id, _, skip_sold_out = key
    products = Product.objects.active()
    if skip_sold_out:
        products = products.in_stock()
    if rule == "on_sale":
        return products.on_sale().order_by("-popularity", "pk")
    if rule == "category":
        branch = tree.current().get(category_id)
        within = branch.subtree if branch else ()
        return products.filter(category_id__in=within).order_by("-popularity", "pk")
    return products.order_by("-created_at", "-pk")
