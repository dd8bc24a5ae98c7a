"""Merging a category, a workshop or a value into another of its kind: what had the one
has the other, drafts of products too, and the one is gone."""

from collections.abc import Callable

from django.db import transaction
from django.db.models import ManyToManyRel, ManyToOneRel, Model, Q, TextChoices
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision

from shop import relist
from shop.addresses import lead
from shop.models import AttributeValue, Category, Product, ProductAttribute
from shop.uses import in_drafts, in_pages, named_by, relations

AT_ONCE = 500


class Why(TextChoices):
    SAME = "same", _("That is the same one.")
    STRANGER = "stranger", _("Both must be of the same attribute.")
    HAS_KINDS = "has_kinds", _("There are categories in it. Move them first.")
    IN_PAGES = "in_pages", _("It was chosen in pages or blocks. Change them first.")


class CannotUnite(Exception):
    """``args[0]`` says ``Why``."""


def unite(thing: Model, into: Model) -> int:
    """Have everything that uses ``thing`` use ``into``, and delete it. Returns how many
    products that were. The address of a category leads to the other's.

    Locks both, then their products in primary-key order, until commit: nobody begins to
    use it meanwhile.

    Raises:
        CannotUnite
    """
    with transaction.atomic():
        both = type(thing)._base_manager.filter(pk__in=[thing.pk, into.pk])
        list(both.order_by("pk").select_for_update(of=("self",)))
        _refuse(thing, into)
        products = _locked(named_by(thing))
        for relation in relations(type(thing)):
            _move(relation, thing, into)
        _move_drafts(thing, into)
        if isinstance(thing, Category) and isinstance(into, Category):
            lead(thing.get_absolute_url(), into.get_absolute_url())
        thing.delete()
        relist.follow(products)
    return len(products)


def _refuse(thing: Model, into: Model) -> None:
    if thing == into:
        raise CannotUnite(Why.SAME)
    if _attribute_of(thing) != _attribute_of(into):
        raise CannotUnite(Why.STRANGER)
    if isinstance(thing, Category) and thing.children.exists():
        raise CannotUnite(Why.HAS_KINDS)
    if in_pages(thing).exists():
        raise CannotUnite(Why.IN_PAGES)


def _attribute_of(thing: Model) -> int | None:
    return thing.attribute_id if isinstance(thing, AttributeValue) else None


def _locked(which: Q) -> list[int]:
    ids = Product.objects.filter(which).values("pk")
    rows = Product.objects.filter(pk__in=ids).order_by("pk")
    rows = rows.select_for_update(of=("self",), no_key=True)
    return list(rows.values_list("pk", flat=True))


def _move(relation: ManyToOneRel | ManyToManyRel, thing: Model, into: Model) -> None:
    """What would have the other twice then has it once."""
    if isinstance(relation, ManyToManyRel) and relation.through:
        rows = relation.through._base_manager
        owner = relation.field.m2m_field_name()
        name = relation.field.m2m_reverse_field_name()
    else:
        rows, name = relation.related_model._base_manager, relation.field.name
        owner = "product" if relation.related_model is ProductAttribute else ""
    mine = rows.filter(**{name: thing})
    if owner:
        theirs = rows.filter(**{name: into}).values(owner)
        mine.filter(**{f"{owner}__in": theirs}).delete()
    mine.update(**{name: into})


def _move_drafts(thing: Model, into: Model) -> None:
    """Old versions too: whoever goes back to one finds the other in it."""
    drafts = Revision.objects.filter(in_drafts(thing))
    rename = _renaming(thing, into)
    for draft in drafts.only("content").iterator(AT_ONCE):
        rename(draft.content)
        Revision.objects.filter(pk=draft.pk).update(content=draft.content)


def _renaming(thing: Model, into: Model) -> Callable[[dict], None]:
    def in_list(content: dict) -> None:
        kept: list[dict] = []
        for row in content["attribute_values"]:
            row["value"] = into.pk if row["value"] == thing.pk else row["value"]
            if row["value"] not in {other["value"] for other in kept}:
                kept.append(row)
        content["attribute_values"] = kept

    def in_field(content: dict) -> None:
        content["category" if isinstance(thing, Category) else "brand"] = into.pk

    return in_list if isinstance(thing, AttributeValue) else in_field
