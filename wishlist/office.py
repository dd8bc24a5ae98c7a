"""What people wish for, against what there is: a report for the shop."""

from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from home.spreadsheets import HarmlessExport
from shop.models import Variant
from wishlist.models import Watch, WishlistItem

PERMISSION = "wishlist.view_wishlistitem"


def wished_for():
    """Variants of products that are on lists or waited for, with ``wishes``,
    ``waiting`` and ``pieces``; the most wished for first. Numbers only: who wishes for
    what is nobody's business."""
    variants = Variant.objects.select_related("product").with_pieces()
    counted = variants.annotate(
        wishes=_count(WishlistItem.objects.kept()),
        waiting=_count(
            Watch.objects.filter(wants_stock=True, confirmed_at__isnull=False)
        ),
    )
    wanted = counted.filter(Q(wishes__gt=0) | Q(waiting__gt=0))
    return wanted.order_by("-wishes", "-waiting", "product_id", "position", "pk")


class WishedForView(HarmlessExport, ReportView):
    page_title = _("Wished for")
    header_icon = "pick"
    index_url_name = "wishlist_wished_for"
    index_results_url_name = "wishlist_wished_for_results"
    model = Variant
    permission_policy = ModelPermissionPolicy(WishlistItem)
    permission_required = "view"
    is_searchable = False
    columns = [
        Column("product", label=_("Product")),
        Column("sku", label=_("SKU")),
        Column("option_label", label=_("Options")),
        Column("wishes", label=_("On lists")),
        Column("waiting", label=_("Waiting")),
        Column("pieces", label=_("Pieces")),
    ]
    list_export = ["product", "sku", "option_label", "wishes", "waiting", "pieces"]
    export_headings = {
        "product": _("Product"),
        "wishes": _("On lists"),
        "waiting": _("Waiting"),
        "pieces": _("Pieces"),
    }

    def get_queryset(self):
        return wished_for()

    def get_filename(self):
        return "wished-for"


def _count(rows):
    """How many of the rows are about the variant's product."""
    of_product = rows.filter(product=OuterRef("product")).order_by().values("product")
    counted = of_product.annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
