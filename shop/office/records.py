"""Ledgers: what can be looked at, searched and exported, and never changed."""

from collections.abc import Sequence

from django.contrib import admin
from django.contrib.admin.utils import lookup_field
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView

from shop.models import PriceChange, StockMovement, Warehouse
from shop.money import written
from shop.office.spreadsheets import HarmlessExport


class ReadOnly(PermissionHelper):
    """Looking needs the permission to view; nothing else is open to anyone."""

    def user_can_list(self, user):
        return self.user_has_specific_permission(user, self.get_perm_codename("view"))

    def user_can_inspect_obj(self, user, obj):
        return self.inspect_view_enabled and self.user_can_list(user)

    def user_can_create(self, user):
        return False

    def user_can_edit_obj(self, user, obj):
        return False

    def user_can_delete_obj(self, user, obj):
        return False


class PlainRows:
    """An export in which what is empty is empty and nothing is 0. Modeladmin's own
    writes a dash for both, as for eyes."""

    def to_row_dict(self, item):
        return {
            field: lookup_field(field, item, self.model_admin)[2]
            for field in self.list_export
        }


class RecordIndexView(HarmlessExport, PlainRows, IndexView):
    """A list that is filtered by the filters it offers and by no other word of the
    address: one could ask for a password's hash, letter by letter."""

    def get_filters(self, request):
        specs, has_filters, _unasked, is_distinct = super().get_filters(request)
        return specs, has_filters, {}, is_distinct


class RecordAdmin(ModelAdmin):
    """A ledger's page in the admin. ``whole_columns`` of its list never wrap."""

    whole_columns: Sequence[str] = ()

    permission_helper_class = ReadOnly
    index_view_class = RecordIndexView
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_extra_class_names_for_field_col(self, obj, field_name):
        """Short columns stay whole: a table squeezed by its filters would break words
        in the middle."""
        return ["w-whitespace-nowrap"] if field_name in self.whole_columns else []


def moment(value) -> str:
    """A time, short enough for a column: 22 Nov 2026, 17:27."""
    return date_format(localtime(value), "j M Y, H:i")


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


class PriceChangeAdmin(RecordAdmin):
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
