"""What a list is called."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from shop.choices import Choices
from shop.tree import Branch, Facet


def headings(
    branch: Branch | None, choices: Choices, facets: Iterable[Facet], *, is_search: bool
) -> dict[str, str]:
    """``heading``, ``page_title`` and ``intro`` of a category, a search, what is new,
    what is reduced, a workshop, or the whole shop."""
    if branch:
        heading, intro = branch.name, branch.description
    elif is_search and choices.q:
        heading, intro = _("“%(words)s”") % {"words": choices.q}, ""
    elif is_search:
        heading, intro = _("Search"), ""
    else:
        heading, intro = _of_the_shop(choices, facets)
    return {"heading": heading, "page_title": heading, "intro": intro}


def _of_the_shop(choices: Choices, facets: Iterable[Facet]) -> tuple[str, str]:
    match choices.only:
        case ("new", _flag):
            return _("New pieces"), _("What came in during the last thirty days.")
        case ("sale", _flag):
            return _("Reduced"), _("Below the lowest price of the thirty days before.")
        case ("brand", slug):
            values = (v for f in facets if f.code == "brand" for v in f.values)
            return next(v.label for v in values if v.slug == slug), ""
    return _("Shop"), _("Everything from every workshop, in one place.")
