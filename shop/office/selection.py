"""Which products of the admin's list are meant: some of its rows, or all that its
filters and its search leave."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter
from wagtail.admin.filters import WagtailFilterSet

from home.keys import is_key
from shop.models import Product

# The listing's own words hold SKUs, category and workshop too.
SEARCHED = ["title", "search_text"]
# Rows of one page of the list at most, as an address names them.
MOST_ROWS = 200


class ProductFilters(WagtailFilterSet):
    in_stock = BooleanFilter(
        field_name="stock_quantity",
        lookup_expr="gt",
        label=_("In stock"),
        method="stocked",
    )
    reduced = BooleanFilter(
        field_name="compare_at_price",
        lookup_expr="isnull",
        exclude=True,
        label=_("Reduced"),
    )

    class Meta:
        model = Product
        fields = ["category", "brand", "live"]

    def stocked(self, queryset, name, value):
        return queryset.filter(**{f"{name}__{'gt' if value else 'exact'}": 0})


def selected(request: HttpRequest) -> QuerySet[Product]:
    """The products that the request's address means. Rows that are named count, unless
    "all" is among them; a filter that is not understood leaves nothing."""
    asked = request.GET
    products = Product.objects.order_by("title", "pk")
    if has_rows(asked):
        ids = [int(pk) for pk in asked.getlist("id") if is_key(pk)]
        return products.filter(pk__in=ids[:MOST_ROWS])
    filters = ProductFilters(asked, queryset=products, request=request)
    if not filters.is_valid():
        return products.none()
    words = asked.get("q", "").replace("\0", "").strip()
    found = Q()
    for field in SEARCHED if words else ():
        found |= Q(**{f"{field}__icontains": words})
    return filters.qs.filter(found)


def has_rows(asked: QueryDict) -> bool:
    """Whether single rows are meant; that may be none of those that were offered."""
    rows = asked.getlist("id")
    return "all" not in rows and bool(rows or "picked" in asked)
