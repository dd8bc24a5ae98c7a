"""What every block has besides its own: dates, an anchor, and a preview."""

import re
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.models import Site

from home.blocks import loading
from home.blocks.preload import preload_value
from home.blocks.previews import filled
from home.blocks.raw import completed, is_within, moment

SETTINGS = ["shown_from", "shown_until", "anchor"]
ANCHOR = re.compile(r"[a-z][a-z0-9-]*")
# Ids of the page itself.
TAKEN_ANCHORS = frozenset({"main", "menu", "hide-announcement"})


class ShopBlock(blocks.StructBlock):
    """A block of a stream. Shows nothing outside its dates, nor when what it is about
    has been deleted (``has_something``).

    Its template also gets ``anchor`` (an attribute, or empty), ``glaze`` (a class, or
    empty) and ``key``, which is different for every block of a page.
    """

    # Fields that hold a moment at which the block appears or disappears.
    MOMENTS: tuple[str, ...] = ("shown_from", "shown_until")

    shown_from = blocks.DateTimeBlock(label=_("Show from"), required=False)
    shown_until = blocks.DateTimeBlock(label=_("Show until"), required=False)
    anchor = blocks.CharBlock(
        label=_("Anchor"),
        required=False,
        max_length=40,
        help_text=_("So that links can lead here, as in #care."),
    )

    def get_form_layout(self) -> BlockGroup:
        own = [name for name in self.child_blocks if name not in SETTINGS]
        return BlockGroup(own, settings=SETTINGS)

    def clean(self, value):
        """Raises all that is wrong at once: of single fields, and of them together."""
        cleaned, errors = self._clean_fields(value)
        for name, words in self.complaints(cleaned).items():
            errors.setdefault(name, ValidationError(words))
        if errors:
            raise blocks.StructBlockValidationError(block_errors=errors)
        return cleaned

    def _clean_fields(self, value) -> tuple[blocks.StructValue, dict]:
        """The fields, those that are wrong emptied, and what is wrong with them."""
        try:
            return super().clean(value), {}
        except blocks.StructBlockValidationError as refusal:
            if not refusal.block_errors:
                raise
            errors = dict(refusal.block_errors)
        cleaned = {
            name: child.get_default() if name in errors else child.clean(value[name])
            for name, child in self.child_blocks.items()
        }
        return self.normalize(cleaned), errors

    def complaints(self, value) -> dict[str, Any]:
        """{field: words on what to do about it}. Also asked of drafts, which may lack
        things: see ``is_deferred_validation``."""
        found = {}
        begin, end = moment(value["shown_from"]), moment(value["shown_until"])
        if begin and end and end <= begin:
            found["shown_until"] = _("Choose a time after “Show from”.")
        if value["anchor"] and not ANCHOR.fullmatch(value["anchor"]):
            found["anchor"] = _(
                "Use small letters, digits and hyphens, beginning with a letter."
            )
        if value["anchor"] in TAKEN_ANCHORS:
            found["anchor"] = _("The page itself uses this name; choose another.")
        return found

    def ask(self, raw: dict, wanted) -> None:
        """Add to ``wanted`` what the block shows beyond the objects chosen in it."""

    def has_something(self, value) -> bool:
        """Whether there is anything to show; asked while everything is loaded."""
        return True

    def render(self, value, context=None):
        loaded = loading.current()
        if loaded is None:
            return self._render_alone(value, context)
        if not is_within(value, loaded.now) or not self.has_something(value):
            return ""
        return super().render(value, context)

    def _render_alone(self, value, context) -> str:
        """Outside a stream, as in an editor's picker: load for this block alone."""
        now: datetime = (context or {}).get("now") or timezone.now()
        raw = completed(self, self.get_prep_value(value))
        with loading.using(preload_value(self, raw, now=now)):
            return self.render(self.to_python(raw), context)

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        # The block's own id, which the blocks inside it must not take for theirs.
        block_id = context.pop("id", None) or ""
        context["key"] = "-".join(filter(None, [context.get("within"), block_id[:8]]))
        name = context.get("anchor_here", value.get("anchor"))
        context["anchor"] = format_html(' id="{}"', name) if name else ""
        glaze = value.get("glaze")
        context["glaze"] = f" glaze-{glaze}" if glaze else ""
        return context

    def get_preview_context(self, value, parent_context=None):
        """Adds ``markup``, empty when the shop has nothing yet that it could show."""
        site = Site.objects.filter(is_default_site=True).first()
        settings = apps.get_model("home.SiteSettings").read(site)
        markup = self.render(value, {"settings": settings})
        return {**(parent_context or {}), "markup": markup}

    def get_preview_value(self):
        """``Meta.preview_value`` with something of the shop in place of samples."""
        return self.to_python(filled(getattr(self.meta, "preview_value", {})))
