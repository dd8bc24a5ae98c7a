"""Variants in the admin. A price goes through the ledger, whoever types it."""

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.snippets.widgets import AdminSnippetChooser

from home import goods
from home.keys import is_key
from shop.models import AttributeValue, Product, Variant
from shop.money import quantise, written
from shop.prices import change_price, record_price
from shop.relist import relist


class OptionField(forms.ModelMultipleChoiceField):
    """Values of the attributes by which variants differ."""

    def label_from_instance(self, value: AttributeValue) -> str:
        return f"{value.attribute}: {value}"


class VariantForm(WagtailAdminModelForm):
    """Saves everything but the price itself; the price is changed by its own rule."""

    options = OptionField(
        queryset=AttributeValue.objects.filter(attribute__is_option=True)
        .select_related("attribute")
        .order_by("attribute__position", "sort_order"),
        required=False,
        label=_("Option values"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["price"] = self.instance.usual_price

    def clean_options(self):
        options = self.cleaned_data["options"]
        attributes = [value.attribute_id for value in options]
        if len(set(attributes)) < len(attributes):
            raise forms.ValidationError(_("Choose one value of each attribute."))
        return options

    def clean(self):
        cleaned = super().clean()
        options = cleaned.get("options")
        if options and not cleaned.get("option_label"):
            cleaned["option_label"] = ", ".join(str(value) for value in options)
        return cleaned

    def save(self, commit=True):
        """Locks the variant, so that a price changed meanwhile is not written over."""
        now, is_new = timezone.now(), self.instance.pk is None
        asked = quantise(self.cleaned_data["price"], self.instance.currency)
        with transaction.atomic():
            self.instance.price = asked
            if not is_new:
                self._keep_present_price()
            self.instance.option_label = self.cleaned_data["option_label"]
            variant = super().save(commit=True)
            if is_new:
                record_price(variant, now=now)
            else:
                variant = change_price(variant.pk, asked, now=now)
            goods.changed()
            transaction.on_commit(lambda: relist([variant.product_id]))
        return variant

    def _keep_present_price(self) -> None:
        rows = Variant.objects.select_for_update(of=("self",), no_key=True)
        present = rows.get(pk=self.instance.pk)
        self.instance.price = present.price
        self.instance.compare_at_price = present.compare_at_price
        self.instance.regular_price = present.regular_price


class VariantFilters(WagtailFilterSet):
    product = ModelChoiceFilter(
        queryset=Product.objects.all(), widget=AdminSnippetChooser(Product)
    )

    class Meta:
        model = Variant
        fields = ["product", "is_active", "tax_class"]


class VariantAddView(generic.CreateView):
    """Begins with the product named in the address, when there is one."""

    def get_initial_form_instance(self):
        variant = super().get_initial_form_instance() or Variant()
        product_id = self.request.GET.get("product", "")
        if is_key(product_id):
            variant.product = Product.objects.filter(pk=product_id).first()
        return variant


class VariantIndexView(generic.IndexView):
    def get_base_queryset(self):
        return super().get_base_queryset().select_related("product")


class VariantViewSet(ModelViewSet):
    model = Variant
    name = "variants"
    icon = "list-ol"
    menu_label = _("Variants")
    index_view_class = VariantIndexView
    add_view_class = VariantAddView
    list_display = [
        "sku",
        "product",
        "option_label",
        Column(
            "price", accessor=lambda v: written(v.price, v.currency), label=_("Price")
        ),
        BooleanColumn("is_active", label=_("On sale")),
    ]
    filterset_class = VariantFilters
    search_fields = ["sku", "product__title"]
    ordering = ["sku"]
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("product"),
            FieldRowPanel([FieldPanel("sku"), FieldPanel("is_active")]),
            MultiFieldPanel(
                [FieldPanel("options"), FieldPanel("option_label")],
                heading=_("Options"),
            ),
            FieldPanel(
                "price",
                help_text=_(
                    "A lower price is shown as a reduction, with the lowest price of"
                    " the 30 days before. While a sale runs, this is the price after"
                    " it."
                ),
            ),
            FieldRowPanel([FieldPanel("tax_class"), FieldPanel("weight_g")]),
            FieldPanel("picture"),
            FieldPanel("position"),
        ],
        base_form_class=VariantForm,
    )
