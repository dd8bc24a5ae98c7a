"""Whole public pages from Redis: one round trip, no query.

A page is kept under the published version that all of it is of. The pointer in Redis
is a first look at that version and may lag; a second look, at PostgreSQL and after the
page is made, must find the same number, or the page is made again. It is a look at the
very database that was read, which may be a replica.
"""

import time
from collections.abc import Callable
from copy import copy

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from home import cacheable, published, reading, storefront
from site_config import replicas
from site_config.kept_page import TURN_S, Look, Page, Shelf, can_be_kept
from site_config.middleware import ContentSecurityPolicy

# Never pages of the shop; and what watches over it must not depend on Redis.
NEVER_KEPT = ("/admin/", "/api/", "/healthz", "/readyz", settings.MEDIA_URL)
TRIES = 3
PAUSE_S = 0.02


class PageCache:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response
        self.policy = ContentSecurityPolicy(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_look = request.method in ("GET", "HEAD")
        may_be_kept = is_look and not request.path.startswith(NEVER_KEPT)
        if not cacheable.is_for_everyone(request):
            may_be_given = may_be_kept and cacheable.may_be_given(request)
            if may_be_given and (page := Shelf(request).look().page):
                return _told(page.answer(request, now=time.time()), "hit")
            response = cacheable.make_private(self.get_response(request))
            return _told(response, "bypass")
        if not may_be_kept:
            return self.get_response(request)
        shelf = Shelf(request)
        look = shelf.look()
        is_ours = False
        if look.page is None and look.was_kept:
            look, is_ours = _wait(shelf)
        try:
            if look.page:
                return _told(look.page.answer(request, now=time.time()), "hit")
            return _told(self._make(request, shelf, look), "miss")
        finally:
            if is_ours:
                shelf.end_turn()

    def _make(self, request, shelf: Shelf, look: Look) -> HttpResponseBase:
        asked, response, is_settled = self._settled(request, look.versions)
        if asked.versions != look.versions:
            published.point(asked.versions.published)
        if is_settled:
            storefront.keep(asked)
        if not can_be_kept(asked, response):
            if look.was_kept and response.status_code < 500:
                shelf.clear()
            return response
        if request.method == "HEAD" or not is_settled:
            return response
        response = self.policy.process_response(asked, response)
        page = Page.of(asked, response, now=time.time())
        shelf.put(page)
        return page.answer(request, now=page.made_at)

    def _settled(self, request, versions):
        """A request as it was answered, its answer, and whether all that both hold of
        what editors publish is of ``asked.versions``."""
        for _ in range(TRIES - 1):
            asked, response = self._answered(request, versions)
            is_page = can_be_kept(asked, response)
            if not _is_doubtful(asked, response, is_page):
                return asked, response, True
            is_settled = _looked_again(asked)
            if is_settled or not is_page:
                return asked, response, is_settled
            versions = asked.versions._replace(published=published.read())
        with published.snapshot():
            versions = versions._replace(published=published.read())
            return *self._answered(request, versions), True

    def _answered(self, request, versions) -> tuple[HttpRequest, HttpResponseBase]:
        """Each time with a copy that knows nothing of earlier tries. The frame comes
        first: it knows the site, and the version if Redis does not."""
        asked = copy(request)
        asked.versions = versions
        storefront.for_request(asked)
        return asked, self.get_response(asked)


def _is_doubtful(asked, response, is_page: bool) -> bool:
    """Whether something was published while it was read. The frame alone, from the
    cache, is of one version by itself."""
    shows_pages = is_page and not getattr(response, "is_frame_only", False)
    return shows_pages or storefront.is_new(asked)


def _looked_again(asked) -> bool:
    """Whether nothing had been published by the end, wherever something was read. The
    frame is always of the primary."""
    databases = {replicas.read_from(asked)}
    if storefront.is_new(asked):
        databases.add(reading.PRIMARY)
    return {replicas.published_on(alias) for alias in databases} == {
        asked.versions.published
    }


def _wait(shelf: Shelf) -> tuple[Look, bool]:
    """A look at the shelf when there is a page on it, or it is our turn to make it, or
    whoever makes it takes too long; and whether the turn is ours."""
    deadline = time.monotonic() + TURN_S
    while True:
        is_ours = shelf.take_turn()
        look = shelf.look()
        is_over = not look.was_kept or time.monotonic() > deadline
        if is_ours or look.page or is_over:
            return look, is_ours
        time.sleep(PAUSE_S)


def _told(response: HttpResponseBase, how: str) -> HttpResponseBase:
    if settings.DEMO or settings.DEBUG:
        response["X-Cache"] = how
    return response
