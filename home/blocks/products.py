"""Blocks that show what is for sale. `home` knows the shop's models by name only;
the products themselves come from ``home.shelves``, all blocks of a page together."""

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks.links import links


class ProductShelfBlock(blocks.StructBlock):
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
    category = SnippetChooserBlock("shop.Category", label=_("Category"), required=False)
    products = blocks.ListBlock(
        SnippetChooserBlock("shop.Product"), label=_("Products"), default=[], max_num=12
    )
    count = blocks.IntegerBlock(
        label=_("How many"), default=4, min_value=2, max_value=12
    )
    skip_sold_out = blocks.BooleanBlock(
        label=_("Leave out what is sold out"), default=True, required=False
    )

    class Meta:
        icon = "list-ul"
        label = _("Product shelf")
        description = _("A row of products, picked by hand or by a rule.")
        template = "blocks/product_shelf.html"
        preview_value = {"heading": "Fresh from the kiln", "rule": "newest", "count": 4}

    def clean(self, value):
        cleaned = super().clean(value)
        if cleaned["rule"] == "picked" and not cleaned["products"]:
            raise blocks.StructBlockValidationError(
                block_errors={"products": ValidationError(_("Pick a product."))}
            )
        if cleaned["rule"] == "category" and not cleaned["category"]:
            raise blocks.StructBlockValidationError(
                block_errors={"category": ValidationError(_("Choose a category."))}
            )
        return cleaned

    def get_context(self, value, parent_context=None):
        """Adds ``products``, from the page's shelves or, standing alone, its own."""
        from home import shelves

        context = super().get_context(value, parent_context=parent_context)
        filled = (parent_context or {}).get("shelves")
        if filled is None or shelves.key(value) not in filled:
            filled = shelves.fill([value])
        context["products"] = filled[shelves.key(value)]
        return context


class CategoryTilesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    categories = blocks.ListBlock(
        SnippetChooserBlock("shop.Category"),
        label=_("Categories"),
        min_num=2,
        max_num=6,
    )

    class Meta:
        icon = "grip"
        label = _("Category tiles")
        description = _("Two to six categories with their pictures and counts.")
        template = "blocks/category_tiles.html"

    def get_context(self, value, parent_context=None):
        """Loads the pictures of all categories together; nobody adds to ``value``."""
        categories = [category for category in value["categories"] if category]
        prefetch_related_objects(categories, "picture")
        return super().get_context(value, parent_context=parent_context)
