"""Slugs of pages: one way to write each, and none that the shop itself answers to."""

import unicodedata

from django.utils.translation import gettext as _

# First path words of the shop's own addresses; a test holds them against the URLconf.
RESERVED = frozenset(
    "_util account admin announcement api appearance basket cart checkout demo-bank"
    " documents drafts favicon.ico feeds healthz media newsletter order product readyz"
    " robots.txt search shop sitemap.xml sitemaps static webhooks wishlist".split()
)


def normal(slug: str) -> str:
    """The one way to write it: composed letters, none of them capital."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", slug).lower())


def complaint(slug: str, parent) -> str:
    """Why a page may not have this slug beneath that page; empty when it may."""
    begins_address = parent is not None and (parent.depth <= 2 or parent.is_site_root())
    if begins_address and normal(slug) in RESERVED:
        return _("“%(slug)s” is an address of the shop itself.") % {"slug": slug}
    return ""
