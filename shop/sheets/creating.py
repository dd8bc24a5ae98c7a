"""Products and variants that a sheet brings, a statement for each table."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max

from shop import prices
from shop.models import Product, ProductAttribute, Variant
from shop.sheets import storing
from shop.sheets.cells import MAX_LENGTHS
from shop.sheets.columns import PRICE, PRODUCT, VARIANT, Kind, Known
from shop.sheets.facts import Values
from shop.sheets.rows import relate

Planned = Mapping[str, tuple[str, Values]]


def create_products(
    planned: Mapping[str, Values], known: Known, *, now: datetime
) -> dict[str, int]:
    """{handle: primary key} of new products; live are those that say so."""
    made = Product.objects.bulk_create(
        _product(handle, dict(storing.fields(known, values, PRODUCT)), now)
        for handle, values in planned.items()
    )
    keys = {product.slug: product.pk for product in made}
    won = [
        (keys[handle], value)
        for handle, values in planned.items()
        for value in storing.value_ids(known, values, Kind.VALUES)
    ]
    relate(ProductAttribute, ("product_id", "value_id"), lost=(), won=won)
    return keys


def _product(handle: str, fields: dict[str, Any], now: datetime) -> Product:
    product = Product(slug=handle, created_at=now, **{"live": False} | fields)
    if product.live:
        product.first_published_at = product.last_published_at = now
    return product


def create_variants(
    planned: Planned, products: Mapping[str, int], known: Known, *, now: datetime
) -> dict[str, int]:
    """{SKU: primary key} of new variants, each behind those that its product has, with
    its price in the ledger. ``planned`` is {SKU: (handle, values)}."""
    positions = _next_positions({products[handle] for handle, _ in planned.values()})
    made = []
    for sku, (handle, values) in planned.items():
        product_id = products[handle]
        made.append(_variant(sku, product_id, values, positions[product_id], known))
        positions[product_id] += 1
    Variant.objects.bulk_create(made)
    prices.record_prices(made, now=now)
    keys = {variant.sku: variant.pk for variant in made}
    won = [
        (keys[sku], value)
        for sku, (_, values) in planned.items()
        for value in storing.value_ids(known, values, Kind.OPTION)
    ]
    names = ("variant_id", "attributevalue_id")
    relate(Variant.options.through, names, lost=(), won=won)
    return keys


def _variant(
    sku: str, product_id: int, values: Values, position: int, known: Known
) -> Variant:
    """Without words of its own it is called after its options, as in the admin."""
    fields = dict(storing.fields(known, values, VARIANT))
    if not fields.get("option_label"):
        options = storing.value_ids(known, values, Kind.OPTION)
        words = ", ".join(known.words[pk] for pk in options)
        fields["option_label"] = words[: MAX_LENGTHS["option_label"]]
    price: Any = values[PRICE.name]
    return Variant(
        product_id=product_id, sku=sku, position=position, price=price, **fields
    )


def _next_positions(product_ids: set[int]) -> dict[int, int]:
    of_products = Variant.objects.filter(product__in=product_ids).order_by()
    last = of_products.values_list("product").annotate(Max("position"))
    return defaultdict(int, {pk: position + 1 for pk, position in last})
