"""What pieces refer to: categories, workshops, attributes and warehouses.

Made where missing, found by their slugs otherwise; nothing that is there is changed.
"""

from dataclasses import dataclass

from django.utils.text import slugify

from home.models import Picture
from shop.demo import sources
from shop.models import Attribute, AttributeValue, Brand, Category, Synonym, Warehouse

SYNONYMS = (
    "throw, blanket",
    "cushion, pillow",
    "planter, flowerpot, flower pot",
    "laundry basket, laundry hamper",
    "candlestick, candlesticks, candle stand",
    # What a glaze is called by who has not read the label. A rule for each: what stands
    # in one rule together is taken for the same.
    *("blue, ink", "blue, sea", "green, moss", "green, sage", "white, chalk"),
    *("white, cream", "white, oat", "beige, oat", "beige, sand", "pink, blush"),
    *("yellow, ochre", "black, charcoal", "red, rust", "orange, terracotta"),
)


@dataclass(frozen=True)
class Catalogue:
    """Primary keys by the names that pieces use."""

    categories: dict[str, int]
    brands: dict[str, int]
    values: dict[tuple[str, str], int]
    lisbon: int
    porto: int


def lay_out(pictures: dict[str, Picture]) -> Catalogue:
    lisbon, porto = _warehouses()
    _synonyms()
    return Catalogue(
        categories=_categories(pictures),
        brands=_brands(),
        values=_values(),
        lisbon=lisbon,
        porto=porto,
    )


def _synonyms() -> None:
    for words in SYNONYMS:
        Synonym.objects.get_or_create(words=words)


def _categories(pictures: dict[str, Picture]) -> dict[str, int]:
    known = {category.url_path: category for category in Category.objects.all()}
    for position, row in enumerate(sources.categories()):
        above, _, slug = row["path"].rpartition("/")
        if row["path"] not in known:
            known[row["path"]] = Category.objects.create(
                parent=known.get(above),
                name=row["name"],
                slug=slug,
                position=position,
                description=row["description"],
                picture=pictures[row["picture"]],
            )
    return {path: category.pk for path, category in known.items()}


def _brands() -> dict[str, int]:
    made = {}
    for workshop in sources.workshops():
        brand, _ = Brand.objects.get_or_create(
            slug=slugify(workshop.name),
            defaults={
                "name": workshop.name,
                "origin": f"{workshop.town}, {workshop.country}",
            },
        )
        made[workshop.name] = brand.pk
    return made


def _values() -> dict[tuple[str, str], int]:
    known = set(AttributeValue.objects.values_list("attribute__code", "slug"))
    for position, row in enumerate(sources.attributes()):
        attribute, _ = Attribute.objects.get_or_create(
            code=row["code"],
            defaults={
                "name": row["name"],
                "kind": row.get("kind", "choice"),
                "unit": row.get("unit", ""),
                "is_filterable": row.get("is_filterable", True),
                "is_option": row.get("is_option", False),
                "position": position,
            },
        )
        AttributeValue.objects.bulk_create(
            _value(attribute, order, *words)
            for order, words in enumerate(row["values"])
            if (row["code"], words[0]) not in known
        )
    rows = AttributeValue.objects.values_list("attribute__code", "slug", "pk")
    return {(code, slug): pk for code, slug, pk in rows}


def _value(
    attribute: Attribute, order: int, slug: str, label: str, swatch: str = ""
) -> AttributeValue:
    is_number = attribute.kind == Attribute.Kind.NUMBER
    return AttributeValue(
        attribute=attribute,
        sort_order=order,
        slug=slug,
        label=label,
        swatch=swatch,
        number=label.split()[0] if is_number else None,
    )


def _warehouses() -> tuple[int, int]:
    made = [
        Warehouse.objects.get_or_create(
            code=code, defaults={"name": name, "country": "PT", "priority": priority}
        )[0].pk
        for priority, (code, name) in enumerate(
            [("lisbon", "Lisbon workshop"), ("porto", "Porto store")]
        )
    ]
    return made[0], made[1]
