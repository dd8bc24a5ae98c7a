"""The page that changes many products of the list: what to do, what that would do to
each of them, and only then the deed."""

from collections.abc import Collection, Mapping, Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.auth import permission_denied
from wagtail.permissions import policy_registry

from shop.bulk import prices, status
from shop.bulk.together import MOST, PlanChanged
from shop.models import Product, Variant
from shop.office.many_forms import ManyForm, packed, unpacked
from shop.office.many_rows import Shown, summary
from shop.office.selection import has_rows, selected

# So few products are offered one by one; so many rows of a plan fill a page.
FEW = 50
ROWS = 100
FORM = ("way", "by", "ending", "page", "id", "picked", "next")


def may_price(user, variant: Variant | None = None) -> bool:
    return _may(user, "change", Variant, variant)


def may_publish(user, product: Product | None = None) -> bool:
    return _may(user, "publish", Product, product)


def may_change_some(user) -> bool:
    return may_price(user) or may_publish(user)


def _may(user, action: str, model, instance) -> bool:
    policy = policy_registry.get_by_type(model)
    if instance is None:
        return policy.user_has_permission(user, action)
    return policy.user_has_permission_for_instance(user, action, instance)


@require_http_methods(["GET", "HEAD", "POST"])
def change_many(request) -> HttpResponse:
    """GET asks and shows what would happen; POST has it happen as it was shown."""
    user = request.user
    if not may_change_some(user):
        return permission_denied(request)
    ids = list(selected(request).values_list("pk", flat=True)[: MOST + 1])
    form = ManyForm(
        request.GET if "way" in request.GET else None,
        may_price=may_price(user),
        may_publish=may_publish(user),
    )
    if not 0 < len(ids) <= MOST or not form.is_valid():
        return _page(request, ids, form, status=422 if form.is_bound else 200)
    if request.method != "POST":
        return _plan_page(request, ids, form)
    seen = unpacked(request.POST.get("seen", ""))
    try:
        done = _apply(ids, form, seen, user)
    except PlanChanged:
        return _plan_page(request, ids, form, seen)
    said = ngettext("%(n)d changed.", "%(n)d changed.", done) % {"n": done}
    messages.success(request, said)
    return HttpResponseRedirect(_list_url(request), status=303)


def _plan(ids: Collection[int], form: ManyForm, user) -> Sequence:
    if rule := form.rule:
        return prices.plan(ids, rule, may=lambda variant: may_price(user, variant))
    return status.plan(
        ids,
        to_live=form.to_live,
        may=lambda product: may_publish(user, product),
        by=user,
    )


def _apply(
    ids: Collection[int], form: ManyForm, seen: Mapping[int, str], by: AbstractBaseUser
) -> int:
    """
    Raises:
        PlanChanged
    """
    now = timezone.now()
    if rule := form.rule:
        return prices.apply(
            ids,
            rule,
            seen=seen,
            may=lambda variant: may_price(by, variant),
            by=by,
            now=now,
        )
    return status.apply(
        ids,
        to_live=form.to_live,
        seen=seen,
        may=lambda product: may_publish(by, product),
        by=by,
        now=now,
    )


def _plan_page(
    request, ids: Collection[int], form: ManyForm, seen: Mapping[int, str] | None = None
) -> HttpResponse:
    """What would happen; with what was ``seen`` when it was confirmed, what is another
    than it was comes first."""
    rows = _plan(ids, form, request.user)
    shown = Shown(form.rule, seen, timezone.now())
    page = Paginator(sorted(rows, key=shown.place), ROWS).get_page(
        request.GET.get("page")
    )
    here = request.GET.copy()
    here.pop("page", None)
    return _page(
        request,
        ids,
        form,
        status=200 if seen is None else 409,
        plan=page,
        rows=shown.rows(page),
        summary=summary(rows),
        differing=shown.differing(rows),
        seen=packed(rows),
        is_changed=seen is not None,
        plan_url=f"{request.path}?{here.urlencode()}",
    )


def _page(
    request, ids: Collection[int], form: ManyForm, *, status: int, **more
) -> HttpResponse:
    products = Product.objects.filter(pk__in=ids).order_by("title", "pk")
    offered = products.only("title") if len(ids) <= FEW else None
    kept = [
        (name, value)
        for name in request.GET.keys() - set(FORM)
        for value in request.GET.getlist(name)
    ]
    if offered is None and has_rows(request.GET):
        kept += [("id", str(pk)) for pk in ids]
    context = {
        "form": form,
        "count": len(ids),
        "most": MOST,
        "offered": offered,
        "kept": kept,
        "list_url": _list_url(request),
        "header_icon": "tag",
        "page_title": _("Change many"),
    }
    return render(request, "shop/office/many.html", context | more, status=status)


def _list_url(request) -> str:
    """The list as it was filtered."""
    asked = request.GET.copy()
    for name in FORM:
        asked.pop(name, None)
    url = reverse(Product.snippet_viewset.get_url_name("list"))
    return f"{url}?{asked.urlencode()}" if asked else url
