from decimal import Decimal

from django.forms import Media
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.struct_block import StructBlockAdapter

from home.blocks.base import ShopBlock
from home.blocks.choosers import PictureChooser, product
from home.blocks.links import links
from home.blocks.lists import Several
from home.blocks.previews import PICTURE, PRODUCT


class ImageBlock(ShopBlock):
    picture = PictureChooser(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=140, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("One picture as wide as the page.")
        template = "blocks/image.html"
        preview_value = {
            "picture": PICTURE,
            "caption": "Four workshops on one table.",
        }

    def has_something(self, value):
        return bool(value["picture"])


class PointBlock(blocks.StructBlock):
    product = product(label=_("Product"))
    x = blocks.FloatBlock(
        label=_("From the left, in per cent"), min_value=0, max_value=100
    )
    y = blocks.FloatBlock(
        label=_("From the top, in per cent"), min_value=0, max_value=100
    )

    class Meta:
        icon = "crosshairs"
        label = _("Point")


class HotspotsBlock(ShopBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    links = links(_("Link"), max_num=1)
    picture = PictureChooser(
        label=_("Picture"),
        help_text=_("Press on the picture to place the next point, or type it in."),
    )
    points = Several(PointBlock(), label=_("Points"), min_num=2, max_num=6)

    class Meta:
        icon = "crosshairs"
        label = _("Picture with points")
        description = _("Two to six products, numbered in a picture and listed.")
        template = "blocks/hotspots.html"
        form_classname = "struct-block hotspots"
        preview_value = {
            "heading": "One table, four workshops",
            "picture": PICTURE,
            "points": [
                {"product": PRODUCT, "x": 43, "y": 44},
                {"product": PRODUCT, "x": 65.5, "y": 46},
                {"product": PRODUCT, "x": 81, "y": 55},
            ],
        }

    def has_something(self, value):
        return any(point["product"] for point in value["points"])

    def get_context(self, value, parent_context=None):
        """Adds ``points``, those whose product is there, and ``total`` of what can be
        bought of them, None when their currencies differ."""
        context = super().get_context(value, parent_context)
        context["points"] = points = [p for p in value["points"] if p["product"]]
        context["buyable"] = buyable = [
            p["product"] for p in points if not p["product"].is_sold_out
        ]
        is_one_currency = len({product.currency for product in buyable}) == 1
        context["total"] = (
            sum((product.current_price for product in buyable), Decimal(0))
            if is_one_currency
            else None
        )
        context["is_from"] = any(product.has_price_range for product in buyable)
        return context


class HotspotsAdapter(StructBlockAdapter):
    """In the editor: points are placed by a press on the picture, or typed."""

    @cached_property
    def media(self):
        return super().media + Media(js=[versioned_static("home/admin/hotspots.js")])


register(HotspotsAdapter(), HotspotsBlock)
