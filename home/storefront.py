"""What every page shares: settings, announcement, menu, footer.

Kept under the versions it was read under, so a page never mixes old and new and nothing
is ever deleted by pattern. The blocks are kept as finished HTML: they hold nothing of
the request, and a page that shows them asks the database for nothing.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import DatabaseError
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from home import appearance, cacheable, published, showing

if TYPE_CHECKING:
    from home.models import SiteSettings

logger = logging.getLogger(__name__)

KEEP_S = 300


@dataclass(frozen=True)
class Storefront:
    """Shared parts of one site; ``html`` is {position: markup of its layout blocks}.

    ``until`` is when the clock alone will change it: a page that shows it must not be
    kept beyond that moment.
    """

    site: object
    settings: "SiteSettings"
    html: dict[str, SafeString]
    until: datetime | None = None
    # Blocks that could not be shown; nobody has seen them.
    broken: frozenset[int] = frozenset()
    # Of a draft: what its bar says of blocks that are hidden or part of a bar.
    notes: tuple = ()

    @cached_property
    def announcement_key(self) -> str:
        return appearance.announcement_key(self.html.get("announcement", ""))

    @cached_property
    def header(self) -> SafeString:
        """The head of pages that nothing was searched for on, the same on all of them:
        it is kept with what it is made of."""
        shown = {"name": self.settings.name, "menu": self.html["header"]}
        return render_to_string("components/header.html", shown)


def for_request(request) -> Storefront:
    """The shared parts of the request's site, as its draft has them if it looks through
    one: from the cache, else a few queries.

    What was read is not kept at once, for something may have been published meanwhile.
    Whoever has made sure that nothing was calls ``keep``.
    """
    if previewed := getattr(request, "previewed", None):
        from wagtail.models import Site

        return previewed.explained(load(Site.find_for_request(request), previewed))
    viewing = getattr(request, "draft", None)
    if viewing is not None and not hasattr(request, "storefront"):
        _set(request, _in_draft(request, viewing))
    elif not hasattr(request, "storefront"):
        may_be_shared = cacheable.is_for_everyone(request)
        kept = _kept(request) if may_be_shared else None
        request.storefront_is_new = may_be_shared and kept is None
        _set(request, kept or _read(request))
    return request.storefront


def _set(request, storefront: Storefront) -> None:
    request.storefront = storefront
    # Where Wagtail looks before it asks the database.
    request._wagtail_site = storefront.site
    if storefront.until:
        left = storefront.until - timezone.now()
        cacheable.keep_at_most(request, max(left.total_seconds(), 0))


def _in_draft(request, viewing) -> Storefront:
    """Kept under the workspace's own version as well, which nobody else's key has; a
    moment of the time machine is not kept."""
    seen = cacheable.versions(request)
    if seen.published is None:
        request.versions = seen._replace(published=published.version())
    key = viewing.cache_key and f"{_key(request)}:draft-{viewing.cache_key}"
    kept = _still_right(cache.get(key)) if key else None
    if kept is None:
        from home import sites

        is_marked = viewing.is_editing
        kept = load(sites.look_up(request), viewing.overlay, is_marked=is_marked)
        if key:
            cache.set(key, kept, timeout=KEEP_S)
    return replace(kept, html=Watched(kept.html, viewing.seen_positions))


def is_new(request) -> bool:
    """Whether the request has read the shared parts from the database, for everyone."""
    return getattr(request, "storefront_is_new", False)


def keep(request) -> None:
    """Keep what the request has read, all of it of ``cacheable.versions(request)``."""
    if is_new(request):
        cache.set(_key(request), request.storefront, timeout=KEEP_S)


def _kept(request) -> Storefront | None:
    is_known = cacheable.versions(request).published is not None
    return _still_right(cache.get(_key(request))) if is_known else None


def _still_right(kept: Storefront | None) -> Storefront | None:
    """What was kept, unless the clock has changed it since."""
    is_over = kept and kept.until and kept.until <= timezone.now()
    return None if is_over else kept


def _key(request) -> str:
    of_pages, of_goods = cacheable.versions(request)
    return f"storefront:{request.get_host()}:{get_language()}:{of_pages}:{of_goods}"


def _read(request) -> Storefront:
    from home import sites

    site = sites.look_up(request)
    seen = cacheable.versions(request)
    if seen.published is None:
        # Found before anything else was read, it holds for all that follows.
        request.versions = seen._replace(published=site.published)
    return load(site)


class Watched(dict):
    """Markup by position that notes which positions a page has shown."""

    def __init__(self, html: dict, seen: set[str]):
        super().__init__(html)
        self.seen = seen

    def __getitem__(self, position):
        self.seen.add(position)
        return super().__getitem__(position)


def load(site, overlay=None, *, is_marked: bool = False) -> Storefront:
    """The shared parts of a site as they are now, or as a draft or a preview has them,
    past every cache. ``is_marked``: with what a draft's owner may do to each block."""
    from home.blocks import loading
    from home.blocks.preload import preload
    from home.drafts import markers
    from home.models import SiteSettings

    settings = SiteSettings.read(site)
    now = overlay.now if overlay else timezone.now()
    standing = _standing(site, overlay)
    html: dict[str, str] = {}
    broken: set[int] = set()
    shown = _blocks_of(standing, overlay, now)
    with loading.using(preload([block.content for block in shown], now=now)):
        for block in shown:
            markup = _markup(block, settings, now)
            if markup is None:
                broken.add(block.pk)
                continue
            if is_marked:
                markup = markers.marked(block, markup)
            html[block.position] = html.get(block.position, "") + markup
    for position, markup in _page_menus(site, overlay).items():
        html[position] = html.get(position, "") + markup
    return Storefront(
        site=site,
        settings=settings,
        # Markup of our own templates, escaped there.
        html={position: mark_safe(text) for position, text in html.items()},  # noqa: S308
        until=_next_change(standing, now),
        broken=frozenset(broken),
        notes=markers.notes(showing.judge(standing, now=now)) if is_marked else (),
    )


