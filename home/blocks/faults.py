"""What editors are told of blocks that shoppers do not see, or not as a whole."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.blocks import StreamValue

from home.blocks.preload import Loaded, preload
from home.blocks.raw import references
from home.blocks.unreadable import NAME as UNREADABLE

GONE = {
    "Product": gettext_lazy("a product is gone or not published"),
    "Category": gettext_lazy("a category is gone"),
    "Picture": gettext_lazy("a picture is gone"),
    "Page": gettext_lazy("a page is gone or not published"),
    "LayoutBlock": gettext_lazy("the layout block is gone, a draft or switched off"),
}


def faults(stream: StreamValue) -> list[str]:
    """A sentence for each block that lacks something, in the stream's order."""
    loaded = preload([stream], now=None)
    found = []
    for place, item in enumerate(stream.get_prep_value(), start=1):
        block = stream.stream_block.child_blocks[item["type"]]
        for complaint in _complaints(block, item, loaded):
            found.append(
                _("Block %(place)d, %(name)s: %(complaint)s.")
                % {"place": place, "name": block.label, "complaint": complaint}
            )
    return found


def _complaints(block, item: dict, loaded: Loaded) -> list[str]:
    if item["type"] == UNREADABLE:
        return [_("this version of the shop cannot read it")]
    missing = {
        model.__name__
        for model, key in references(block, item["value"])
        if loaded.get(model, key) is None
    }
    return [str(words) for name, words in GONE.items() if name in missing]
