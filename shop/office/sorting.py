"""What products are sorted by is not deleted while it is used, and can be merged into
another of its kind."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.permissions import policy_registry

from shop.models import Attribute, AttributeValue, Brand, Category
from shop.uniting import CannotUnite, unite
from shop.uses import Use, products_by_value, uses

SORTING = (Category, Brand, Attribute)


def merge_url(thing: Model) -> str:
    """Where it is merged into another; of an attribute, where its values are."""
    if isinstance(thing, AttributeValue):
        return reverse("wagtailsnippets_shop_attribute:merge_value", args=[thing.pk])
    name = "values" if isinstance(thing, Attribute) else "merge"
    return _url(thing, name, thing.pk)


def used(things: Sequence[Model]) -> list[tuple[Model, list[Use], str]]:
    """(thing, its uses, where to merge it) of those that are used."""
    found = [(thing, uses(thing), merge_url(thing)) for thing in things]
    return [row for row in found if row[1]]


def refuse_to_delete(request: HttpRequest, things: Sequence[Model]):
    """A page that says where they are used; None, where none of them is."""
    if not isinstance(things[0], SORTING) or not (rows := used(things)):
        return None
    context = {"rows": rows, "list_url": _list_url(things[0])}
    return render(request, "shop/office/used.html", context, status=409)


class OtherField(forms.ModelChoiceField):
    """Categories by their address: there may be bowls in two places."""

    def label_from_instance(self, other) -> str:
        return other.url_path if isinstance(other, Category) else str(other)


class MergeForm(forms.Form):
    def __init__(self, *args, thing: Model, **kwargs):
        super().__init__(*args, **kwargs)
        others = type(thing)._default_manager.exclude(pk=thing.pk)
        if isinstance(thing, AttributeValue):
            others = others.filter(attribute=thing.attribute_id)
        self.fields["into"] = OtherField(others, label=_("Merge into"))


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, model: type[Model], pk: int) -> HttpResponse:
    """Asks into which, and says what moves; on POST, moves it."""
    thing = get_object_or_404(model, pk=pk)
    if not _may_merge(request.user, thing):
        return permission_denied(request)
    form = MergeForm(request.POST if request.method == "POST" else None, thing=thing)
    if form.is_valid():
        into = form.cleaned_data["into"]
        try:
            n = unite(thing, into)
        except CannotUnite as refused:
            form.add_error(None, refused.args[0].label)
        else:
            said = _("%(one)s is merged into %(other)s; products: %(n)d.")
            messages.success(request, said % {"one": thing, "other": into, "n": n})
            return HttpResponseRedirect(_list_url(thing), status=303)
    context = {
        "form": form,
        "thing": thing,
        "uses": uses(thing),
        "list_url": _list_url(thing),
    }
    status = 422 if form.errors else 200
    return render(request, "shop/office/merge.html", context, status=status)


@require_safe
def values(request, pk: int) -> HttpResponse:
    """An attribute's values, how many products have each, and the way to merge it."""
    attribute = get_object_or_404(Attribute, pk=pk)
    if not policy_registry.get_by_type(Attribute).user_has_permission_for_instance(
        request.user, "change", attribute
    ):
        return permission_denied(request)
    products = products_by_value(attribute)
    rows = [
        (value, products.get(value.pk, 0), merge_url(value))
        for value in attribute.values.all()
    ]
    context = {"attribute": attribute, "rows": rows, "list_url": _list_url(attribute)}
    return render(request, "shop/office/values.html", context)


def _may_merge(user, thing: Model) -> bool:
    """Whoever may change and delete it; of values: the attribute."""
    owner = thing.attribute if isinstance(thing, AttributeValue) else thing
    policy = policy_registry.get_by_type(type(owner))
    return all(
        policy.user_has_permission_for_instance(user, action, owner)
        for action in ("change", "delete")
    )


def _list_url(thing: Model) -> str:
    if isinstance(thing, AttributeValue):
        return merge_url(thing.attribute)
    return _url(thing, "list")


def _url(thing: Any, name: str, *args) -> str:
    return reverse(type(thing).snippet_viewset.get_url_name(name), args=args)
