"""Promotions, with their codes, and which orders have them."""

from django.contrib import admin
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from checkout.models import Promotion, Redemption
from home.records import moment
from shop.money import written
from shop.office.amounts import MoneyRecordAdmin


def value_words(promotion: Promotion) -> str:
    """Ten per cent, an amount, or what else it gives."""
    if promotion.kind == Promotion.Gives.PERCENT:
        return f"{promotion.value.normalize():f} %"
    if promotion.kind == Promotion.Gives.AMOUNT:
        return written(promotion.value, promotion.currency)
    return str(promotion.get_kind_display())


def uses_words(promotion) -> str:
    if promotion.most_uses is None:
        return str(promotion.uses)
    return _("%(uses)d of %(most)d") % {
        "uses": promotion.uses,
        "most": promotion.most_uses,
    }


class PromotionIndexView(IndexView):
    """The list, with the orders that hold each or have used it."""

    def get_base_queryset(self):
        kept = ~Q(redemptions__state=Redemption.State.RELEASED)
        listed = super().get_base_queryset()
        return listed.annotate(uses=Count("redemptions", filter=kept))


class PromotionViewSet(ModelViewSet):
    model = Promotion
    index_view_class = PromotionIndexView
    name = "promotions"
    icon = "tag"
    menu_label = _("Promotions")
    list_display = [
        "name",
        "code",
        Column("value", label=_("Gives"), accessor=value_words),
        Column("uses", label=_("Orders"), accessor=uses_words),
        "ends_at",
        BooleanColumn("is_active", label=_("Switched on")),
    ]
    list_filter = ["kind", "is_active"]
    search_fields = ["name", "code"]
    search_backend_name = None
    ordering = ["priority", "pk"]
    copy_view_enabled = False


class RedemptionAdmin(MoneyRecordAdmin):
    model = Redemption
    base_url_path = "redemptions"
    menu_icon = "tag"
    menu_label = _("Promotions in orders")
    list_display = ["when", "promotion", "order", "state", "taken_off"]
    list_filter = ["state"]
    list_select_related = ["promotion", "order"]
    list_export = ["held_at", "promotion", "order", "state", "amount", "currency"]
    search_fields = ["order__number", "promotion__code", "promotion__name"]
    inspect_view_fields = ["held_at", "changed_at", "promotion", "order", "state"]
    export_filename = "redemptions"

    @staticmethod
    @admin.display(description=_("when"), ordering="held_at")
    def when(redemption: Redemption) -> str:
        return moment(redemption.held_at)

    @staticmethod
    @admin.display(description=_("taken off"), ordering="amount")
    def taken_off(redemption: Redemption) -> str:
        return written(redemption.amount, redemption.currency)
