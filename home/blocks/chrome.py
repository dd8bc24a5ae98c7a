"""Blocks for the parts that frame every page: announcement, menu and footer."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.base import ShopBlock
from home.blocks.choosers import PictureChooser, category
from home.blocks.links import LinkBlock, link_to, links
from home.blocks.looks import glaze
from home.blocks.previews import CATEGORY, PICTURE


class AnnouncementBlock(ShopBlock):
    line = blocks.CharBlock(label=_("Line"), max_length=90)
    links = links(_("Link"), max_num=1)
    glaze = glaze(default="cobalt")
    can_be_hidden = blocks.BooleanBlock(
        label=_("Shoppers may hide it"), default=True, required=False
    )

    class Meta:
        icon = "warning"
        label = _("Announcement")
        description = _("One line above every page, with a button to hide it.")
        template = "blocks/announcement.html"
        preview_value = {
            "line": "Free delivery from €80.",
            "links": [link_to("How delivery works", "/delivery/")],
            "glaze": "cobalt",
        }


class MenuSectionBlock(ShopBlock):
    category = category(label=_("Category"))
    label = blocks.CharBlock(
        label=_("Words"),
        max_length=24,
        required=False,
        help_text=_("Empty: the name of the category."),
    )
    picture = PictureChooser(label=_("Picture"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=60, required=False)
    more = links(_("Further links"), max_num=6)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Menu section")
        description = _("A category with what lies beneath it, and a picture.")
        template = "blocks/menu_section.html"
        preview_value = {
            "category": CATEGORY,
            "picture": PICTURE,
            "caption": "From the autumn firing",
        }

    def has_something(self, value):
        return value["category"] is not None


class MenuLinkBlock(ShopBlock, LinkBlock):
    class Meta:
        icon = "link"
        label = _("Menu link")
        description = _("A single entry of the menu.")
        template = "blocks/menu_link.html"
        preview_value = link_to("Journal", "/journal/")

    def has_something(self, value):
        return bool(value.href)


class FooterAboutBlock(ShopBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=160)

    class Meta:
        icon = "info-circle"
        label = _("About the shop")
        description = _("The shop's name and one sentence.")
        template = "blocks/footer_about.html"
        preview_value = {"text": "Household things from small workshops."}


class LinkColumnBlock(ShopBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=30)
    links = links(_("Links"), min_num=1, max_num=8)

    class Meta:
        icon = "list-ul"
        label = _("Column of links")
        description = _("A heading with up to eight links, for the footer.")
        template = "blocks/link_column.html"
        preview_value = {
            "heading": "Help",
            "links": [
                link_to("Delivery and returns", "/delivery/"),
                link_to("Your basket", "/cart/"),
            ],
        }
