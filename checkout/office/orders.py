"""Orders in the admin: listed, searched, looked at and exported, never typed over."""

from decimal import Decimal

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdminGroup
from wagtail_modeladmin.views import InspectView

from checkout.models import Order
from checkout.office.promotions import RedemptionAdmin
from home.records import moment
from shop.money import written
from shop.office.amounts import MoneyRecordAdmin
from shop.office.records import PriceChangeAdmin, StockMovementAdmin


class OrderInspectView(InspectView):
    """An order with its lines, address, totals and history."""

    def get_context_data(self, **kwargs):
        order = self.instance
        return super().get_context_data(
            order=order,
            order_lines=list(order.lines.all()),
            taxes=[(percent, Decimal(amount)) for percent, amount in order.taxes],
            events=list(order.events.select_related("by")),
            **kwargs,
        )


class OrderAdmin(MoneyRecordAdmin):
    model = Order
    base_url_path = "orders"
    menu_icon = "form"
    menu_label = _("Orders")
    inspect_view_class = OrderInspectView
    inspect_template_name = "checkout/office/order.html"
    list_display = ["number", "placed", "name", "country", "status", "shown_total"]
    whole_columns = ["status"]
    list_filter = ["status", "placed_at", "country"]
    list_export = [
        "number",
        "placed_at",
        "status",
        "email",
        "name",
        "company",
        "street",
        "flat",
        "postcode",
        "city",
        "country",
        "phone",
        "delivery_name",
        "currency",
        "lines_total",
        "discount_total",
        "delivery_total",
        "tax_total",
        "total",
    ]
    search_fields = ["number", "email", "name", "postcode", "city"]
    ordering = ["-placed_at", "-pk"]
    export_filename = "orders"

    @staticmethod
    @admin.display(description=_("placed"), ordering="placed_at")
    def placed(order: Order) -> str:
        return moment(order.placed_at)

    @staticmethod
    @admin.display(description=_("total"), ordering="total")
    def shown_total(order: Order) -> str:
        return written(order.total, order.currency)


class OrdersGroup(ModelAdminGroup):
    """The menu "Orders"."""

    menu_label = _("Orders")
    menu_icon = "form"
    menu_order = 210
    items = (OrderAdmin, RedemptionAdmin, StockMovementAdmin, PriceChangeAdmin)
