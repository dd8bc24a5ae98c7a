"""What every page shares: settings, announcement, menu, footer. Cached under a version.

The version changes when a change commits, so a page never mixes old and new and nothing
is ever deleted by pattern. The blocks are kept as finished HTML: they hold nothing of
the request, and a page that shows them asks the database for nothing.
"""

import time
from dataclasses import dataclass, replace
from functools import cached_property, partial

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from home import appearance

VERSION_KEY = "storefront:version"
KEEP_S = 300


@dataclass(frozen=True)
class Storefront:
    """Shared parts of one site; ``html`` is {position: markup of its layout blocks}."""

    site_id: int
    settings: object
    html: dict[str, SafeString]

    @cached_property
    def announcement_key(self) -> str:
        return appearance.announcement_key(self.html.get("announcement", ""))


def changed() -> None:
    """Something shared has changed: from the commit on, pages are made anew."""
    transaction.on_commit(lambda: cache.set(VERSION_KEY, time.time_ns(), timeout=None))


def version() -> int:
    return cache.get_or_set(VERSION_KEY, time.time_ns, timeout=None) or 0


def for_request(request) -> Storefront:
    """The shared parts of the request's site, as its draft has them if it looks through
    one: from the cache, else a few queries."""
    from wagtail.models import Site

    viewing = getattr(request, "draft", None)
    if viewing is None:
        return _kept(request, "", lambda: load(Site.find_for_request(request)))
    in_draft = partial(load, Site.find_for_request(request), viewing.overlay)
    if viewing.cache_key:
        found = _kept(request, f":draft-{viewing.cache_key}", in_draft)
    else:
        found = in_draft()
    return replace(found, html=Watched(found.html, viewing.seen_positions))


def _kept(request, of_draft: str, make) -> Storefront:
    key = f"storefront:{request.get_host()}:{version()}{of_draft}"
    kept = cache.get(key)
    if kept is None:
        kept = make()
        cache.set(key, kept, timeout=KEEP_S)
    return kept


class Watched(dict):
    """Markup by position that notes which positions a page has shown."""

    def __init__(self, html: dict, seen: set[str]):
        super().__init__(html)
        self.seen = seen

    def __getitem__(self, position):
        self.seen.add(position)
        return super().__getitem__(position)


def load(site, overlay=None) -> Storefront:
    """The shared parts of a site as they are now, or as a draft has them, past every
    cache."""
    from home.models import LayoutBlock, SiteSettings

    of_site = Q(site__isnull=True) | Q(site=site)
    settings = SiteSettings.read(site)
    html: dict[str, str] = {}
    blocks = LayoutBlock.objects.shown().filter(of_site)
    for block in overlay.blocks(blocks) if overlay else blocks:
        markup = block.content.render_as_block(context={"settings": settings})
        html[block.position] = html.get(block.position, "") + markup
    for position, markup in _page_menus(site, overlay).items():
        html[position] = html.get(position, "") + markup
    return Storefront(
        site_id=site.pk,
        settings=settings,
        # Markup of our own templates, escaped there.
        html={position: mark_safe(text) for position, text in html.items()},  # noqa: S308
    )


def _page_menus(site, overlay=None) -> dict[str, str]:
    """{position: markup} of the pages that editors gave a place in header or footer."""
    from home.models import DynamicPage

    pages = DynamicPage.objects.live().descendant_of(site.root_page)
    placed = pages.exclude(menu_placement="").order_by("path")
    links: dict[str, list] = {}
    for page in overlay.among(placed, DynamicPage) if overlay else placed:
        link = {"label": page.title, "href": page.get_url(current_site=site)}
        links.setdefault(page.menu_placement, []).append(link)
    links.pop("", None)
    column = {"heading": _("Information"), "links": links.get("footer")}
    menus = {
        "header": "".join(
            render_to_string("blocks/menu_link.html", {"value": link})
            for link in links.get("header", ())
        )
    }
    if column["links"]:
        menus["footer"] = render_to_string("blocks/link_column.html", {"value": column})
    return menus


def context(request) -> dict:
    """Template context: ``storefront``, loaded only by a template that shows it, and
    what the visitor has set for themselves, read from their cookies alone."""
    storefront = SimpleLazyObject(lambda: for_request(request))
    return {
        "storefront": storefront,
        "theme": appearance.theme(request),
        "announcement_key": SimpleLazyObject(lambda: storefront.announcement_key),
        "is_announcement_hidden": SimpleLazyObject(
            lambda: appearance.is_hidden(request, storefront.announcement_key)
        ),
    }
