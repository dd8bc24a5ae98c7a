from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.base import ShopBlock
from home.blocks.choosers import PictureChooser, product
from home.blocks.links import link_to, links
from home.blocks.lists import Several
from home.blocks.looks import glaze, side
from home.blocks.previews import PICTURE, PRODUCT

TEXT_FEATURES = [
    "h2",
    "h3",
    "bold",
    "italic",
    "ol",
    "ul",
    "link",
    "blockquote",
    "image",
    "hr",
]


class EditorialBlock(ShopBlock):
    picture = PictureChooser(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=140, required=False)
    kicker = blocks.CharBlock(label=_("Kicker"), max_length=30, required=False)
    title = blocks.CharBlock(label=_("Title"), max_length=60)
    text = blocks.TextBlock(label=_("Text"), max_length=600)
    links = links(_("Link"), max_num=1)
    side = side()

    class Meta:
        icon = "doc-full"
        label = _("Editorial split")
        description = _("A picture with its caption beside a short story.")
        template = "blocks/editorial.html"
        preview_value = {
            "picture": PICTURE,
            "caption": "Seven in the morning, straight from the kiln.",
            "kicker": "From the workshop",
            "title": "The glaze remembers the fire",
            "text": "Iron, ash and patience. No two agree.",
            "links": [link_to("How it was made", "/about/")],
        }


class BannerBlock(ShopBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=60)
    line = blocks.CharBlock(label=_("Line"), max_length=140, required=False)
    links = links(_("Link"), max_num=1)
    glaze = glaze(default="madder")

    class Meta:
        icon = "minus"
        label = _("Banner")
        description = _("One sentence and one link on a glaze.")
        template = "blocks/banner.html"
        preview_value = {
            "title": "Kiln seconds are back",
            "line": "Small marks, honest prices.",
            "links": [link_to("Browse the seconds", "/shop/")],
            "glaze": "madder",
        }


class TextBlock(ShopBlock):
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Headings, paragraphs, lists, quotes, links and pictures.")
        template = "blocks/text.html"
        preview_value = {"text": "<h2>Care</h2><p>Wash by hand, dry in the air.</p>"}


class QuoteBlock(blocks.StructBlock):
    quote = blocks.TextBlock(label=_("Quote"), max_length=160)
    name = blocks.CharBlock(label=_("Who said it"), max_length=40)
    product = product(label=_("About"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")


class QuotesBlock(ShopBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    quotes = Several(QuoteBlock(), label=_("Quotes"), min_num=2, max_num=3)

    class Meta:
        icon = "openquote"
        label = _("Quotes")
        description = _("Two or three sentences by customers.")
        template = "blocks/quotes.html"
        preview_value = {
            "heading": "From the people who use them",
            "quotes": [
                {
                    "quote": "Every morning I know whose thumb it is.",
                    "name": "Marta K.",
                    "product": PRODUCT,
                },
                {
                    "quote": "It can be opened with a normal screwdriver.",
                    "name": "Aiko T.",
                    "product": PRODUCT,
                },
            ],
        }


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=120)
    answer = blocks.RichTextBlock(
        label=_("Answer"), features=["bold", "italic", "link", "ul", "ol"]
    )

    class Meta:
        icon = "help"
        label = _("Question")


class FaqBlock(ShopBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    questions = Several(QuestionBlock(), label=_("Questions"), min_num=2, max_num=10)
    opened = blocks.IntegerBlock(
        label=_("Which one is open"),
        default=1,
        min_value=0,
        max_value=10,
        help_text=_("1 is the first; 0 keeps all of them closed."),
    )

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Two to ten questions that open on a press.")
        template = "blocks/faq.html"
        preview_value = {
            "heading": "Good to know",
            "questions": [
                {
                    "question": "Can I put stoneware in the oven?",
                    "answer": "<p>Yes, up to 220 °C. Let it warm with the oven.</p>",
                },
                {
                    "question": "Do you repair?",
                    "answer": "<p>Lamps always, and most chips.</p>",
                },
            ],
        }

    def complaints(self, value):
        found = super().complaints(value)
        if (value["opened"] or 0) > len(value["questions"]):
            found["opened"] = _("There are fewer questions; choose one of them, or 0.")
        return found
