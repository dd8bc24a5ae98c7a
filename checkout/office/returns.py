"""Returns in the admin: which wait for an answer. They are answered at their order."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from checkout.models import Return
from home.records import RecordAdmin, moment


class ReturnAdmin(RecordAdmin):
    model = Return
    base_url_path = "returns"
    menu_icon = "rotate"
    menu_label = _("Returns")
    list_display = ["asked", "number", "status", "reason"]
    list_filter = ["status", "reason"]
    list_select_related = ["order"]
    list_export = ["asked_at", "order", "status", "reason", "closed_at"]
    search_fields = ["order__number", "order__email"]
    inspect_view_fields = ["order", "status", "reason", "words", "asked_at"]
    export_filename = "returns"

    @staticmethod
    @admin.display(description=_("asked"), ordering="asked_at")
    def asked(one: Return) -> str:
        return moment(one.asked_at)

    @staticmethod
    @admin.display(description=_("order"), ordering="order__number")
    def number(one: Return) -> str:
        url = reverse("orders_modeladmin_inspect", args=[one.order_id])
        return format_html('<a href="{}">{}</a>', url, one.order.number)
