"""Choosers whose objects are loaded for all blocks of a page together.

While a stream is shown, they take what ``home.blocks.preload`` has loaded. Anywhere
else, as in the admin, they are Wagtail's own.
"""

from wagtail.blocks import PageChooserBlock
from wagtail.images.blocks import ImageChooserBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from home.blocks import loading
from home.blocks.frozen import FrozenAsWagtails


class Preloaded(FrozenAsWagtails):
    """Objects of the page that is being shown; None for what a shopper may not see."""

    def to_python(self, value):
        loaded = loading.current()
        if loaded is None:
            return super().to_python(value)
        return loaded.get(self.model_class, value)

    def bulk_to_python(self, values):
        loaded = loading.current()
        if loaded is None:
            return super().bulk_to_python(values)
        return [loaded.get(self.model_class, value) for value in values]


class PageChooser(Preloaded, PageChooserBlock):
    WAGTAILS = "wagtail.blocks.PageChooserBlock"


class PictureChooser(Preloaded, ImageChooserBlock):
    WAGTAILS = "wagtail.images.blocks.ImageChooserBlock"


class SnippetChooser(Preloaded, SnippetChooserBlock):
    WAGTAILS = "wagtail.snippets.blocks.SnippetChooserBlock"


def category(**kwargs):
    return SnippetChooser("shop.Category", **kwargs)


def product(**kwargs):
    return SnippetChooser("shop.Product", **kwargs)
