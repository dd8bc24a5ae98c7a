"""Addresses under which nothing is found: another way of writing one that exists, or
one that has moved. Either is answered by one redirect to where the page is now.

Found pages pay nothing for it: only a 404 is looked at again.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from django.http import (
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import Resolver404, resolve
from django.utils.encoding import iri_to_uri
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site
from wagtail.views import serve

# Nobody's address: answered without a look.
LONGEST, DEEPEST = 500, 12
MOST_HOPS = 5
NOT_OURS = (
    *("/admin/", "/static/", "/media/", "/documents/"),
    # Their last word is a secret: small letters would make another one of it.
    *("/drafts/", "/order/", "/demo-bank/", "/webhooks/", "/api/"),
    *("/account/", "/checkout/", "/wishlist/"),
)


class AddressMiddleware:
    """In place of Wagtail's middleware for redirects."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponseBase:
        response = self.get_response(request)
        is_looked_for = request.method in ("GET", "HEAD") and _is_likely(request.path)
        if response.status_code != 404 or not is_looked_for:
            return response
        return _elsewhere(request) or response


def normal(path: str) -> str:
    """The one way to write a path: single slashes, small composed letters, and a slash
    at the end unless it is a file's."""
    words = [word for word in path.split("/") if word]
    joined = "/".join(["", *words])
    is_file = bool(words) and "." in words[-1]
    return unicodedata.normalize("NFKC", joined.lower()) + ("" if is_file else "/")


def _is_likely(path: str) -> bool:
    is_plain = len(path) <= LONGEST and path.count("/") <= DEEPEST and "\0" not in path
    return is_plain and not path.startswith(NOT_OURS)


def _elsewhere(request) -> HttpResponseBase | None:
    """The answer for an address that has moved, or exists written otherwise."""
    site = Site.find_for_request(request)
    if site is None:
        return None
    written = normal(request.path)
    moved = _moved(site, [_with_query(request), request.path, written])
    if moved:
        target, is_permanent = moved
        kind = HttpResponsePermanentRedirect if is_permanent else HttpResponseRedirect
        return _unkept(kind(target))
    if written != request.path and _exists(site, written):
        query = request.META.get("QUERY_STRING", "")
        target = iri_to_uri(written) + (f"?{query}" if query else "")
        return _unkept(HttpResponsePermanentRedirect(target))
    return None


def _with_query(request) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"{request.path}?{query}" if query else request.path


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    """A browser that keeps one would never see a page that is put there later."""
    response["Cache-Control"] = "no-cache"
    return response


def _exists(site, path: str) -> bool:
    """Whether the shop has a view for that path or, where pages are, a live page."""
    try:
        is_page = resolve(path).func == serve
    except Resolver404:
        return False
    return _page_at(site, path) if is_page else True


def _page_at(site, path: str) -> bool:
    """By the slug's index; the whole path then tells pages of one slug apart."""
    slug = path.rstrip("/").rsplit("/", 1)[-1]
    below = site.root_page.url_path + path[1:]
    return Page.objects.live().filter(slug=slug, url_path=below).exists()


# Redirects


def _moved(site, paths: list[str]) -> tuple[str, bool] | None:
    """(where to, whether for good) of the first path that a redirect knows, however
    many redirects lie between; None where they lead back or to nothing that is live."""
    visited: set[str] = set()
    is_permanent = True
    for _hop in range(MOST_HOPS):
        redirect = _redirect(site, paths)
        if redirect is None or redirect.old_path in visited:
            return None
        visited.add(redirect.old_path)
        is_permanent &= redirect.is_permanent
        target = _target(redirect)
        paths = [_local_path(site, target)]
        if not target or _kept_as(paths[0]) in visited:
            return None
        # A page that is live is never shadowed by a redirect of its address.
        if redirect.redirect_page or not _leads_on(site, paths):
            return target, is_permanent
    return None


def _leads_on(site, paths: list[str]) -> bool:
    path = paths[0].partition("?")[0]
    if not path or _page_at(site, normal(path)):
        return False
    return _redirect(site, paths) is not None


def _redirect(site, paths: list[str]) -> Redirect | None:
    """One query. The site's own before the one of all sites."""
    wanted = list(dict.fromkeys(_kept_as(path) for path in paths if path))
    found = Redirect.get_for_site(site).filter(old_path__in=wanted)
    ranked = [
        (wanted.index(one.old_path), one.site_id is None, one.pk, one)
        for one in found.select_related("redirect_page")
    ]
    return min(ranked)[-1] if ranked else None


def _kept_as(path: str) -> str:
    return Redirect.normalise_path(path)


def _target(redirect: Redirect) -> str:
    """Empty when the page has been taken off the site."""
    page = redirect.redirect_page
    if page and not page.live:
        return ""
    return redirect.link or ""


def _local_path(site, target: str) -> str:
    """The path of an address of this site; empty for those of others."""
    parts = urlsplit(target)
    if parts.netloc and parts.hostname != site.hostname:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return re.sub(r"/{2,}", "/", parts.path) + query
