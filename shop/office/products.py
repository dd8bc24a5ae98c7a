"""Products in the admin: the story is edited here, and published like a page."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Prefetch
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_filters import BooleanFilter
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import ObjectList, Panel, TabbedInterface
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.models import Revision
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from home.spreadsheets import HarmlessExport
from shop.models import Product, SalePrice, Variant
from shop.money import written
from shop.office.amounts import AmountsInPlaces


class PictureColumn(Column):
    """A small square of the product's main picture, from the cuts that are there."""

    cell_template_name = "shop/office/picture_cell.html"

    def get_value(self, instance):
        picture = instance.main_image
        sources = picture.cuts.get("card") if picture else None
        return sources[0][0] if sources else ""


def price_words(product: Product) -> str:
    if product.current_price is None:
        return ""
    words = written(product.current_price, product.currency)
    return _("from %(price)s") % {"price": words} if product.has_price_range else words


def is_live(product: Product) -> bool:
    return product.live


def status_words(product: Product) -> str | Promise:
    """As Wagtail says it, without its query for each row: ``is_scheduled`` comes with
    the list."""
    if product.is_scheduled:
        return _("live + scheduled") if product.live else _("scheduled")
    if product.live:
        return _("live + draft") if product.has_unpublished_changes else _("live")
    return _("expired") if product.expired else _("draft")


def scheduled() -> Exists:
    """Whether a revision of the product waits for its hour."""
    waiting = Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Product),
        object_id=Cast(OuterRef("pk"), CharField()),
        approved_go_live_at__isnull=False,
    )
    return Exists(waiting)


class ProductFilters(WagtailFilterSet):
    in_stock = BooleanFilter(
        field_name="stock_quantity",
        lookup_expr="gt",
        label=_("In stock"),
        method="stocked",
    )
    reduced = BooleanFilter(
        field_name="compare_at_price",
        lookup_expr="isnull",
        exclude=True,
        label=_("Reduced"),
    )

    class Meta:
        model = Product
        fields = ["category", "brand", "live"]

    def stocked(self, queryset, name, value):
        return queryset.filter(**{f"{name}__{'gt' if value else 'exact'}": 0})


class VariantsPanel(Panel):
    """The product's variants with price and stock, and the way to each."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "shop/office/variants_panel.html"

        def get_context_data(self, parent_context=None):
            context = super().get_context_data(parent_context)
            of_product = Variant.objects.filter(product=self.instance.pk)
            planned = SalePrice.objects.ahead().order_by("starts_at", "pk")
            return context | {
                "variants": of_product.with_pieces().prefetch_related(
                    Prefetch("sales", planned, to_attr="sales_ahead")
                ),
                "may_plan": self.request.user.has_perm("shop.add_saleprice"),
                "may_change": self.request.user.has_perm("shop.change_variant"),
                "may_add": self.request.user.has_perm("shop.add_variant"),
                "add_url": f"{reverse('variants:add')}?product={self.instance.pk}",
            }


class ProductIndexView(AmountsInPlaces, HarmlessExport, IndexView):
    """The list of products, with a harmless export."""


class ProductViewSet(SnippetViewSet):
    model = Product
    index_view_class = ProductIndexView
    icon = "tag"
    menu_label = _("Products")
    list_display = [
        "title",
        PictureColumn("picture", label=_("Picture")),
        "category",
        Column(
            "price", label=_("Price"), accessor=price_words, sort_key="current_price"
        ),
        Column("stock_quantity", label=_("In stock"), sort_key="stock_quantity"),
        StatusTagColumn(
            "status", accessor=status_words, label=_("Status"), primary=is_live
        ),
    ]
    filterset_class = ProductFilters
    # By the listing's own words, which hold SKUs, category and workshop too.
    search_backend_name = None
    search_fields = ["title", "search_text"]
    ordering = ["-created_at", "-pk"]
    list_per_page = 25
    copy_view_enabled = False
    list_export = [
        "title",
        "slug",
        "category",
        "brand",
        "current_price",
        "currency",
        "stock_quantity",
        "live",
    ]
    edit_handler = TabbedInterface(
        [
            ObjectList(Product.story_panels, heading=_("Story")),
            ObjectList([VariantsPanel()], heading=_("Variants")),
            ObjectList(Product.more_panels, heading=_("More")),
        ]
    )

    def get_queryset(self, request):
        unseen = ("description", "search_text", "search_vector")
        products = Product.objects.select_related(
            "category", "brand", "main_image", "latest_revision"
        )
        return products.defer(*unseen).annotate(is_scheduled=scheduled())
