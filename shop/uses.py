"""Where a category, a workshop or a value is used. What is used is not deleted; it is
merged into another."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, ManyToManyRel, ManyToOneRel, Model, Q
from wagtail.models import ReferenceIndex

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


def uses(thing: Model) -> list[Use]:
    """Who uses it, drafts of products among them; empty where it can be deleted. Of an
    attribute: who uses one of its values."""
    if isinstance(thing, Attribute):
        return _together(use for value in thing.values.all() for use in uses(value))
    found: list[tuple[type[Model], int]] = [
        (Product, Product.objects.filter(named_by(thing)).distinct().count())
    ]
    for relation in relations(type(thing)):
        model, name = relation.related_model, relation.field.name
        if model not in OF_PRODUCTS:
            found.append((model, model._base_manager.filter(**{name: thing}).count()))
    found += _blocks(thing)
    return _together(Use(_words(model), count) for model, count in found if count)


def named_by(thing: Model) -> Q:
    """Which products have it in their row, in a variant or in their draft."""
    drafted = in_drafts(thing, "latest_revision__content")
    if isinstance(thing, AttributeValue):
        of_rows = Q(attribute_values__value=thing) | Q(variants__options=thing)
        return of_rows | drafted
    return Q(**{_field(thing): thing}) | drafted


def in_drafts(thing: Model, content: str) -> Q:
    """Which drafts of products name it; ``content`` is the way to what they hold."""
    if isinstance(thing, AttributeValue):
        rows = [{"value": thing.pk}]
        return Q(**{f"{content}__attribute_values__contains": rows})
    return Q(**{f"{content}__{_field(thing)}": thing.pk})


def in_pages(thing: Model):
    """References from pages, layout blocks and the like, in which it was chosen."""
    pointing = {relation.related_model for relation in relations(type(thing))}
    known = ContentType.objects.get_for_models(*pointing, *OF_PRODUCTS).values()
    references = ReferenceIndex.get_references_to(thing)
    return references.exclude(base_content_type__in=known)


def _field(thing: Model) -> str:
    return "category" if isinstance(thing, Category) else "brand"


def _blocks(thing: Model) -> list[tuple[type[Model], int]]:
    counts = (
        in_pages(thing)
        .values_list("base_content_type")
        .annotate(count=Count("object_id", distinct=True))
    )
    return [
        (model, count)
        for pk, count in counts.order_by()
        if (model := ContentType.objects.get_for_id(pk).model_class())
    ]


def _together(found: Iterable[Use]) -> list[Use]:
    counts: Counter[str] = Counter()
    for use in found:
        counts[use.words] += use.count
    return [Use(words, count) for words, count in counts.items()]


def _words(model: type[Model]) -> str:
    return str(model._meta.verbose_name_plural)
