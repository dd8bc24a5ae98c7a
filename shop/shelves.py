"""What blocks show of the shop, in one query; ``home.blocks.preload`` calls ``fetch``
by the name that stands in settings."""

from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import EmptyResultSet
from django.db.models import (
    Case,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import RawSQL

from shop import tree
from shop.models import Category, Product, StockMovement, Variant
from shop.queries import dress_cards, get_card_queryset

# (rule, category id or None, how many, whether to skip what is sold out)
Shelf = tuple[str, int | None, int, bool]
# What takes a piece away from other shoppers, or brings it back to them.
SALES = ("reserved", "sold", "released", "returned")
# How a shelf is ordered, for the database and for Python.
Order = tuple[tuple[str, ...], Callable[[Product], Any]]
NEWEST: Order = (
    ("-created_at", "-pk"),
    lambda product: (-product.created_at.timestamp(), -product.pk),
)
MOST_POPULAR: Order = (
    ("-popularity", "pk"),
    lambda product: (-product.popularity, product.pk),
)
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Goods:
    """See ``home.blocks.preload.Goods``."""

    products: dict[int, Product]
    categories: dict[int, Category]
    shelves: dict[Shelf, list[Product]]


@dataclass(frozen=True)
class Rule:
    """Which products a shelf shows, told twice: ``where`` and ``order`` to the
    database, ``fits`` and ``place`` for products that it has found already."""

    where: Q
    order: tuple[str, ...]
    fits: Callable[[Product], bool]
    place: Callable[[Product], Any]

    def first(self, count: int) -> QuerySet[Product]:
        found = Product.objects.active().filter(self.where).order_by(*self.order)
        return found.values("pk")[:count]

    def choose(self, products: Collection[Product], count: int) -> list[Product]:
        """The same as ``first``, of products that include those."""
        return sorted(filter(self.fits, products), key=self.place)[:count]


def fetch(
    product_ids: Collection[int],
    category_ids: Collection[int],
    shelves: Collection[Shelf],
    sales: dict[int, datetime | None],
    *,
    now: datetime,
    with_swatches: bool = True,
) -> Goods:
    """Everything a page's blocks show of the shop: one query, none without products.

    Products of ``sales`` carry ``sku``, of their only variant, else empty, and
    ``pieces_at_start``: what could be bought when their sale began.
    """
    known = tree.current()
    rules = {shelf: _rule(shelf, known) for shelf in shelves}
    products = _load(product_ids, rules, sales)
    cards = list(products.values())
    dress_cards(cards, known, now=now, with_swatches=with_swatches)
    return Goods(
        products=products,
        categories=_categories(category_ids, known),
        shelves={
            shelf: rule.choose(products.values(), shelf[2])
            for shelf, rule in rules.items()
        },
    )


def _load(product_ids, rules: dict[Shelf, Rule], sales) -> dict[int, Product]:
    if not product_ids and not rules:
        return {}
    wanted = [Product.objects.filter(pk__in=product_ids).order_by().values("pk")]
    wanted += [rule.first(shelf[2]) for shelf, rule in rules.items()]
    found = get_card_queryset().filter(pk__in=_union(wanted)).order_by()
    if not sales:
        return {product.pk: product for product in found}
    products = {product.pk: product for product in _with_sales(found, sales)}
    for product in products.values():
        product.sku = product.skus[0] if len(product.skus or ()) == 1 else ""
        product.pieces_at_start = product.stock_quantity + max(product.gone or 0, 0)
    return products


def _union(queries: list[QuerySet]) -> RawSQL:
    """One list of ids for the database to look up, rather than a test of each row."""
    parts = ["SELECT NULL::bigint"]
    parameters: list = []
    for query in queries:
        with suppress(EmptyResultSet):
            sql, values = query.query.sql_with_params()
            parts.append(f"({sql})")
            parameters += values
    return RawSQL(" UNION ALL ".join(parts), parameters)


def _with_sales(found: QuerySet[Product], sales) -> QuerySet[Product]:
    variants = Variant.objects.filter(product=OuterRef("pk")).values("sku")[:2]
    begin = Case(
        *(When(stock__variant__product=pk, then=at or EVER) for pk, at in sales.items())
    )
    movements = StockMovement.objects.filter(
        stock__variant__product=OuterRef("pk"), kind__in=SALES, moved_at__gte=begin
    )
    gone = movements.values("stock__variant__product").values(
        gone=Sum(F("reserved") - F("on_hand"))
    )
    is_on_sale = Q(pk__in=list(sales))
    return found.annotate(
        skus=Case(When(is_on_sale, then=ArraySubquery(variants)), default=None),
        gone=Case(
            When(is_on_sale, then=Subquery(gone)),
            default=Value(0),
            output_field=IntegerField(),
        ),
    )


def _categories(category_ids, known: tree.Tree) -> dict[int, Category]:
    """Categories out of the cached tree, each with ``pieces``."""
    return {
        branch.id: _category(branch)
        for branch in filter(None, map(known.get, category_ids))
    }


def _category(branch: tree.Branch) -> Category:
    category = Category(
        pk=branch.id,
        name=branch.name,
        slug=branch.slug,
        url_path=branch.url_path,
        picture_id=branch.picture_id,
    )
    category.pieces = branch.pieces
    return category


def _rule(shelf: Shelf, known: tree.Tree) -> Rule:
    name, category_id, _, skip_sold_out = shelf
    where, tests = Q(), []
    if skip_sold_out:
        where &= Q(stock_quantity__gt=0)
        tests.append(lambda product: not product.is_sold_out)
    if name == "on_sale":
        where &= Q(compare_at_price__isnull=False)
        tests.append(lambda product: product.is_reduced)
    if name == "category":
        branch = known.get(category_id)
        within = branch.subtree if branch else ()
        where &= Q(category_id__in=within)
        tests.append(lambda product: product.category_id in within)
    order, place = NEWEST if name == "newest" else MOST_POPULAR
    return Rule(where, order, lambda p: all(test(p) for test in tests), place)
