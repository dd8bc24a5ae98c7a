"""Doors to the catalog. The same for everyone: no session, no user, no cookie."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from home import cacheable
from shop import searches, tree
from shop.choices import Choices
from shop.headings import headings
from shop.listing import Listing
from shop.models import Product
from shop.product_page import product_context
from shop.queries import get_catalog_queryset, get_product_queryset
from shop.structured_data import product_json_ld
from shop.suggestions import suggest
from shop.words import typed


def index(request: HttpRequest) -> HttpResponse:
    return _list(request, tree.current(), action=reverse("shop:index"))


def category(request: HttpRequest, url_path: str) -> HttpResponse:
    known = tree.current()
    branch = known.find(url_path)
    if branch is None:
        raise Http404("No such category.")
    return _list(request, known, branch, action=branch.url)


def search(request: HttpRequest) -> HttpResponse:
    return _list(request, tree.current(), action=reverse("shop:search"))


def suggestions(request: HttpRequest) -> HttpResponse:
    suggested = suggest(typed(request.GET.get("q", "")), tree.current())
    return _public(render(request, "shop/suggestions.html", {"suggested": suggested}))


def _list(
    request: HttpRequest, known: tree.Tree, branch=None, *, action: str
) -> HttpResponse:
    is_search = action == reverse("shop:search")
    if request.GET.get("q") and not is_search:
        choices = Choices.from_query(request.GET, known.offered(None))
        return _led_to(choices, reverse("shop:search"))
    facets = known.offered(branch)
    choices = Choices.from_query(request.GET, facets)
    if not choices.is_as_written(request.GET, facets):
        return _led_to(choices, action)
    listing = Listing(choices, known, action, branch, now=timezone.now())
    if choices.q and not choices.is_filtered and choices.page == 1:
        searches.note(choices.q, listing.total, today=timezone.localdate())
    context = {
        "listing": listing,
        "branch": branch,
        "crumbs": _crumbs(known, branch, is_search),
        **headings(branch, choices, facets, is_search=is_search),
    }
    return _public(render(request, "shop/list.html", context))


def _led_to(choices: Choices, action: str) -> HttpResponse:
    """For good, but never kept: what a value means may change."""
    response = redirect(choices.url(action, page=choices.page), permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


def _crumbs(known: tree.Tree, branch, is_search: bool) -> list[tuple[str, str]]:
    crumbs = [(_("Home"), "/")]
    if is_search:
        return [*crumbs, (_("Search"), "")]
    if branch is None:
        return [*crumbs, (_("Shop"), "")]
    above = [(b.name, b.url) for b in known.ancestors(branch)]
    return [*crumbs, (_("Shop"), reverse("shop:index")), *above, (branch.name, "")]


def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_product_queryset().filter(slug=slug).first()
    if found is None:
        raise Http404("No such product.")
    return _public(_product_page(request, found))


def product_with_error(request: HttpRequest, sku: str, message: str) -> HttpResponse:
    """The product page of a SKU with what went wrong, status 422.

    Raises:
        Http404: nobody sells that SKU.
    """
    found = get_catalog_queryset().filter(variants__sku=sku).first()
    if found is None:
        raise Http404("No such piece.")
    response = _product_page(request, found, sku=sku, add_error=message)
    response.status_code = 422
    response["Cache-Control"] = "no-store"
    return response


def _product_page(request, found: Product, *, sku="", add_error="") -> HttpResponse:
    context = product_context(found, request.GET, sku=sku, now=timezone.now())
    context["json_ld"] = product_json_ld(request, found, context["picker_variants"])
    if add_error:
        context["add_error"] = add_error
        context["typed_quantity"] = request.POST.get("quantity", "")
    return render(request, "shop/product.html", context)


def _public(response: HttpResponse) -> HttpResponse:
    """The catalog's own pages: what editors publish is only the frame round them."""
    return cacheable.public(response, is_frame_only=True)
