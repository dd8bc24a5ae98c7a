"""The ledgers of stock and prices."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from home.records import RecordAdmin, moment
from shop.models import PriceChange, StockMovement, Warehouse
from shop.money import written
from shop.office.amounts import MoneyRecordAdmin


class WarehouseFilter(admin.SimpleListFilter):
    title = _("warehouse")
    parameter_name = "warehouse"

    def lookups(self, request, model_admin):
        return Warehouse.objects.values_list("code", "name")

    def queryset(self, request, queryset):
        code = self.value()
        return queryset.filter(stock__warehouse__code=code) if code else queryset


class StockMovementAdmin(RecordAdmin):
    model = StockMovement
    base_url_path = "stock-movements"
    menu_icon = "order"
    list_display = ["when", "sku", "warehouse", "kind", "on_hand", "reserved"]
    list_filter = ["kind", WarehouseFilter, "moved_at"]
    list_select_related = ["stock__variant", "stock__warehouse"]
    list_export = [
        "moved_at",
        "sku",
        "warehouse",
        "kind",
        "on_hand",
        "reserved",
        "order_line_id",
        "note",
    ]
    search_fields = ["stock__variant__sku", "note"]
    inspect_view_fields = [
        "moved_at",
        "stock",
        "kind",
        "on_hand",
        "reserved",
        "order_line_id",
        "note",
    ]
    export_filename = "stock-movements"

    @staticmethod
    @admin.display(description=_("when"), ordering="moved_at")
    def when(movement: StockMovement) -> str:
        return moment(movement.moved_at)

    @staticmethod
    @admin.display(description=_("SKU"))
    def sku(movement: StockMovement) -> str:
        return movement.stock.variant.sku

    @staticmethod
    @admin.display(description=_("warehouse"))
    def warehouse(movement: StockMovement) -> str:
        return movement.stock.warehouse.name


class PriceChangeAdmin(MoneyRecordAdmin):
    model = PriceChange
    base_url_path = "price-changes"
    menu_icon = "tag"
    list_display = ["when", "sku", "title", "shown_price"]
    list_filter = ["changed_at"]
    list_select_related = ["variant__product"]
    list_export = ["changed_at", "sku", "title", "price", "currency"]
    search_fields = ["variant__sku", "variant__product__title"]
    inspect_view_fields = ["changed_at", "variant", "price", "currency"]
    export_filename = "price-changes"

    @staticmethod
    @admin.display(description=_("from"), ordering="changed_at")
    def when(change: PriceChange) -> str:
        return moment(change.changed_at)

    @staticmethod
    @admin.display(description=_("SKU"))
    def sku(change: PriceChange) -> str:
        return change.variant.sku

    @staticmethod
    @admin.display(description=_("product"))
    def title(change: PriceChange) -> str:
        return change.variant.product.title

    @staticmethod
    @admin.display(description=_("price"))
    def shown_price(change: PriceChange) -> str:
        return written(change.price, change.currency)
