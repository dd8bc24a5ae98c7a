from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.base import ShopBlock
from home.blocks.looks import glaze
from home.newsletter import consent


class NewsletterBlock(ShopBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    consent = blocks.CharBlock(
        label=_("What they agree to"),
        max_length=240,
        help_text=_("Kept, word for word, with every address and the time."),
    )
    audience = blocks.CharBlock(
        label=_("List"),
        default="letter",
        max_length=40,
        help_text=_("Addresses of one list can be told from those of another."),
    )
    glaze = glaze(default="celadon")

    class Meta:
        icon = "mail"
        label = _("Newsletter")
        description = _("A field for an address; a letter asks before it is used.")
        template = "blocks/newsletter.html"
        preview_value = {
            "title": "A letter when the kiln opens",
            "text": "About ten a year. New firings a day early, and one long story.",
            "consent": "We keep your address for the letter only. One click ends it.",
            "glaze": "celadon",
        }

    def get_context(self, value, parent_context=None):
        """Adds ``agreed``: consent and list, signed, as the form sends them back."""
        context = super().get_context(value, parent_context)
        context["agreed"] = consent.signed(value["consent"], value["audience"])
        return context
