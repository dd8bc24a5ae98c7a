"""Orders found by what they say of themselves, and by the SKUs of their lines."""

from functools import reduce
from operator import or_

from django.db.models import Q
from wagtail_modeladmin.helpers import DjangoORMSearchHandler

from checkout import asked
from checkout.models import OrderLine


class OrderSearch(DjangoORMSearchHandler):
    """Every word has to be in one of the fields, or to begin a SKU. Lines are asked in
    a subquery: joined, an order would stand in the list once for each of them."""

    def search_queryset(self, queryset, search_term, **kwargs):
        for word in asked.plain(search_term).split():
            in_fields = (
                Q(**{f"{name}__icontains": word}) for name in self.search_fields
            )
            of_sku = OrderLine.objects.filter(sku__istartswith=word)
            queryset = queryset.filter(
                reduce(or_, in_fields, Q(pk__in=of_sku.values("order")))
            )
        return queryset
