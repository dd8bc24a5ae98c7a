from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.base import ShopBlock
from home.blocks.choosers import PictureChooser, product
from home.blocks.links import link_to, links
from home.blocks.lists import Several
from home.blocks.looks import glaze, side
from home.blocks.previews import PICTURE, PRODUCT


class HeroCaseBlock(ShopBlock):
    picture = PictureChooser(label=_("Picture"))
    kicker = blocks.CharBlock(label=_("Kicker"), max_length=30, required=False)
    title = blocks.CharBlock(label=_("Title"), max_length=45)
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    links = links(_("Links"), max_num=2)

    class Meta:
        icon = "image"
        label = _("Hero, case")
        description = _("A wide picture with a label cut out of its lower corner.")
        template = "blocks/hero_case.html"
        preview_value = {
            "picture": PICTURE,
            "kicker": "The autumn firing",
            "title": "Too good to put away",
            "text": "Forty new shapes, thrown in runs of two hundred.",
            "links": [link_to("See the firing", "/shop/")],
        }


class HeroSplitBlock(ShopBlock):
    picture = PictureChooser(label=_("Picture"))
    title = blocks.CharBlock(label=_("Title"), max_length=45)
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    links = links(_("Link"), max_num=1)
    glaze = glaze(default="celadon")
    side = side()

    class Meta:
        icon = "image"
        label = _("Hero, split")
        description = _("Half picture, half words on a glaze.")
        template = "blocks/hero_split.html"
        preview_value = {
            "picture": PICTURE,
            "title": "Light for short days",
            "text": "Linen shades on stoneware feet, wired two streets from the kiln.",
            "links": [link_to("All lighting", "/shop/")],
            "glaze": "celadon",
        }


class HeroWordsBlock(ShopBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=40)
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    links = links(_("Links"), max_num=2)
    glaze = glaze(default="ochre")

    class Meta:
        icon = "title"
        label = _("Hero, words only")
        description = _("Large words without a picture: the quickest page there is.")
        template = "blocks/hero_words.html"
        preview_value = {
            "title": "Made slowly. Used daily.",
            "text": "One rule: if it cannot be repaired, we do not sell it.",
            "links": [link_to("Start with ceramics", "/shop/")],
            "glaze": "ochre",
        }


class HeroTrioBlock(ShopBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=45)
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    products = Several(
        product(),
        label=_("Products"),
        default=[None, None, None],
        min_num=3,
        max_num=3,
        help_text=_("Three, in the order in which they stand."),
    )

    class Meta:
        icon = "grip"
        label = _("Hero, trio")
        description = _("A title above three products, each a little lower.")
        template = "blocks/hero_trio.html"
        preview_value = {
            "title": "Three to begin with",
            "text": "The bowl, the cup and the cloth we would pack first.",
            "products": [PRODUCT, PRODUCT, PRODUCT],
        }

    def has_something(self, value):
        return any(value["products"])

    def get_context(self, value, parent_context=None):
        """Adds ``products``: those of the three that are still there."""
        context = super().get_context(value, parent_context)
        context["products"] = [product for product in value["products"] if product]
        return context
