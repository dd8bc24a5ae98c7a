"""Blocks that show what is for sale. `home` knows the shop's models by name only; the
products themselves are loaded for all blocks of a page together."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks import loading
from home.blocks.base import ShopBlock
from home.blocks.choosers import PictureChooser, category, product
from home.blocks.links import link_to, links
from home.blocks.lists import Several
from home.blocks.previews import CATEGORY

MOST = 12
USUAL_COUNT = 4


class ProductShelfBlock(ShopBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    links = links(_("Link"), max_num=1)
    rule = blocks.ChoiceBlock(
        label=_("Which products"),
        choices=[
            ("picked", _("The ones picked below")),
            ("newest", _("The newest")),
            ("on_sale", _("Reduced ones")),
            ("category", _("Of a category")),
        ],
        default="newest",
    )
    category = category(label=_("Category"), required=False)
    products = Several(product(), label=_("Products"), default=[], max_num=MOST)
    count = blocks.IntegerBlock(
        label=_("How many"),
        default=USUAL_COUNT,
        min_value=2,
        max_value=MOST,
        help_text=_("Of those found by a rule; picked ones are all shown."),
    )
    skip_sold_out = blocks.BooleanBlock(
        label=_("Leave out what is sold out"), default=True, required=False
    )

    class Meta:
        icon = "list-ul"
        label = _("Product shelf")
        description = _("A row of products, picked by hand or by a rule.")
        template = "blocks/product_shelf.html"
        preview_value = {
            "heading": "Fresh from the kiln",
            "links": [link_to("All new pieces", "/shop/?new=1")],
            "rule": "newest",
        }

    def complaints(self, value):
        found = super().complaints(value)
        picked = len(value["products"])
        if self.is_deferred_validation:
            return found
        if value["rule"] == "picked" and picked < 2:
            found["products"] = _("Pick two to twelve products.")
        if value["rule"] == "category" and not value["category"]:
            found["category"] = _("Choose a category.")
        return found

    def ask(self, raw, wanted):
        if raw.get("rule") != "picked":
            wanted.shelves.add(_shelf(raw, raw.get("category")))

    def has_something(self, value):
        return bool(self._products(value))

    def get_context(self, value, parent_context=None):
        """Adds ``products``, which were loaded with the whole page."""
        context = super().get_context(value, parent_context)
        context["products"] = self._products(value)
        return context

    def _products(self, value) -> list:
        if value["rule"] != "picked":
            chosen = value["category"]
            shelf = _shelf(value, chosen.pk if chosen else None)
            return loading.here().shelves.get(shelf, [])
        picked = [product for product in value["products"] if product]
        if value["skip_sold_out"]:
            picked = [product for product in picked if not product.is_sold_out]
        return picked


def _shelf(value, category_id: int | None) -> tuple:
    """What decides a shelf's products: (rule, category id, how many, skip sold out)."""
    rule = value.get("rule") or "newest"
    count = min(max(value.get("count") or USUAL_COUNT, 1), MOST)
    return (
        rule,
        category_id if rule == "category" else None,
        count,
        value.get("skip_sold_out", True),
    )


class CategoryTileBlock(blocks.StructBlock):
    category = category(label=_("Category"))
    picture = PictureChooser(
        label=_("Picture"),
        required=False,
        help_text=_("Empty: the category's own."),
    )

    class Meta:
        icon = "folder-open-inverse"
        label = _("Category")


class CategoryTilesBlock(ShopBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    categories = Several(
        CategoryTileBlock(), label=_("Categories"), min_num=2, max_num=6
    )

    class Meta:
        icon = "grip"
        label = _("Category tiles")
        description = _("Two to six categories with their pictures and counts.")
        template = "blocks/category_tiles.html"
        preview_value = {
            "heading": "By the room, by the hand",
            "categories": [{"category": CATEGORY} for _place in range(6)],
        }

    def has_something(self, value):
        return any(tile["category"] for tile in value["categories"])
