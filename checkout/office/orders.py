"""Orders in the admin: listed, searched, looked at and exported, never typed over."""

from collections.abc import Iterable

from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.options import ModelAdminGroup
from wagtail_modeladmin.views import InspectView

from checkout import worth
from checkout.models import Invoice, Order, OrderEvent, OrderLine
from checkout.office import steps
from checkout.office.order_search import OrderSearch
from checkout.office.promotions import RedemptionAdmin
from checkout.office.returns import ReturnAdmin
from checkout.office.step_page import StepView
from home.records import moment
from shop.money import written
from shop.office.amounts import MoneyRecordAdmin
from shop.office.records import PriceChangeAdmin, StockMovementAdmin


class OrderInspectView(InspectView):
    """An order with its lines, address, totals and history."""

    def get_context_data(self, **kwargs):
        order = self.instance
        order_lines = list(order.lines.all())
        return super().get_context_data(
            order=order,
            order_lines=order_lines,
            taxes=order.tax_shares,
            events=_with_pieces(order.events.select_related("by"), order_lines),
            called_off=worth.called_off(order, order_lines).amount,
            refunds=list(order.refunds.all()),
            returns=list(order.returns.with_lines()),
            credit_notes=list(order.credit_notes.numbered()),
            invoice=Invoice.objects.select_related("series", "order")
            .filter(order=order)
            .first(),
            steps=steps.offered(order, self.request.user),
            **kwargs,
        )


def _with_pieces(events: Iterable[OrderEvent], lines: list[OrderLine]) -> list:
    """[(event, ["2 × SKU", …])]"""
    skus = {line.pk: line.sku for line in lines}
    return [
        (event, [f"{n} × {skus[line_id]}" for line_id, n in event.pieces])
        for event in events
    ]


class OrderAdmin(MoneyRecordAdmin):
    model = Order
    base_url_path = "orders"
    menu_icon = "form"
    menu_label = _("Orders")
    inspect_view_class = OrderInspectView
    inspect_template_name = "checkout/office/order.html"
    list_display = ["number", "placed", "name", "country", "status", "shown_total"]
    whole_columns = ["number", "status", "shown_total"]
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
    search_handler_class = OrderSearch
    ordering = ["-placed_at", "-pk"]
    export_filename = "orders"

    def get_admin_urls_for_registration(self):
        step = path(
            f"{self.base_url_path}/step/<int:instance_pk>/<slug:code>/",
            self.step_view,
            name=self.url_helper.get_action_url_name("step"),
        )
        return (*super().get_admin_urls_for_registration(), step)

    def step_view(self, request, instance_pk: int, code: str):
        view = StepView.as_view(model_admin=self, instance_pk=instance_pk, code=code)
        return view(request)

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
    items = (
        OrderAdmin,
        ReturnAdmin,
        RedemptionAdmin,
        StockMovementAdmin,
        PriceChangeAdmin,
    )
