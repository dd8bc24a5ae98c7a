"""What products and variants are now, as values of columns."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import F, Q, QuerySet

from shop.models import Product, ProductAttribute, Stock, Variant
from shop.sheets.cells import Value
from shop.sheets.columns import (
    CURRENCY,
    OPTION_COLUMN,
    PRICE,
    PRODUCT,
    STOCK_COLUMN,
    STOCK_WAS_COLUMN,
    VALUE_COLUMN,
    VARIANT,
    Known,
)

Values = dict[str, Value | None]
# Where a cell names a row, by its own word for it.
BY_WORDS = {"category_id": "category__url_path", "brand_id": "brand__slug"}


@dataclass
class ProductFacts:
    """``has_draft``: an editor has changes of it that are not published.
    ``has_revision``: the admin opens its last revision instead of its row."""

    pk: int
    handle: str
    is_locked: bool
    has_draft: bool
    has_revision: bool
    values: Values = field(default_factory=dict)


@dataclass
class VariantFacts:
    """``on_hand`` and ``reserved`` are pieces by a warehouse's code, where it has a
    stock row; ``price`` is the usual one, without a sale."""

    pk: int
    sku: str
    product_id: int
    currency: str
    values: Values = field(default_factory=dict)
    on_hand: dict[str, int] = field(default_factory=dict)
    reserved: dict[str, int] = field(default_factory=dict)


@dataclass
class Facts:
    """``products`` by primary key; the other two by what stands in cells."""

    products: dict[int, ProductFacts]
    by_handle: dict[str, ProductFacts]
    variants: dict[str, VariantFacts]


def find(skus: Collection[str], handles: Collection[str], known: Known) -> Facts:
    """What these SKUs and handles are: five queries, however many."""
    variants = _variants(Variant.objects.filter(sku__in=skus), known)
    of_variants = {variant.product_id for variant in variants.values()}
    wanted = Q(pk__in=of_variants) | Q(slug__in=list(handles))
    return _facts(Product.objects.filter(wanted), variants, known)


def of_products(product_ids: Collection[int], known: Known) -> Facts:
    """These products with their variants, in the order of both."""
    variants = _variants(Variant.objects.filter(product__in=product_ids), known)
    return _facts(Product.objects.filter(pk__in=product_ids), variants, known)


def _facts(products: QuerySet, variants: dict[str, VariantFacts], known) -> Facts:
    found = _products(products, known)
    return Facts(found, {facts.handle: facts for facts in found.values()}, variants)


def _products(rows: QuerySet, known: Known) -> dict[int, ProductFacts]:
    fields = {c.name: BY_WORDS.get(c.key, c.key) for c in PRODUCT}
    state = ("pk", "slug", "locked", "has_unpublished_changes", "latest_revision_id")
    found = {}
    for row in rows.order_by("pk").values_list(*state, *fields.values()):
        pk, slug, is_locked, is_unpublished, revision_id, *values = row
        has_draft = is_unpublished and revision_id is not None
        found[pk] = ProductFacts(pk, slug, is_locked, has_draft, bool(revision_id))
        found[pk].values = dict(zip(fields, values, strict=True))
        found[pk].values["brand"] = found[pk].values["brand"] or ""
    _add_values(found, known)
    return found


def _add_values(found: dict[int, ProductFacts], known: Known) -> None:
    slugs: dict[tuple[int, str], list[str]] = defaultdict(list)
    rows = ProductAttribute.objects.filter(product__in=found)
    for pk, code, slug in rows.values_list(
        "product", "value__attribute__code", "value__slug"
    ):
        slugs[pk, code].append(slug)
    for facts in found.values():
        for code in known.values:
            its = slugs.get((facts.pk, code), ())
            facts.values[VALUE_COLUMN(code)] = tuple(sorted(its))


def _variants(rows: QuerySet, known: Known) -> dict[str, VariantFacts]:
    fields = {column.name: column.key for column in VARIANT}
    found, by_pk = {}, {}
    ordered = rows.order_by("product", "position", "pk")
    for row in ordered.values_list(
        "pk", "sku", "product", "currency", "price", "regular_price", *fields.values()
    ):
        pk, sku, product_id, currency, price, regular, *values = row
        facts = VariantFacts(pk, sku, product_id, currency)
        facts.values = dict(zip(fields, values, strict=True))
        facts.values[PRICE.name] = price if regular is None else regular
        facts.values[CURRENCY.name] = currency
        found[sku] = by_pk[pk] = facts
    _add_options(by_pk, known)
    _add_stock(by_pk, known)
    return found


def _add_options(by_pk: dict[int, VariantFacts], known: Known) -> None:
    slugs: dict[tuple[int, str], list[str]] = defaultdict(list)
    chosen = Variant.options.through.objects.filter(variant__in=by_pk)
    for pk, code, slug in chosen.values_list(
        "variant", "attributevalue__attribute__code", "attributevalue__slug"
    ):
        slugs[pk, code].append(slug)
    for pk, facts in by_pk.items():
        for code in known.options:
            its = slugs.get((pk, code), ())
            facts.values[OPTION_COLUMN(code)] = tuple(sorted(its))


def _add_stock(by_pk: dict[int, VariantFacts], known: Known) -> None:
    rows = Stock.objects.filter(variant__in=by_pk).annotate(code=F("warehouse__code"))
    for pk, code, on_hand, reserved in rows.values_list(
        "variant", "code", "on_hand", "reserved"
    ):
        by_pk[pk].on_hand[code] = on_hand
        by_pk[pk].reserved[code] = reserved
    for facts in by_pk.values():
        for code in known.warehouses:
            pieces = facts.on_hand.get(code)
            facts.values[STOCK_COLUMN(code)] = pieces
            facts.values[STOCK_WAS_COLUMN(code)] = pieces
