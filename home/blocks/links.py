from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.snippets.blocks import SnippetChooserBlock


class LinkValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """Where the link leads; empty when its target is gone."""
        target = self.get("page") or self.get("category")
        return target.url or "" if target else self.get("address") or ""


class LinkBlock(blocks.StructBlock):
    """Words and one target: a page, a category, or an address."""

    label = blocks.CharBlock(label=_("Words"), max_length=40)
    page = blocks.PageChooserBlock(label=_("Page"), required=False)
    category = SnippetChooserBlock("shop.Category", label=_("Category"), required=False)
    address = blocks.CharBlock(
        label=_("Address"),
        required=False,
        max_length=500,
        help_text=_("Only when it is neither a page nor a category, such as /shop/."),
    )

    class Meta:
        icon = "link"
        label = _("Link")
        value_class = LinkValue

    def clean(self, value):
        cleaned = super().clean(value)
        chosen = [name for name in ("page", "category", "address") if cleaned[name]]
        if len(chosen) != 1:
            raise blocks.StructBlockValidationError(
                non_block_errors=[
                    ValidationError(
                        _("Choose one target: a page, a category or an address.")
                    )
                ]
            )
        if chosen == ["address"]:
            self._refuse_strange_address(cleaned["address"])
        return cleaned

    def _refuse_strange_address(self, address: str) -> None:
        own = address.startswith(("/", "#", "?")) and not address.startswith("//")
        if not own and not address.startswith(
            ("https://", "http://", "mailto:", "tel:")
        ):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "address": ValidationError(
                        _("Begin with / for this shop, or with https://.")
                    )
                }
            )


def links(label, **kwargs):
    """A list of links, a block of its own only where it is used."""
    return blocks.ListBlock(LinkBlock(), label=label, default=[], **kwargs)
