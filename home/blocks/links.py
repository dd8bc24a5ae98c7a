from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.choosers import PageChooser, category
from home.blocks.lists import Several

ELSEWHERE = ("https://", "http://", "mailto:", "tel:")


class LinkValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """Where the link leads; empty when its target is gone."""
        target = self.get("page") or self.get("category")
        if target:
            return target.url or ""
        address = self.get("address") or ""
        return address if is_address(address) else ""


class LinkBlock(blocks.StructBlock):
    """Words and one target: a page, a category, or an address."""

    label = blocks.CharBlock(label=_("Words"), max_length=40)
    page = PageChooser(label=_("Page"), required=False)
    category = category(label=_("Category"), required=False)
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
        if len(chosen) > 1 or not (chosen or self.is_deferred_validation):
            raise blocks.StructBlockValidationError(
                non_block_errors=[
                    ValidationError(
                        _("Choose one target: a page, a category or an address.")
                    )
                ]
            )
        if cleaned["address"] and not is_address(cleaned["address"]):
            raise blocks.StructBlockValidationError(
                block_errors={
                    "address": ValidationError(
                        _("Begin with / for this shop, or with https://.")
                    )
                }
            )
        return cleaned


def is_address(text: str) -> bool:
    """A path of this shop, or an address of a kind that runs no script."""
    own = text.startswith(("/", "#", "?")) and not text.startswith(("//", "/\\"))
    return own or text.lower().startswith(ELSEWHERE)


def links(label, **kwargs):
    """A list of links, a block of its own only where it is used."""
    return Several(LinkBlock(), label=label, default=[], **kwargs)


def link_to(label: str, address: str) -> dict:
    """A link as raw data, for previews."""
    return {"label": label, "address": address}
