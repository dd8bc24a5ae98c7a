"""The words in which the shop asks for products. Templates only read what they load."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch, QuerySet
from django.db.models.functions import JSONObject

from shop.models import (
    Attribute,
    AttributeValue,
    Product,
    ProductAttribute,
    ProductImage,
)
from shop.tree import Tree

# Products are new for so long, on cards and in lists.
NEW_FOR = timedelta(days=30)
# What a card shows and shelves are chosen by; all else stays in the database.
CARD = (
    *("title", "slug", "caption", "category", "created_at", "popularity"),
    *("current_price", "compare_at_price", "has_price_range", "currency"),
    *("stock_quantity", "value_ids"),
)
# ``sources`` of a picture. Without its size Django would measure it.
PICTURE = (
    *("description", "file", "width", "height", "cuts"),
    *(f"focal_point_{name}" for name in ("x", "y", "width", "height")),
)


def get_catalog_queryset() -> QuerySet[Product]:
    """Active products with everything a card or a product page reads: 3 queries.

    Joined: category, brand, primary warehouse, main picture. As plain lists:
    ``product.secondary_images`` (each with its picture) and
    ``product.filterable_attributes`` (each with its value and attribute).
    """
    return (
        Product.objects.active()
        .select_related("category", "brand", "primary_warehouse", "main_image")
        .prefetch_related(secondary_images(), filterable_attributes())
    )


def get_product_queryset() -> QuerySet[Product]:
    """Active products with what a product page reads of them: 2 queries. As of
    ``get_catalog_queryset``, but ``own_values`` are rows for ``value_from``."""
    told = ProductAttribute.objects.filter(product=OuterRef(OuterRef("pk")))
    return (
        Product.objects.active()
        .select_related("category", "brand", "primary_warehouse", "main_image")
        .prefetch_related(secondary_images())
        .annotate(own_values=values_of(pk__in=told.values("value")))
    )


def get_card_queryset() -> QuerySet[Product]:
    """Active products with what a card shows and nothing more: 1 query."""
    cards = Product.objects.active().select_related("main_image")
    return cards.only(*CARD, *(f"main_image__{name}" for name in PICTURE))


def in_stock(product_ids: Iterable[int]) -> set[int]:
    """Those of the products that can be bought, by their listing rows; ``home.showing``
    calls this by its name."""
    products = Product.objects.active().in_stock().filter(pk__in=product_ids)
    return set(products.values_list("pk", flat=True))


def secondary_images() -> Prefetch:
    pictures = ProductImage.objects.select_related("picture").order_by(
        "sort_order", "pk"
    )
    return Prefetch("images", queryset=pictures, to_attr="secondary_images")


def filterable_attributes() -> Prefetch:
    values = (
        ProductAttribute.objects.filter(value__attribute__is_filterable=True)
        .select_related("value__attribute")
        .order_by("value__attribute__position", "value__sort_order", "pk")
    )
    return Prefetch(
        "attribute_values", queryset=values, to_attr="filterable_attributes"
    )


def values_of(**owner) -> ArraySubquery:
    """The attribute values of an outer row in their order, each as a row for
    ``value_from``: they come along with their owners instead of by a query."""
    names = "slug label swatch sort_order".split()
    attribute = "code name position is_filterable".split()
    row = JSONObject(
        pk="pk",
        **{name: name for name in names},
        **{f"attribute_{name}": f"attribute__{name}" for name in attribute},
    )
    values = AttributeValue.objects.filter(**owner).order_by(
        "attribute__position", "sort_order", "pk"
    )
    return ArraySubquery(values.values(row=row))


def value_from(row: dict) -> AttributeValue:
    """A value with its attribute, out of a row of ``values_of``."""
    own = {n: v for n, v in row.items() if not n.startswith("attribute_")}
    rest = {n.removeprefix("attribute_"): v for n, v in row.items() if n not in own}
    return AttributeValue(**own, attribute=Attribute(**rest))


def dress_cards(
    products: list[Product], known: Tree, *, now: datetime, with_swatches: bool = True
) -> list[Product]:
    """Give each product what a card shows besides its own row: ``swatches``, (words,
    hex) of the colours that it or one of its variants comes in, and ``is_new``.
    Asks the database nothing."""
    facets = known.facets if with_swatches else ()
    coloured = [v for facet in facets for v in facet.values if v.swatch]
    for product in products:
        own = set(product.value_ids)
        product.is_new = now - product.created_at < NEW_FOR
        product.swatches = [(v.label, v.swatch) for v in coloured if v.id in own]
    return products
