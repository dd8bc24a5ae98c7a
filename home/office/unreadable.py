"""What is kept of a block but can no longer be shown: kinds of content that have been
removed from the shop, or JSON that is none. Wagtail drops it without a word."""

import json

from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _


def lost_from(block) -> list[str]:
    """A sentence for each part of the published row or of the latest draft that an
    editor will not find in the form, and that saving leaves out."""
    stream = block._meta.get_field("content").stream_block
    kinds = [kind for raw in _kept(block) for kind in _unknown(raw, stream)]
    return [
        _("A part of the kind “%(kind)s” can no longer be shown.") % {"kind": kind}
        if kind
        else _("The content is damaged and cannot be read.")
        for kind in dict.fromkeys(kinds)
    ]


def _kept(block) -> list[str]:
    """The content as the database has it, past every conversion."""
    from home.models import LayoutBlock

    row = LayoutBlock.all_objects.filter(pk=block.pk)
    kept = list(
        row.annotate(raw=Cast("content", TextField())).values_list("raw", flat=True)
    )
    if block.latest_revision:
        kept.append(block.latest_revision.content.get("content", "[]"))
    return kept


def _unknown(raw, stream) -> list[str]:
    """Names of kinds that the stream does not know; an empty name for nonsense."""
    try:
        children = json.loads(raw)
        kinds = [child["type"] for child in children]
    except (TypeError, ValueError, KeyError):
        return [""]
    return [kind for kind in kinds if kind not in stream.child_blocks]
