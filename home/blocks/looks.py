"""Choices of appearance: editors choose a glaze, never a colour value."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

GLAZES = [
    ("celadon", _("Celadon, pale green")),
    ("ochre", _("Ochre, warm yellow")),
    ("madder", _("Madder, pale rose")),
    ("cobalt", _("Cobalt, deep blue")),
    ("kiln", _("Kiln, near black")),
]


def glaze(**kwargs):
    return blocks.ChoiceBlock(
        choices=GLAZES, required=False, label=_("Glaze"), **kwargs
    )


def side():
    return blocks.ChoiceBlock(
        choices=[("start", _("Picture first")), ("end", _("Picture last"))],
        default="start",
        label=_("Side"),
    )
