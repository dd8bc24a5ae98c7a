from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock

from home.blocks.links import links
from home.blocks.looks import glaze, side


class HeroCaseBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
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
            "kicker": "The autumn firing",
            "title": "Too good to put away",
            "text": "Forty new shapes, thrown in runs of two hundred.",
        }


class HeroSplitBlock(blocks.StructBlock):
    picture = ImageChooserBlock(label=_("Picture"))
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
        preview_value = {"title": "Light for short days", "glaze": "celadon"}


class HeroWordsBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Title"), max_length=40)
    text = blocks.CharBlock(label=_("Text"), max_length=160, required=False)
    links = links(_("Links"), max_num=2)
    glaze = glaze(default="ochre")

    class Meta:
        icon = "title"
        label = _("Hero, words only")
        description = _("Large words without a picture: the quickest page there is.")
        template = "blocks/hero_words.html"
        preview_value = {"title": "Fired and woven", "glaze": "ochre"}
