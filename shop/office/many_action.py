"""The way from ticked rows of the list of products to the page that changes many."""

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from shop.models import Product


class ManyAction(SnippetBulkAction):
    display_name = _("Change prices or status")
    aria_label = _("Change prices or status of selected products")
    action_type = "change_many"
    action_priority = 10
    models = [Product]

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseRedirect:
        url = reverse(Product.snippet_viewset.get_url_name("change_many"))
        return HttpResponseRedirect(f"{url}?{request.GET.urlencode()}")
