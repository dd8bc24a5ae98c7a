"""Doors to the catalog. The same for everyone: no session, no user, no cookie."""

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from home import cacheable
from shop import searches, tree
from shop.availability import availability, price_of_variant
from shop.choices import Choices
from shop.listing import Listing
from shop.models import AttributeValue, Product, Variant
from shop.picker import Picker
from shop.queries import get_catalog_queryset
from shop.structured_data import product_json_ld
from shop.suggestions import suggest
from shop.words import typed


def index(request: HttpRequest) -> HttpResponse:
    return _list(request, branch=None, action=reverse("shop:index"))


def category(request: HttpRequest, url_path: str) -> HttpResponse:
    branch = tree.current().find(url_path)
    if branch is None:
        raise Http404("No such category.")
    return _list(request, branch=branch, action=branch.url)


def search(request: HttpRequest) -> HttpResponse:
    return _list(request, branch=None, action=reverse("shop:search"))


def suggestions(request: HttpRequest) -> HttpResponse:
    suggested = suggest(typed(request.GET.get("q", "")), tree.current())
    return _public(render(request, "shop/suggestions.html", {"suggested": suggested}))


def _list(request: HttpRequest, *, branch, action: str) -> HttpResponse:
    known = tree.current()
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
        **_headings(branch, choices, is_search),
    }
    return _public(render(request, "shop/list.html", context))


def _led_to(choices: Choices, action: str) -> HttpResponse:
    """For good, but never kept: what a value means may change."""
    response = redirect(choices.url(action, page=choices.page), permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


def _headings(branch, choices: Choices, is_search: bool) -> dict[str, str]:
    if branch:
        heading, intro = branch.name, branch.description
    elif is_search and choices.q:
        heading, intro = _("“%(words)s”") % {"words": choices.q}, ""
    elif is_search:
        heading, intro = _("Search"), ""
    else:
        heading, intro = _("Shop"), _("Everything from every workshop, in one place.")
    return {"heading": heading, "page_title": heading, "intro": intro}


def _crumbs(known: tree.Tree, branch, is_search: bool) -> list[tuple[str, str]]:
    crumbs = [(_("Home"), "/")]
    if is_search:
        return [*crumbs, (_("Search"), "")]
    if branch is None:
        return [*crumbs, (_("Shop"), "")]
    above = [(b.name, b.url) for b in known.ancestors(branch)]
    return [*crumbs, (_("Shop"), reverse("shop:index")), *above, (branch.name, "")]


def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_catalog_queryset().filter(slug=slug).first()
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
    context = product_context(found, request.GET, sku=sku)
    context["json_ld"] = product_json_ld(request, found, context["picker_variants"])
    if add_error:
        context["add_error"] = add_error
        context["typed_quantity"] = request.POST.get("quantity", "")
    return render(request, "shop/product.html", context)


def product_context(product: Product, query=None, *, sku: str = "") -> dict:
    """What the product template reads: three queries, for variants, their options and
    their stock; the preview in the admin uses it as well."""
    variants = _variants(product)
    picker = Picker(variants, query or {})
    asked_for = next((v for v in variants if sku and v.sku == sku), None)
    if asked_for:
        picker.chosen = asked_for
    known = tree.current()
    return {
        "product": product,
        "crumbs": _product_crumbs(known, product),
        "pictures": _pictures(product, picker.chosen),
        "variant": picker.chosen,
        "picker": picker.groups,
        "picker_variants": variants,
        "variant_rows": picker.rows,
        "availability": availability(picker.chosen.pieces if picker.chosen else 0),
        "price": price_of_variant(picker.chosen) if picker.chosen else None,
        "details": _details(product, picker.chosen),
        "typed_quantity": "1",
    }


def _variants(product: Product) -> list[Variant]:
    options = AttributeValue.objects.select_related("attribute").order_by(
        "attribute__position", "sort_order", "pk"
    )
    return list(
        Variant.objects.filter(product=product.pk, is_active=True)
        .select_related("picture")
        .prefetch_related(Prefetch("options", queryset=options))
        .with_pieces()
        .with_sale(at=timezone.now())
        .order_by("position", "pk")
    )


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
    own = list(variant.options.all()) if variant else []
    for value in [*(a.value for a in product.filterable_attributes), *own]:
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


def _weight(grams: int) -> str:
    return f"{grams} g" if grams < 1000 else f"{grams / 1000:.1f} kg"


def _public(response: HttpResponse) -> HttpResponse:
    """The catalog's own pages: what editors publish is only the frame round them."""
    return cacheable.public(response, is_frame_only=True)
