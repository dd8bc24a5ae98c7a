"""How a picture stands in rich text: editors choose no sizes and no sides. What was
chosen before stays readable, and stands like any other."""

from wagtail.images import formats

for name in ("left", "right"):
    formats.FORMATS.remove(formats.FORMATS_BY_NAME[name])
