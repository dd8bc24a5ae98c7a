"""Blocks for what is cheaper for a while."""

import re
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks import loading
from home.blocks.base import ShopBlock
from home.blocks.choosers import product
from home.blocks.countdown import TimeLeft
from home.blocks.looks import glaze
from home.blocks.previews import PRODUCT
from home.blocks.raw import moment

LONGEST = timedelta(days=366)
CODE = re.compile(r"[A-Z0-9](-?[A-Z0-9]){2,19}")


class FlashSaleBlock(ShopBlock):
    product = product(label=_("Product"))
    kicker = blocks.CharBlock(label=_("Kicker"), max_length=30, required=False)
    title = blocks.CharBlock(
        label=_("Title"),
        max_length=45,
        required=False,
        help_text=_("Empty: the name of the product."),
    )
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    ends_at = blocks.DateTimeBlock(
        label=_("End"),
        help_text=_("The block is gone from then on. It changes no price."),
    )
    glaze = glaze(default="cobalt")

    MOMENTS = (*ShopBlock.MOMENTS, "ends_at")

    class Meta:
        icon = "time"
        label = _("Flash sale")
        description = _(
            "One product with the time that is left and the pieces that are left."
        )
        template = "blocks/flash_sale.html"

    def complaints(self, value):
        found = super().complaints(value)
        begin, end = moment(value["shown_from"]), moment(value["ends_at"])
        if begin and end and end <= begin:
            found["ends_at"] = _("Choose a time after “Show from”.")
        elif end and end > timezone.now() + LONGEST:
            found["ends_at"] = _("Choose a time within a year.")
        return found

    def ask(self, raw, wanted):
        if product_id := raw.get("product"):
            begins = [moment(raw.get("shown_from"))]
            if product_id in wanted.sales:
                begins.append(wanted.sales[product_id])
            wanted.sales[product_id] = None if None in begins else min(begins)

    def has_something(self, value):
        end = moment(value["ends_at"])
        return bool(value["product"] and end and loading.here().now < end)

    def get_context(self, value, parent_context=None):
        """Adds ``end`` and ``left``, the time until then."""
        context = super().get_context(value, parent_context)
        context["end"] = end = timezone.localtime(moment(value["ends_at"]))
        context["left"] = TimeLeft.between(loading.here().now, end)
        return context

    def get_preview_value(self):
        end = timezone.now() + timedelta(days=2, hours=4, minutes=18)
        return self.to_python(
            {
                "product": next(iter(PRODUCT.keys()), None),
                "kicker": "One kiln, one weekend",
                "text": "When these are gone the mould is retired.",
                "ends_at": end.isoformat(),
                "glaze": "cobalt",
            }
        )


class PromoCodeBlock(ShopBlock):
    code = blocks.CharBlock(
        label=_("Code"),
        max_length=20,
        help_text=_("As shoppers type it. Set up what it does in the promotions."),
    )
    title = blocks.CharBlock(label=_("Words"), max_length=80)
    terms = blocks.CharBlock(
        label=_("Dates and limits"), max_length=160, required=False
    )

    class Meta:
        icon = "tag"
        label = _("Promo code")
        description = _("A code to copy, with what it gives and until when.")
        template = "blocks/promo_code.html"
        preview_value = {
            "code": "GLAZE10",
            "title": "Ten per cent off everything glazed",
            "terms": "Until Sunday, one use per person, not on kiln seconds.",
        }

    def clean(self, value):
        value["code"] = (value["code"] or "").strip().upper()
        return super().clean(value)

    def complaints(self, value):
        found = super().complaints(value)
        if value["code"] and not CODE.fullmatch(value["code"]):
            found["code"] = _(
                "Use 3 to 20 letters and digits, with hyphens between them if you like."
            )
        return found
