"""What a product page says of a piece: plain values for its template."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import OuterRef
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from shop import tree
from shop.availability import Delivery, availability, price_of_variant
from shop.models import AttributeValue, Product, Variant
from shop.picker import Picker
from shop.queries import value_from, values_of
from shop.shelves import Shelf, fetch

MOST_RELATED = 4


def product_context(
    product: Product, query=None, *, sku: str = "", now: datetime
) -> dict:
    """What the product template reads: two queries, for variants and for what else
    there is; the preview in the admin uses it as well."""
    variants = _variants(product, now)
    picker = Picker(variants, query or {})
    asked_for = next((v for v in variants if sku and v.sku == sku), None)
    if asked_for:
        picker.chosen = asked_for
    known = tree.current()
    here = availability(picker.chosen.pieces if picker.chosen else 0)
    return {
        "product": product,
        "crumbs": _product_crumbs(known, product),
        "pictures": _pictures(product, picker.chosen),
        "variant": picker.chosen,
        "picker": picker.groups,
        "picker_variants": variants,
        "variant_rows": picker.rows,
        "availability": here,
        "price": price_of_variant(picker.chosen) if picker.chosen else None,
        "details": _details(product, picker.chosen),
        "ways": _ways(picker.chosen, now) if here.can_be_bought else (),
        "related": _related(product, known, now),
        "typed_quantity": "1",
    }


def _variants(product: Product, now: datetime) -> list[Variant]:
    """With their pieces, and in ``chosen`` the values of their options."""
    variants = list(
        Variant.objects.filter(product=product.pk, is_active=True)
        .select_related("picture")
        .annotate(option_rows=values_of(variant=OuterRef("pk")))
        .with_pieces()
        .with_sale(at=now)
        .order_by("position", "pk")
    )
    for variant in variants:
        variant.chosen = [value_from(row) for row in variant.option_rows]
    return variants


def _ways(variant: Variant | None, now: datetime) -> Sequence[Delivery]:
    if variant is None:
        return ()
    ways = import_string(settings.DELIVERY_SOURCE)
    return ways(variant.price, variant.weight_g, now=now)


def _related(product: Product, known: tree.Tree, now: datetime) -> list[Product]:
    """What sells best of the same kind, else of the kind above it: one query."""
    branch = known.get(product.category_id)
    kinds = [branch.id, *reversed(branch.above)][:2] if branch else []
    wanted: list[Shelf] = [("category", kind, MOST_RELATED + 1, True) for kind in kinds]
    found = fetch((), (), wanted, {}, now=now, with_swatches=False).shelves
    others = {other.pk: other for shelf in wanted for other in found[shelf]}
    others.pop(product.pk, None)
    return list(others.values())[:MOST_RELATED]


def _product_crumbs(known: tree.Tree, product: Product) -> list[tuple[str, str]]:
    branch = known.get(product.category_id)
    trail = [*known.ancestors(branch), branch] if branch else []
    return [
        (_("Home"), "/"),
        *((b.name, b.url) for b in trail),
        (product.title, ""),
    ]


def _pictures(product: Product, variant: Variant | None) -> list:
    """The chosen variant's own picture first, each picture once."""
    first = [variant.picture] if variant and variant.picture else []
    further = [image.picture for image in product.secondary_images]
    pictures = [*first, product.main_image, *further]
    return list(dict.fromkeys(p for p in pictures if p))


def _details(product: Product, variant: Variant | None) -> list[tuple[str, str]]:
    words: dict[str, list[str]] = {}
    own = variant.chosen if variant else []
    for value in [*_own_values(product), *own]:
        labels = words.setdefault(value.attribute.name, [])
        if value.label not in labels:
            labels.append(value.label)
    details = [(name, ", ".join(labels)) for name, labels in words.items()]
    if product.brand:
        details.append((_("Workshop"), product.brand.name))
    if variant and variant.weight_g:
        details.append((_("Weight"), _weight(variant.weight_g)))
    if variant:
        details.append((_("Article"), variant.sku))
    return details


def _own_values(product: Product) -> list[AttributeValue]:
    """Those that shoppers can filter by; of a preview as they are drafted."""
    if hasattr(product, "filterable_attributes"):
        return [own.value for own in product.filterable_attributes]
    values = map(value_from, getattr(product, "own_values", ()))
    return [value for value in values if value.attribute.is_filterable]


def _weight(grams: int) -> str:
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.1f} kg"
