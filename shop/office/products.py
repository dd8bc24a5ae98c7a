"""Products in the admin: the story is edited here, and published like a page."""

from django.db.models import Prefetch
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import ObjectList, Panel, TabbedInterface
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.snippets.views.snippets import IndexView, SnippetViewSet

from home.spreadsheets import HarmlessExport
from shop.models import Product, SalePrice, Variant
from shop.money import written
from shop.office.amounts import AmountsInPlaces
from shop.office.many import change_many, may_change_some
from shop.office.selection import SEARCHED, ProductFilters
from shop.scheduled import scheduled


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
    """The list of products, with a harmless export and the way to change all of it."""

    def get_context_data(self, **kwargs):
        change_url = reverse(self.model.snippet_viewset.get_url_name("change_many"))
        asked = self.request.GET.urlencode()
        return super().get_context_data(
            may_change_many=may_change_some(self.request.user),
            change_many_url=f"{change_url}?{asked}",
            **kwargs,
        )


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
    index_results_template_name = "shop/office/products_results.html"
    filterset_class = ProductFilters
    search_backend_name = None
    search_fields = SEARCHED
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

    def get_urlpatterns(self):
        many = path("change-many/", change_many, name="change_many")
        return [*super().get_urlpatterns(), many]

    def get_queryset(self, request):
        unseen = ("description", "search_text", "search_vector")
        products = Product.objects.select_related(
            "category", "brand", "main_image", "latest_revision"
        )
        return products.defer(*unseen).annotate(is_scheduled=scheduled())
