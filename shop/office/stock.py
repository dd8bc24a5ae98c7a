"""Stock in the admin: pieces arrive, are counted or thrown away. Each is a movement."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from shop import inventory
from shop.models import Stock, StockMovement, Variant
from shop.relist import relist

Kind = StockMovement.Kind


class FirstCountForm(WagtailAdminModelForm):
    """Opens a variant's stock in a warehouse."""

    variant = forms.ModelChoiceField(
        queryset=Variant.objects.all(),
        label=_("SKU"),
        to_field_name="sku",
        widget=forms.TextInput,
    )
    on_hand = forms.IntegerField(label=_("Pieces counted"), min_value=0)

    def save(self, commit=True):
        self.instance = inventory.first_count(
            self.cleaned_data["variant"].pk,
            self.cleaned_data["warehouse"].pk,
            self.cleaned_data["on_hand"],
            now=timezone.now(),
        )
        relist([self.instance.variant.product_id])
        return self.instance


class MovementForm(WagtailAdminModelForm):
    """Moves pieces of one stock row. ``seen`` is what the page said was on hand: a
    count is refused when the row has changed since."""

    deed = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (Kind.RECEIVED, _("Pieces arrived")),
            (Kind.COUNTED, _("I counted them: this is how many there are")),
            (Kind.SCRAPPED, _("Pieces were thrown away")),
        ],
    )
    pieces = forms.IntegerField(label=_("Pieces"), min_value=0, max_value=1_000_000)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = self.instance.on_hand

    def save(self, commit=True):
        """
        Raises:
            NotEnoughStock, StockMoved
        """
        stock = self._move(timezone.now())
        relist([stock.variant.product_id])
        return stock

    def _move(self, now) -> Stock:
        deed, pieces = self.cleaned_data["deed"], self.cleaned_data["pieces"]
        note, stock_id = self.cleaned_data["note"], self.instance.pk
        if deed == Kind.COUNTED:
            seen = self.cleaned_data["seen"]
            return inventory.count(stock_id, pieces, seen=seen, now=now, note=note)
        signed = -pieces if deed == Kind.SCRAPPED else pieces
        return inventory.receive(stock_id, signed, now=now, kind=Kind(deed), note=note)


class MovementView(generic.EditView):
    produced_error_message = _("The stock was not changed.")

    def get_page_subtitle(self):
        return f"{self.object.variant}, {self.object.warehouse}"

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except inventory.NotEnoughStock:
            form.add_error("pieces", _("So many are not there, or they are reserved."))
        except inventory.StockMoved as moved:
            form.add_error(
                "pieces",
                _("Meanwhile there are %(n)d on hand. Please count again.")
                % {"n": moved.on_hand},
            )
        return self.form_invalid(form)


class StockFilters(WagtailFilterSet):
    class Meta:
        model = Stock
        fields = ["warehouse"]


class StockIndexView(generic.IndexView):
    def get_base_queryset(self):
        stock = super().get_base_queryset()
        return stock.select_related("variant__product", "warehouse")


class StockViewSet(ModelViewSet):
    model = Stock
    name = "stock"
    icon = "order"
    menu_label = _("Stock")
    index_view_class = StockIndexView
    edit_view_class = MovementView
    list_display = [
        "variant",
        Column("product", accessor="variant.product.title", label=_("Product")),
        Column("options", accessor="variant.option_label", label=_("Options")),
        "warehouse",
        "on_hand",
        "reserved",
        Column("available", label=_("Available")),
    ]
    filterset_class = StockFilters
    search_fields = ["variant__sku", "variant__product__title"]
    ordering = ["variant__sku", "warehouse"]
    copy_view_enabled = False
    # ``seen`` has no panel: hidden fields are written by themselves.
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [
                    FieldPanel("on_hand", read_only=True),
                    FieldPanel("reserved", read_only=True),
                ]
            ),
            FieldPanel("deed"),
            FieldPanel("pieces"),
            FieldPanel("note"),
        ],
        base_form_class=MovementForm,
    )
    first_count = ObjectList(
        [FieldPanel("variant"), FieldPanel("warehouse"), FieldPanel("on_hand")],
        base_form_class=FirstCountForm,
    )

    def get_add_view_kwargs(self, **kwargs):
        panel = self.first_count.bind_to_model(Stock)
        asked = {"panel": panel, "form_class": panel.get_form_class()}
        return super().get_add_view_kwargs(**asked | kwargs)
