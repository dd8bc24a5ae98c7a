"""What every page shares: settings, announcement, menu, footer. Cached under a version.

The version changes when a change commits, so a page never mixes old and new and nothing
is ever deleted by pattern. The blocks are kept as finished HTML: they hold nothing of
the request, and a page that shows them asks the database for nothing.
"""

import logging
import time
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial

from django.core.cache import cache
from django.db import DatabaseError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home import appearance, showing

logger = logging.getLogger(__name__)

VERSION_KEY = "storefront:version"
KEEP_S = 300


@dataclass(frozen=True)
class Storefront:
    """Shared parts of one site; ``html`` is {position: markup of its layout blocks}.

    ``until`` is when the clock alone will change it: a page that shows it must not be
    kept beyond that moment.
    """

    site_id: int
    settings: object
    html: dict[str, SafeString]
    until: datetime | None = None

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

    if previewed := getattr(request, "previewed", None):
        return previewed.explained(load(Site.find_for_request(request), previewed))
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
    key = f"storefront:{request.get_host()}:{get_language()}:{version()}{of_draft}"
    kept = cache.get(key)
    if kept is None or (kept.until and kept.until <= timezone.now()):
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
    """The shared parts of a site as they are now, or as a draft or a preview has them,
    past every cache."""
    from home.models import SiteSettings

    settings = SiteSettings.read(site)
    now = overlay.now if overlay else timezone.now()
    standing = _standing(site, overlay)
    html: dict[str, str] = {}
    for block in _blocks_of(standing, overlay, now):
        markup = _markup(block, settings)
        html[block.position] = html.get(block.position, "") + markup
    for position, markup in _page_menus(site, overlay).items():
        html[position] = html.get(position, "") + markup
    return Storefront(
        site_id=site.pk,
        settings=settings,
        # Markup of our own templates, escaped there.
        html={position: mark_safe(text) for position, text in html.items()},  # noqa: S308
        until=showing.next_change(standing, now=now),
    )


def _standing(site, overlay) -> list:
    """The blocks of this site and language, in order: those that show, and those that
    would if something else were different."""
    from home.models import LayoutBlock

    published = LayoutBlock.objects.standing(with_all_expired=overlay is not None)
    blocks = overlay.standing(published) if overlay else list(published)
    is_local = any(block.locale_id for block in blocks)
    return showing.here(
        blocks, site_id=site.pk, locale_id=_locale_id() if is_local else None
    )


def _locale_id() -> int:
    from wagtail.models import Locale

    return Locale.get_active().pk


def _blocks_of(standing: list, overlay, now: datetime) -> list:
    forced = overlay.forced if overlay else None
    return showing.shown(standing, now=now, forced=forced)


def _markup(block, settings) -> str:
    """A block as markup; nothing of one that cannot be shown, so that the others and
    the page are. The admin tells its editors."""
    try:
        return block.content.render_as_block(context={"settings": settings})
    except DatabaseError:
        # Not the block's fault, and nothing to be kept.
        raise
    except Exception:
        logger.exception("Layout block %s cannot be shown.", block.pk)
        return ""


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
