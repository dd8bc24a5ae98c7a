"""The choices of a facet. Markup is written here, not in a template: a list has some
eighty of them (decision 27)."""

from collections.abc import Iterable
from functools import lru_cache
from html import escape

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.safestring import SafeString

from home.templatetags.home_tags import dot
from shop.facets import Bar, Choice, Facet

register = template.Library()


@register.simple_tag
def facet_choices(facet: Facet) -> SafeString:
    """A box to tick for each choice. One that leaves nothing stays, unusable; one
    inside another stands further in."""
    return SafeString("\n".join(_box(facet.code, choice) for choice in facet.choices))


def _box(code: str, choice: Choice) -> str:
    label = choice.slug, choice.label, choice.swatch
    before, after = _always(code, *label, is_deeper=bool(choice.depth))
    return f"{before}{_state(choice)}{after}{_counted(choice.count)}</span></label>"


def _state(choice: Choice) -> str:
    if choice.is_chosen:
        return " checked"
    return "" if choice.count else " disabled"


def _counted(count: int) -> str:
    """Below a thousand every language writes a number alike."""
    return str(count) if count < 1000 else intcomma(count)


@lru_cache(maxsize=4096)
def _always(
    code: str, slug: str, label: str, swatch: str, *, is_deeper: bool
) -> tuple[str, str]:
    """What stands before and after the state of a box, whatever list it is on."""
    look = "check deeper" if is_deeper else "check"
    return (
        f'<label class="{look}"><input type="checkbox" name="{escape(code)}"'
        f' value="{escape(slug)}"',
        f'>{dot(swatch) if swatch else ""}{escape(label)}<span class="count">',
    )


@register.simple_tag
def bars(drawn: Iterable[Bar], is_in: bool) -> SafeString:
    """The path of the bars that are within the choice, or of the others."""
    return SafeString(
        "".join(
            f"M{bar.x} {bar.y}h{bar.width}v{bar.height}h-{bar.width}z"
            for bar in drawn
            if bar.is_in == is_in
        )
    )
