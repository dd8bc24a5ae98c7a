from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from home.blocks import loading
from home.blocks.base import ShopBlock
from home.blocks.choosers import SnippetChooser
from home.blocks.previews import SHARED


class SharedBlock(ShopBlock):
    """Shows the content of a layout block within a page. Layout blocks have no such
    block themselves, so nothing goes round in circles."""

    block = SnippetChooser("home.LayoutBlock", label=_("Layout block"))

    # Of what a layout block may hold, what belongs into the middle of a page.
    FRAME = frozenset(
        {"announcement", "menu_section", "menu_link", "footer_about", "link_column"}
    )

    class Meta:
        icon = "link"
        label = _("Shared block")
        description = _("A layout block, shown here too. A change shows everywhere.")
        template = "blocks/shared.html"
        preview_value = {"block": SHARED}

    def complaints(self, value):
        found = super().complaints(value)
        chosen = value["block"]
        if chosen and not any(
            child.block_type not in self.FRAME for child in chosen.content
        ):
            found["block"] = _(
                "It belongs to the menu or the footer; choose one with other blocks."
            )
        return found

    def has_something(self, value):
        return bool(self.shown_in(value))

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        context["blocks"] = self.shown_in(value)
        return context

    def shown_in(self, value) -> list:
        """What of the layout block is shown here; asked while everything is loaded."""
        if value["block"] is None:
            return []
        shown = loading.here().blocks(value["block"].content)
        return [child for child in shown if child.block_type not in self.FRAME]


def standing_in(children) -> Iterator:
    """The blocks themselves and, in place of a shared one, those that it shows."""
    for child in children:
        if child.block_type == "shared":
            yield from child.block.shown_in(child.value)
        else:
            yield child
