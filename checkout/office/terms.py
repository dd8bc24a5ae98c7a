"""How the shop delivers and taxes, and what it takes off."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from checkout.models import DeliveryMethod, TaxRate
from checkout.office.drops import DropViewSet
from checkout.office.promotions import PromotionViewSet
from shop.money import written


def free_from_words(method: DeliveryMethod) -> str:
    return "" if method.free_from is None else written(method.free_from)


class DeliveryMethodViewSet(ModelViewSet):
    model = DeliveryMethod
    name = "delivery-methods"
    icon = "mail"
    list_display = [
        "name",
        Column(
            "price", label=_("Price"), accessor=lambda method: written(method.price)
        ),
        Column("free_from", label=_("Free from"), accessor=free_from_words),
        BooleanColumn("is_active", label=_("Offered")),
    ]
    ordering = ["position", "pk"]
    copy_view_enabled = False


class TaxRateViewSet(ModelViewSet):
    model = TaxRate
    name = "tax-rates"
    icon = "table"
    list_display = ["country", "tax_class", "percent"]
    list_filter = ["tax_class"]
    ordering = ["country", "tax_class"]
    list_per_page = 60
    copy_view_enabled = False


class TermsGroup(ModelViewSetGroup):
    """The menu "Shop settings"."""

    menu_label = _("Shop settings")
    menu_name = "shop-settings"
    menu_icon = "sliders"
    menu_order = 220
    items = (PromotionViewSet, DropViewSet, DeliveryMethodViewSet, TaxRateViewSet)
