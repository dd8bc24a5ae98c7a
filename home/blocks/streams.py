"""What all streams of the shop have in common: they read whatever is stored, load what
their blocks refer to in one go, and show what is to be shown now."""

import json
from collections import Counter

from django.core.exceptions import ValidationError
from django.forms import Media
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.admin.staticfiles import versioned_static
from wagtail.admin.telepath import register
from wagtail.blocks.stream_block import StreamBlockAdapter

from home.blocks import loading
from home.blocks.preload import preload
from home.blocks.raw import is_within
from home.blocks.unreadable import UnreadableBlock, readable


class Stream(blocks.StreamBlock):
    unreadable = UnreadableBlock()

    class Meta:
        # Bare blocks: a <div> round each would break the menu's list.
        template = "blocks/stream.html"

    def to_python(self, value):
        """A stream of whatever is stored, however damaged: nothing is lost of it."""
        if isinstance(value, blocks.StreamValue) or _is_native(value):
            return super().to_python(value)
        if isinstance(value, str) and value:
            value = _parsed(value)
        return super().to_python(readable(self, value) if value else value)

    def clean(self, value):
        cleaned = super().clean(value)
        if repeated := _repeated_anchors(cleaned):
            raise blocks.StreamBlockValidationError(block_errors=repeated)
        return cleaned

    def render(self, value, context=None):
        """Everything of the stream that is to be shown. In the context, ``now`` is the
        moment it is shown for, else the present one, ``overlay`` a draft, and
        ``loaded`` what a page has loaded already."""
        given = context or {}
        loaded = loading.current() or given.get("loaded")
        if loaded is None or not loaded.holds(value):
            now = given.get("now") or timezone.now()
            loaded = preload([value], now=now, overlay=given.get("overlay"))
        with loading.using(loaded):
            return super().render(value, context)

    def get_context(self, value, parent_context=None):
        """Adds ``blocks``: those that show something, in their order."""
        context = super().get_context(value, parent_context)
        context["blocks"] = loading.here().blocks(value)
        return context

    def get_api_representation(self, value, context=None):
        """What shoppers may see: no block before or after its dates."""
        shown = [
            child
            for child in value or ()
            if isinstance(child.value, dict) and is_within(child.value, timezone.now())
        ]
        return super().get_api_representation(shown, context)


class StreamAdapter(StreamBlockAdapter):
    """In the editor: unreadable blocks stand in the form but cannot be added."""

    js_constructor = "home.blocks.Stream"

    @cached_property
    def media(self):
        ours = Media(js=[versioned_static("home/admin/streams.js")])
        return super().media + ours


register(StreamAdapter(), Stream)


def _is_native(value) -> bool:
    """Pairs of names and values, as code writes them."""
    native = tuple | blocks.StreamValue.StreamChild
    return bool(value) and isinstance(value, list) and isinstance(value[0], native)


def _parsed(text: str):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _repeated_anchors(stream) -> dict[int, ValidationError]:
    names = [
        child.value.get("anchor", "") if isinstance(child.value, dict) else ""
        for child in stream
    ]
    times = Counter(filter(None, names))
    return {
        place: blocks.StructBlockValidationError(
            block_errors={
                "anchor": ValidationError(
                    _("Another block has this anchor; choose another name.")
                )
            }
        )
        for place, name in enumerate(names)
        if times[name] > 1
    }