def _standing(site, overlay) -> list:
    """The blocks of this site and language, in order: those that show, and those that
    would if something else were different."""
    from home.models import LayoutBlock

    published = LayoutBlock.objects.standing(with_all_expired=overlay is not None)
    blocks = overlay.standing(published) if overlay else list(published)
    if overlay:
        overlay.stood = blocks
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


def _next_change(standing: list, now: datetime) -> datetime | None:
    """When the clock alone will change what is shown, of the blocks or inside one."""
    from home.blocks import next_change

    of_blocks = showing.next_change(standing, now=now)
    inside = (next_change(block.content, now) for block in standing)
    return min((time for time in (of_blocks, *inside) if time), default=None)


def _markup(block, settings, now: datetime) -> str | None:
    """A block as markup; None for one that cannot be shown, so that the others and the
    page are. The admin tells its editors."""
    try:
        return block.content.render_as_block(context={"settings": settings, "now": now})
    except DatabaseError:
        # Not the block's fault, and nothing to be kept.
        raise
    except Exception:
        logger.exception("Layout block %s cannot be shown.", block.pk)
        return None


def _page_menus(site, overlay=None) -> dict[str, str]:
    """{position: markup} of the pages that editors gave a place in header or footer."""
    from home.models import DynamicPage

    pages = DynamicPage.objects.live().descendant_of(site.root_page)
    placed = pages.exclude(menu_placement="").order_by("path")
    links: dict[str, list] = {}
    for page in overlay.among(placed, DynamicPage) if overlay else placed:
        # Not ``page.url``: that asks for the roots of all sites.
        below = page.url_path.removeprefix(site.root_page.url_path)
        link = {"label": page.title, "href": reverse("wagtail_serve", args=[below])}
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
        "draft_bar": _draft_bar(request),
        "storefront": storefront,
        "theme": appearance.theme(request),
        "announcement_key": SimpleLazyObject(lambda: storefront.announcement_key),
        "is_announcement_hidden": SimpleLazyObject(
            lambda: appearance.is_hidden(request, storefront.announcement_key)
        ),
    }


def _draft_bar(request):
    """The bar of a draft; nothing for visitors, whose pages never name it."""
    if getattr(request, "draft", None) is None:
        return None
    from home.drafts import bar

    return bar.of(request)
