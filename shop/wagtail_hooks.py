from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSetGroup
from wagtail_modeladmin.options import modeladmin_register

from shop.models import Product, SalePrice, Stock, Variant
from shop.office.catalogue import AttributeViewSet, BrandViewSet, CategoryViewSet
from shop.office.low_stock import LowStockPanel
from shop.office.many_action import ManyAction
from shop.office.permissions import Kept
from shop.office.products import ProductViewSet
from shop.office.sales import SalePricePolicy, SalePriceViewSet
from shop.office.searching import (
    PinnedSearchViewSet,
    SearchedAdmin,
    SynonymViewSet,
)
from shop.office.sheets import SheetViewSet
from shop.office.sorting import refuse_to_delete
from shop.office.stock import StockViewSet
from shop.office.variants import VariantViewSet

for model in (Product, Variant, Stock):
    register_permission_policy(model, Kept(model), exact_class=True)
register_permission_policy(SalePrice, SalePricePolicy(SalePrice), exact_class=True)

modeladmin_register(SearchedAdmin)


@hooks.register("register_bulk_action")
class ChangeMany(ManyAction):
    """Beneath the list of products, where rows are ticked."""


@hooks.register("before_delete_snippet")
def keep_what_is_used(request, instances):
    return refuse_to_delete(request, instances)


@hooks.register("register_log_actions")
def log_changes_of_many(actions):
    actions.register_action(
        "shop.change_prices", _("Change prices"), _("Prices changed with others")
    )


@hooks.register("construct_homepage_panels")
def show_low_stock(request, panels):
    if request.user.has_perm("shop.view_stock"):
        panels.append(LowStockPanel())


@register_snippet
class ShopViewSetGroup(SnippetViewSetGroup):
    """The menu "Shop"."""

    menu_label = _("Shop")
    menu_name = "shop"
    menu_icon = "tag"
    menu_order = 200
    items = (
        ProductViewSet,
        VariantViewSet,
        SalePriceViewSet,
        StockViewSet,
        SheetViewSet,
        CategoryViewSet,
        BrandViewSet,
        AttributeViewSet,
        SynonymViewSet,
        PinnedSearchViewSet,
    )
