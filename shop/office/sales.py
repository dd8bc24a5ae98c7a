"""Sale prices in the admin: planned ahead, true at their hour."""

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from home.keys import is_key
from home.records import moment
from shop.models import SalePrice, Variant
from shop.money import quantise, written
from shop.prices import apply_due

State = SalePrice.State
# What has been true stays as it was.
OPEN = {
    State.PLANNED: ["variant", "price", "starts_at", "ends_at"],
    State.RUNNING: ["ends_at"],
    State.OVER: [],
}


class VariantField(forms.ModelChoiceField):
    """By SKU: a list of all variants would be no help."""

    def __init__(self, **kwargs):
        super().__init__(
            Variant.objects.select_related("product"),
            to_field_name="sku",
            widget=forms.TextInput,
            label=_("SKU"),
            error_messages={"invalid_choice": _("There is no such SKU.")},
            **kwargs,
        )


class SalePriceForm(WagtailAdminModelForm):
    """Plans a sale, or ends one. A start or an end that has passed becomes now."""

    variant = VariantField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.variant_id:
            self.initial["variant"] = self.instance.variant.sku
        for name in set(self.fields) - set(OPEN[self.instance.state]):
            self.fields[name].disabled = True

    def clean(self):
        cleaned = super().clean()
        now, state = timezone.now(), self.instance.state
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and state == State.PLANNED:
            cleaned["starts_at"] = max(starts_at, now)
        if ends_at and state == State.RUNNING:
            cleaned["ends_at"] = max(ends_at, now)
        elif ends_at and starts_at and ends_at <= cleaned["starts_at"]:
            self.add_error("ends_at", _("It must end after it begins."))
        self._refuse_no_reduction(cleaned)
        return cleaned

    def _refuse_no_reduction(self, cleaned) -> None:
        variant, price = cleaned.get("variant"), cleaned.get("price")
        if self.instance.state != State.PLANNED or variant is None or price is None:
            return
        cleaned["price"] = price = quantise(price, variant.currency)
        if not 0 <= price < variant.usual_price:
            usual = written(variant.usual_price, variant.currency)
            sentence = _("Write less than the regular price, %(price)s.")
            self.add_error("price", sentence % {"price": usual})

    def save(self, commit=True):
        """Locks the variant. A sale that has begun or ended since the form was opened
        keeps what has been true."""
        sale = self.instance
        with transaction.atomic():
            rows = Variant.objects.select_for_update(of=("self",), no_key=True)
            rows.get(pk=sale.variant_id)
            if sale.pk is None:
                sale.save()
            else:
                state = SalePrice.objects.values_list("state", flat=True).get(
                    pk=sale.pk
                )
                sale.save(update_fields=OPEN[state])
            apply_due(now=timezone.now(), variant=sale.variant_id)
        return sale


class SalePricePolicy(ModelPermissionPolicy):
    """What has been true is not deleted."""

    def user_has_permission_for_instance(self, user, action, instance):
        may = super().user_has_permission_for_instance(user, action, instance)
        return may and (action != "delete" or instance.state == State.PLANNED)


class SalePriceAddView(generic.CreateView):
    """Begins with the variant named in the address, when there is one."""

    def get_initial_form_instance(self):
        sale = super().get_initial_form_instance() or SalePrice()
        variant_id = self.request.GET.get("variant", "")
        if is_key(variant_id):
            sale.variant = Variant.objects.filter(pk=variant_id).first()
        return sale


class SalePriceDeleteView(generic.DeleteView):
    def get_queryset(self):
        """What is not planned any more is not found."""
        return SalePrice.objects.filter(state=State.PLANNED)


class SalePriceIndexView(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("variant__product")


class SalePriceFilters(WagtailFilterSet):
    class Meta:
        model = SalePrice
        fields = ["state"]


class SalePriceViewSet(ModelViewSet):
    model = SalePrice
    name = "sale_prices"
    icon = "date"
    menu_label = _("Sale prices")
    index_view_class = SalePriceIndexView
    add_view_class = SalePriceAddView
    delete_view_class = SalePriceDeleteView
    list_display = [
        "variant",
        Column("product", accessor="variant.product", label=_("Product")),
        Column(
            "price",
            accessor=lambda s: written(s.price, s.variant.currency),
            label=_("Sale price"),
        ),
        Column("starts_at", accessor=lambda s: moment(s.starts_at), label=_("Begins")),
        Column("ends_at", accessor=lambda s: moment(s.ends_at), label=_("Ends")),
        Column("state", accessor="get_state_display", label=_("State")),
    ]
    filterset_class = SalePriceFilters
    search_fields = ["variant__sku", "variant__product__title"]
    ordering = ["-starts_at", "-pk"]
    copy_view_enabled = False
    inspect_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("variant"),
            FieldPanel(
                "price",
                help_text=_(
                    "In the currency of the variant. If the regular price falls below"
                    " it meanwhile, that counts."
                ),
            ),
            FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        ],
        base_form_class=SalePriceForm,
    )
