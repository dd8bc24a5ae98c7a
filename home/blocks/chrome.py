"""Blocks for the parts that frame every page: announcement, menu and footer."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks.links import LinkBlock, links
from home.blocks.looks import glaze


class AnnouncementBlock(blocks.StructBlock):
    line = blocks.CharBlock(label=_("Line"), max_length=90)
    links = links(_("Link"), max_num=1)
    glaze = glaze(default="cobalt")

    class Meta:
        icon = "warning"
        label = _("Announcement")
        description = _("One line above every page, with a button to hide it.")
        template = "blocks/announcement.html"
        preview_value = {"line": "Free delivery from €80.", "glaze": "cobalt"}


class MenuSectionBlock(blocks.StructBlock):
    category = SnippetChooserBlock("shop.Category", label=_("Category"))
    label = blocks.CharBlock(
        label=_("Words"),
        max_length=24,
        required=False,
        help_text=_("Empty: the name of the category."),
    )
    picture = ImageChooserBlock(label=_("Picture"), required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=60, required=False)
    more = links(_("Further links"), max_num=6)

    class Meta:
        icon = "folder-open-inverse"
        label = _("Menu section")
        description = _("A category with what lies beneath it, and a picture.")
        template = "blocks/menu_section.html"


class MenuLinkBlock(LinkBlock):
    class Meta:
        icon = "link"
        label = _("Menu link")
        description = _("A single entry of the menu.")
        template = "blocks/menu_link.html"


class FooterAboutBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Text"), max_length=160)

    class Meta:
        icon = "info-circle"
        label = _("About the shop")
        description = _("The shop's name and one sentence.")
        template = "blocks/footer_about.html"


class LinkColumnBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=30)
    links = links(_("Links"), min_num=1, max_num=8)

    class Meta:
        icon = "list-ul"
        label = _("Column of links")
        description = _("A heading with up to eight links, for the footer.")
        template = "blocks/link_column.html"
