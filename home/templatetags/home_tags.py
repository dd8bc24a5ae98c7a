"""Pictures, icons and what a page's head says; the words stay in templates."""

import re
from functools import lru_cache
from html import escape

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

from home import structured_data
from home.blocks.shared import standing_in

register = template.Library()

SPACE_IN_MEASURE = re.compile(
    r"(?<=\b[ØHWDL]) (?=\d)|(?<=\d) (?=(?:(?:mm|cm|m|cl|ml|l|g|kg)\b|°C))"
)
NO_PICTURE: list[tuple[str, int, int]] = [("no-picture.svg", 800, 800)]


@register.simple_tag
@lru_cache(maxsize=256)
def icon(name: str, classes: str = "") -> SafeString:
    """An icon of the sprite, hidden from readers: words stand beside it. A list has
    forty, of a few kinds; where the sprite lies is known once a process."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f"icon {classes}".strip(),
        static("icons.svg"),
        name,
    )


@register.simple_tag
def photo(
    picture,
    cut: str = "card",
    sizes: str = "100vw",
    loading: str = "lazy",
    priority: bool = False,
    alt: str | None = None,
    narrow: str = "",
) -> SafeString:
    """One <img> with its widths; a quiet drawing when there is no picture.

    ``priority`` is for the one picture of a page that matters first. ``narrow`` names
    another cut for phones, and puts a <picture> round it.
    """
    sources = _sources(picture, cut)
    url, width, height = sources[-1]
    hurry = ' fetchpriority="high"' if priority else ""
    wait = ' loading="lazy"' if loading == "lazy" and not priority else ""
    words = _alt(picture) if alt is None else alt
    image = SafeString(
        f'<img src="{escape(url)}" srcset="{escape(_srcset(sources))}"'
        f' sizes="{escape(sizes)}" width="{width:d}" height="{height:d}"'
        f' alt="{conditional_escape(words)}"{hurry}{wait} decoding="async">'
    )
    return _for_phones(picture, narrow, image) if narrow and picture else image


def _for_phones(picture, cut: str, image: SafeString) -> SafeString:
    sources = _sources(picture, cut)
    _, width, height = sources[-1]
    return format_html(
        '<picture><source media="(max-width: 40rem)" srcset="{}" sizes="92vw"'
        ' width="{}" height="{}">{}</picture>',
        _srcset(sources),
        width,
        height,
        image,
    )


def _sources(picture, cut: str) -> list[list]:
    """[[url, width, height], …], narrowest first, each width once."""
    try:
        found = picture.sources(cut) if picture else []
    except (SourceImageIOError, InvalidFilterSpecError):
        # Its file is gone: the page stands without it.
        found = []
    by_width = {width: [url, width, height] for url, width, height in found}
    return list(by_width.values()) or [
        [static(name), width, height] for name, width, height in NO_PICTURE
    ]


def _srcset(sources: list[list]) -> str:
    return ", ".join(f"{url} {width}w" for url, width, _ in sources)


def _alt(picture) -> str:
    return picture.description if picture else ""


@register.simple_tag
def swatches(colours, words: str) -> SafeString:
    """The colours [(label, hex)…] of a piece as one drawing, named ``words``."""
    circles = "".join(
        f'<circle cx="{8 + 20 * n}" cy="8" r="7.5" fill="{escape(colour)}"/>'
        for n, (_, colour) in enumerate(colours)
    )
    return SafeString(
        f'<svg class="swatches" role="img" aria-label="{escape(words)}"'
        f' viewBox="0 0 {20 * len(colours) - 4} 16" height="16">{circles}</svg>'
    )


@register.simple_tag
def dot(colour: str) -> SafeString:
    """A colour (#rrggbb) beside its words."""
    return SafeString(
        f'<svg class="dot" aria-hidden="true" color="{escape(colour)}"></svg>'
    )


@register.filter
def measures(words: str) -> str:
    """The same words with each measure kept on one line: Ø 26 cm, H 9 to 18 cm."""
    return SPACE_IN_MEASURE.sub("\u00a0", words or "")


@register.filter
def having(things, attribute: str) -> list:
    """Those of which the attribute holds something."""
    return [thing for thing in things or () if getattr(thing, attribute)]


@register.simple_tag(takes_context=True)
def absolute(context, path: str) -> str:
    """The full address of a path of this shop; empty stays empty."""
    return context["request"].build_absolute_uri(path) if path else ""


@register.simple_tag
def picture_url(picture, cut: str = "wide") -> str:
    """The widest file of a cut; empty without a picture."""
    return _sources(picture, cut)[-1][0] if picture else ""


@register.simple_tag(takes_context=True)
def breadcrumb_json(context, crumbs) -> SafeString:
    request = context["request"]
    listed = [(label, url and request.build_absolute_uri(url)) for label, url in crumbs]
    here = request.build_absolute_uri(request.path)
    return structured_data.as_json(structured_data.breadcrumbs(listed, here))


@register.simple_tag(takes_context=True)
def organization_json(context, settings, home_url: str, search_url: str) -> SafeString:
    full = context["request"].build_absolute_uri
    about = structured_data.organization(settings, full(home_url), full(search_url))
    return structured_data.as_json(about)


@register.simple_tag
def faq_json(blocks) -> SafeString | str:
    """All questions that these blocks answer, as one FAQPage; empty without any."""
    asked = [
        (question["question"], question["answer"].source)
        for block in standing_in(blocks)
        if block.block_type == "faq"
        for question in block.value["questions"]
    ]
    return structured_data.as_json(structured_data.faq_page(asked)) if asked else ""
