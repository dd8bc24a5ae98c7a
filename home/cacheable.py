"""What every cache of pages and of their parts asks, so that none is forgotten: may
this request read and fill it, and under which versions?"""

from functools import wraps
from typing import NamedTuple, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_cache_control

from home import goods, published
from home.accounts import shoppers

Response = TypeVar("Response", bound=HttpResponseBase)
KEEP_S = 60
# Of people who may see what others do not.
PERSONAL_COOKIES = ("draft", "review")


class Versions(NamedTuple):
    """What is current: kept things carry the versions they were made under.

    ``published`` is None where Redis has lost it and nobody has counted yet.
    """

    published: int | None
    goods: int


def is_for_everyone(request: HttpRequest) -> bool:
    """Whether the request is answered as anyone's would be: no draft, no preview, no
    session. Wagtail's dummy requests carry the editor's cookies; they never are.

    Asked before any session is read, so cookies alone must tell. ``request.draft`` is
    the draft that is looked through, once a middleware knows; None, or not there: none.
    """
    has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
    return not has_session and _sees_no_more(request)


def may_be_given(request: HttpRequest) -> bool:
    """Whether a page that was made for everyone answers the request as well: that of a
    shopper who is logged in. What is made for them is still theirs alone: pages behind
    a log-in or a password are among it."""
    return _sees_no_more(request) and shoppers.is_one(request)


def _sees_no_more(request: HttpRequest) -> bool:
    return (
        getattr(request, "draft", None) is None
        and not getattr(request, "is_preview", False)
        and not getattr(request, "is_dummy", False)
        and not any(name in request.COOKIES for name in PERSONAL_COOKIES)
    )


def versions(request: HttpRequest) -> Versions:
    """The versions a request is answered under, looked up once."""
    if not hasattr(request, "versions"):
        found = cache.get_many([published.POINTER, goods.POINTER])
        request.versions = pointed_at(found)  # type: ignore[attr-defined]
    return request.versions  # type: ignore[attr-defined]


def pointed_at(found: dict) -> Versions:
    """Versions from pointers that were read together."""
    moved = found.get(goods.POINTER)
    return Versions(
        published=found.get(published.POINTER),
        goods=goods.begin() if moved is None else moved,
    )


def public(
    response: Response, *, keep_s: int = KEEP_S, is_frame_only: bool = False
) -> Response:
    """Let caches keep a response that is the same for everyone.

    ``is_frame_only``: of what editors publish it shows nothing but the storefront's
    frame. It then needs no second look at the published version.
    """
    patch_cache_control(response, public=True, max_age=0, s_maxage=keep_s)
    response.is_frame_only = is_frame_only  # type: ignore[attr-defined]
    return response


def keep_at_most(request: HttpRequest, seconds: float) -> None:
    """Bound how long the answer may be kept: something on it ends or begins then."""
    bound = min(seconds, getattr(request, "keep_at_most_s", seconds))
    request.keep_at_most_s = bound  # type: ignore[attr-defined]


def make_private(response: Response) -> Response:
    """Let no cache keep a response that would be public for somebody else."""
    if "public" in response.get("Cache-Control", ""):
        response["Cache-Control"] = "private, no-store"
    return response


def keep_private(response: Response) -> Response:
    """Of one person: stored nowhere, listed nowhere."""
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response


def private(view):
    """For pages of one person."""

    @wraps(view)
    def kept_private(request, *args, **kwargs):
        return keep_private(view(request, *args, **kwargs))

    return kept_private
