"""A finished page as it lies in Redis, and where it lies."""

import gzip
import random
import re
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import (
    get_conditional_response,
    patch_cache_control,
    patch_vary_headers,
)
from django.utils.translation import get_language

from home import appearance, cacheable, goods, published

ASKS_WHETHER = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH"}
ACCEPTS_GZIP = re.compile(r"\bgzip\b")
COMMA = re.compile(r"\s*,\s*")
UNKEPT = {"private", "no-store", "no-cache"}
# An old page stays this much longer, to say that its address is worth waiting for.
REMEMBER_S = 300
# A page is made in less. Who waited longer makes it alone: its maker may have died.
TURN_S = 3


@dataclass(frozen=True)
class Page:
    """A page for everyone. ``body`` is compressed: hardly a browser wants it otherwise,
    it takes a sixth of the room, and nobody's secret is on it that its length could
    betray. ``announcement`` names the one that belongs on it."""

    versions: cacheable.Versions
    announcement: str
    headers: dict[str, str]
    body: bytes
    made_at: float
    keep_s: float

    @classmethod
    def of(cls, request: HttpRequest, response: HttpResponse, *, now: float) -> "Page":
        """The page in a response, which must be one that ``can_be_kept``."""
        storefront = getattr(request, "storefront", None)
        announcement = storefront.announcement_key if storefront else ""
        seconds = keep_s(request, response)
        patch_cache_control(response, s_maxage=int(seconds))
        if appearance.theme(request) or appearance.is_hidden(request, announcement):
            # A cache in front of us knows nothing of these cookies.
            response["Cache-Control"] = "private, max-age=0"
        patch_vary_headers(response, ["Accept-Encoding"])
        # Weak: the same page in two encodings.
        response["ETag"] = f'W/"{sha256(response.content).hexdigest()[:32]}"'
        headers = dict(response.items())
        headers.pop("Content-Length", None)
        return cls(
            versions=cacheable.versions(request),
            announcement=announcement,
            headers=headers,
            body=gzip.compress(response.content, compresslevel=6, mtime=0),
            made_at=now,
            # Pages that were made together do not grow old together.
            keep_s=seconds * random.uniform(0.9, 1),  # noqa: S311
        )

    def is_fresh(self, versions: cacheable.Versions, *, now: float) -> bool:
        return self.versions == versions and now < self.made_at + self.keep_s

    def answer(self, request: HttpRequest, *, now: float) -> HttpResponseBase:
        """The page, or 304 to a browser that has it."""
        response = HttpResponse(headers=self.headers)
        response["Age"] = str(max(0, int(now - self.made_at)))
        if ACCEPTS_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            response["Content-Encoding"] = "gzip"
            response.content = self.body
        else:
            response.content = gzip.decompress(self.body)
        response["Content-Length"] = str(len(response.content))
        if ASKS_WHETHER.isdisjoint(request.META):
            return response
        etag = self.headers["ETag"]
        return get_conditional_response(request, etag, response=response) or response


def can_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether a response is a whole page that is the same for everyone."""
    varies_by = COMMA.split(response.get("Vary", "Accept-Encoding").lower())
    return (
        response.status_code == 200
        and not response.streaming
        and not response.cookies
        and not response.has_header("Content-Encoding")
        # A policy of its own may be for this very request.
        and not any(name.startswith("_csp") for name in vars(response))
        and set(varies_by) <= {"accept-encoding"}
        and keep_s(request, response) > 0
        # Asked again: only the view knew that it was a preview.
        and cacheable.is_for_everyone(request)
    )


def keep_s(request: HttpRequest, response: HttpResponseBase) -> float:
    """Seconds for which caches may keep a response: as its view says, and no longer
    than ``cacheable.keep_at_most``."""
    said = response.get("Cache-Control", "").lower()
    directives = dict(part.partition("=")[::2] for part in COMMA.split(said))
    if "public" not in directives or UNKEPT & directives.keys():
        return 0
    seconds = float(directives.get("s-maxage") or 0)
    return min(seconds, getattr(request, "keep_at_most_s", seconds))


class Look(NamedTuple):
    """What lies on a shelf: a page to answer with, or None; the versions that count
    now; and whether there was a page at all, if an old one."""

    page: Page | None
    versions: cacheable.Versions
    was_kept: bool


class Shelf:
    """The place of one address in one appearance: a page with its announcement, and one
    without, for those who have put it away. What stands in a visitor's cookie chooses
    between the two and never makes a third."""

    def __init__(self, request: HttpRequest):
        address = f"{request.scheme}://{request.get_host()}{request.get_full_path()}"
        appears = (address, appearance.theme(request), get_language() or "")
        digest = sha256("\n".join(appears).encode()).hexdigest()
        self.with_all = f"page:1:{digest}"
        self.without = f"page:1:{digest}:without"
        self.hidden = request.COOKIES.get(appearance.HIDDEN_COOKIE, "")
        self.turn = f"{self.without if self.hidden else self.with_all}:turn"

    def look(self) -> Look:
        """One round trip to Redis, and a query only when it has lost the pointer."""
        names = [self.with_all, self.without] if self.hidden else [self.with_all]
        found = cache.get_many([published.POINTER, goods.POINTER, *names])
        pages = {name: found[name] for name in names if name in found}
        versions = cacheable.pointed_at(found)
        if pages and versions.published is None:
            versions = versions._replace(published=published.version())
        now = time.time()
        fitting = (
            page
            for name, page in pages.items()
            if self._place(page) == name and page.is_fresh(versions, now=now)
        )
        return Look(next(fitting, None), versions, bool(pages))

    def put(self, page: Page) -> None:
        cache.set(self._place(page), page, timeout=page.keep_s + REMEMBER_S)

    def _place(self, page: Page) -> str:
        is_without = bool(self.hidden) and page.announcement == self.hidden
        return self.without if is_without else self.with_all

    def clear(self) -> None:
        """There is no page at this address any more, and nothing to wait for."""
        cache.delete_many([self.with_all, self.without])

    def take_turn(self) -> bool:
        """Whether it is ours to make the page; without Redis it is everyone's."""
        return cache.add(self.turn, 1, timeout=TURN_S) is not False

    def end_turn(self) -> None:
        cache.delete(self.turn)
