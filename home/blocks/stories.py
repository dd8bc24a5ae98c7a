from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks.links import links
from home.blocks.looks import glaze, side

TEXT_FEATURES = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "blockquote", "hr"]


class EditorialBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
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
            "title": "The glaze remembers the fire",
            "text": "Iron, ash and patience.",
        }


class BannerBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=60)
    line = blocks.CharBlock(label=_("Line"), max_length=140, required=False)
    links = links(_("Link"), max_num=1)
    glaze = glaze(default="madder")

    class Meta:
        icon = "minus"
        label = _("Banner")
        description = _("One sentence and one link on a glaze.")
        template = "blocks/banner.html"
        preview_value = {"title": "Kiln seconds are back", "glaze": "madder"}


class TextBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(label=_("Text"), features=TEXT_FEATURES)

    class Meta:
        icon = "pilcrow"
        label = _("Text")
        description = _("Headings, paragraphs, lists, quotes and links.")
        template = "blocks/text.html"
        preview_value = {"text": "<h2>Care</h2><p>Wash by hand, dry in the air.</p>"}


class ImageBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=140, required=False)

    class Meta:
        icon = "image"
        label = _("Picture")
        description = _("One picture as wide as the page.")
        template = "blocks/image.html"


class QuoteBlock(blocks.StructBlock):
    quote = blocks.TextBlock(label=_("Quote"), max_length=160)
    name = blocks.CharBlock(label=_("Who said it"), max_length=40)
    product = SnippetChooserBlock("shop.Product", label=_("About"), required=False)

    class Meta:
        icon = "openquote"


class QuotesBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    quotes = blocks.ListBlock(QuoteBlock(), label=_("Quotes"), min_num=2, max_num=3)

    class Meta:
        icon = "openquote"
        label = _("Quotes")
        description = _("Two or three sentences by customers.")
        template = "blocks/quotes.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Question"), max_length=120)
    answer = blocks.RichTextBlock(
        label=_("Answer"), features=["bold", "italic", "link", "ul", "ol"]
    )


class FaqBlock(blocks.StructBlock):
    heading = blocks.CharBlock(label=_("Heading"), max_length=60)
    questions = blocks.ListBlock(
        QuestionBlock(), label=_("Questions"), min_num=2, max_num=10
    )

    class Meta:
        icon = "help"
        label = _("Questions and answers")
        description = _("Two to ten questions that open on a press.")
        template = "blocks/faq.html"
