"""Which page an address names in a draft: changed slugs, new pages, pages taken off."""

from django.http import Http404
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from home.drafts.items import page_url
from home.drafts.viewing import Viewing


def own(page: Page, viewing: Viewing) -> RouteResult:
    """The page itself as the draft has it.

    Raises:
        Http404: the draft takes it off the site.
    """
    overlay = viewing.overlay
    entry = overlay.by_page.get(page.pk)
    shown = overlay.over(page)
    if entry:
        viewing.seen_pages.add(entry.pk)
    if not shown.live:
        raise Http404("Taken off the site in this draft.")
    return RouteResult(shown)


def below(page: Page, viewing: Viewing, request, path: list[str]) -> RouteResult | None:
    """What a path beneath the page leads to, when the draft has a say in it."""
    slug, *further = path
    found = viewing.overlay.child(page, slug)
    if found is None:
        renamed = viewing.overlay.renamed(page, slug)
        if renamed:
            return renamed.route(request, further)
        return _moved(page, viewing, path)
    child, entry = found
    if child.pk:
        return child.route(request, further)
    if further:
        raise Http404("A new page has nothing beneath it yet.")
    if not child.live:
        raise Http404("Not yet, or no longer.")
    viewing.seen_pages.add(entry.pk)
    return RouteResult(child)


def _moved(page: Page, viewing: Viewing, path: list[str]) -> RouteResult | None:
    slug, *further = path
    entry = viewing.overlay.moved_from(page, slug)
    if entry is None or entry.page is None:
        return None
    address = page_url(entry) + "".join(f"{part}/" for part in further)
    return RouteResult(entry.page.specific, kwargs={"moved_to": address})
