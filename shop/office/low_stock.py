"""What is running out, on the admin's first page."""

from django.db.models import Exists, F, OuterRef
from wagtail.admin.ui.components import Component

from shop.models import Stock, Variant
from shop.models.product import FEW

SHOWN = 8


def low_stock() -> list[Variant]:
    """Variants on sale with few ``pieces`` left or none, the most wanted first, each
    with its product. One query: only what has a nearly empty shelf somewhere is added
    up."""
    nearly_empty = Stock.objects.filter(
        variant=OuterRef("pk"),
        warehouse__is_active=True,
        on_hand__lte=F("reserved") + FEW,
    )
    low = (
        Variant.objects.purchasable()
        .filter(Exists(nearly_empty))
        .with_pieces()
        .filter(pieces__lte=FEW)
        .select_related("product")
        .only("sku", "option_label", "product__title")
    )
    return list(low.order_by("-product__popularity", "pk")[:SHOWN])


class LowStockPanel(Component):
    """For people who may see stock; ``shop/wagtail_hooks.py`` asks."""

    name = "low-stock"
    order = 42
    template_name = "shop/office/low_stock.html"

    def get_context_data(self, parent_context):
        return {"variants": low_stock()}
