"""Where a category, a workshop or a value is used. What is used is not deleted; it is
merged into another."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Count, ManyToManyRel, ManyToOneRel, Model, Q
from wagtail.models import ReferenceIndex, Revision

from shop.models import (
    Attribute,
    AttributeValue,
    Category,
    Product,
    ProductAttribute,
    Variant,
)

# How products are asked for; more than their rows may name it.
OF_PRODUCTS = (Product, ProductAttribute, Variant)

BY_VALUE = """
SELECT id, count(*) FROM (
    SELECT p.value_id, p.product_id FROM shop_productattribute p
    UNION
    SELECT o.attributevalue_id, v.product_id
    FROM shop_variant_options o JOIN shop_variant v ON v.id = o.variant_id
) had JOIN shop_attributevalue a ON a.id = had.value_id
WHERE a.attribute_id = %(attribute)s GROUP BY id
"""


@dataclass(frozen=True)
class Use:
    """``words`` name a kind of thing, of which ``count`` use it."""

    words: str
    count: int


def relations(model: type[Model]) -> list[ManyToOneRel | ManyToManyRel]:
    """What points to it from any room: keys, and lists of it. Tables between two
    others stand for the list that they are of."""
    return [
        field
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, ManyToOneRel | ManyToManyRel)
        and not field.related_model._meta.auto_created
    ]


def uses(*things: Model) -> list[Use]:
    """Who uses one of them, all of one kind, drafts of products among them; empty where
    they can be deleted. Of an attribute: who uses one of its values."""
    if isinstance(things[0], Attribute):
        things = tuple(AttributeValue.objects.filter(attribute__in=_keys(things)))
    if not things:
        return []
    found: list[tuple[type[Model], int]] = [
        (Product, Product.objects.filter(named_by(*things)).count())
    ]
    for relation in relations(type(things[0])):
        model, name = relation.related_model, relation.field.name
        if model not in OF_PRODUCTS:
            rows = model._base_manager.filter(**{f"{name}__in": things})
            found.append((model, rows.distinct().count()))
    found += _blocks(*things)
    return [Use(_words(model), count) for model, count in found if count]


def named_by(*things: Model) -> Q:
    """Which products have one of them in their row, in a variant or in their draft."""
    drafts = Revision.objects.filter(in_drafts(*things))
    drafted = Q(latest_revision__in=drafts.values("pk"))
    if isinstance(things[0], AttributeValue):
        own = ProductAttribute.objects.filter(value__in=_keys(things))
        of_variants = Variant.objects.filter(options__in=_keys(things))
        rows = Q(pk__in=own.values("product")) | Q(pk__in=of_variants.values("product"))
        return rows | drafted
    return Q(**{f"{_field(things[0])}__in": things}) | drafted


def in_drafts(*things: Model) -> Q:
    """Which revisions of products name one of them."""
    of_products = Q(base_content_type=ContentType.objects.get_for_model(Product))
    if isinstance(things[0], AttributeValue):
        named = [
            Q(content__attribute_values__contains=[{"value": value.pk}])
            for value in things
        ]
        return of_products & reduce(or_, named)
    return of_products & Q(**{f"content__{_field(things[0])}__in": _keys(things)})


def in_pages(*things: Model):
    """References from pages, layout blocks and the like, in which they were chosen."""
    pointing = {relation.related_model for relation in relations(type(things[0]))}
    known = ContentType.objects.get_for_models(*pointing, *OF_PRODUCTS).values()
    references = ReferenceIndex.get_references_to_in_bulk(things)
    return references.exclude(base_content_type__in=known)


def products_by_value(attribute: Attribute) -> dict[int, int]:
    """{value id: products that have it, themselves or in a variant}: one query."""
    with connection.cursor() as cursor:
        cursor.execute(BY_VALUE, {"attribute": attribute.pk})
        return dict(cursor.fetchall())


def _keys(things: Iterable[Model]) -> list:
    return [thing.pk for thing in things]


def _field(thing: Model) -> str:
    return "category" if isinstance(thing, Category) else "brand"


def _blocks(*things: Model) -> list[tuple[type[Model], int]]:
    counts = (
        in_pages(*things)
        .values_list("base_content_type")
        .annotate(count=Count("object_id", distinct=True))
    )
    return [
        (model, count)
        for pk, count in counts.order_by()
        if (model := ContentType.objects.get_for_id(pk).model_class())
    ]


def _words(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural)
