"""While the database is away: a page that says so, and a second try for what may have
one.

A request that lost its connection is answered again, from the start, if that changes
nothing more: it only reads, or its view is ``repeatable``. Whether a COMMIT was heard
whose answer was lost does not matter then. Everything else answers 503, and a person
decides.
"""

import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.db import InterfaceError, OperationalError, close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.template.loader import render_to_string

from home.repeatable import is_repeatable
from home.same_origin import comes_from_here
from site_config import databases

RETRY_AFTER_S = 5
# Who has waited that long waits for no second try.
AGAIN_WITHIN_S = 1
# SQLSTATE of connections that have ended: by themselves, or by an administrator.
ENDED = ("08", "57P")
# Its forms hold files and passwords, and have their own way of keeping what was typed.
NOT_TYPED_BY_SHOPPERS = ("/admin/", "/account/")
MOST_FIELDS = 500


class Unavailable(HttpResponse):
    """``has_lost_connection``: what asked again may well be answered."""

    status_code = 503
    has_lost_connection = False


class Outages:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.monotonic()
        with databases.bounded(settings.DATABASE_ANSWERS_WITHIN_S):
            response = self.get_response(request)
            has_lost = getattr(response, "has_lost_connection", False)
            is_soon = time.monotonic() < began + AGAIN_WITHIN_S
            if has_lost and is_soon and is_repeatable(request):
                close_old_connections()
                response = self.get_response(request)
        return response


def current() -> BaseException | None:
    """What the database failed with, if that is why the present request fails."""
    error = sys.exc_info()[1]
    return error if isinstance(error, OperationalError | InterfaceError) else None


def answer(request: HttpRequest, error: BaseException) -> Unavailable:
    """503, without database and cache: JSON for programs, else a page on which nothing
    that was typed is lost."""
    headers = {"Retry-After": str(RETRY_AFTER_S), "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        content = '{"detail": "The shop cannot reach its database; try again."}'
        response = Unavailable(
            content, content_type="application/json", headers=headers
        )
    else:
        context = {"address": request.get_full_path(), "fields": _typed(request)}
        response = Unavailable(render_to_string("503.html", context), headers=headers)
    state = getattr(error.__cause__, "sqlstate", None)
    response.has_lost_connection = state is None or state.startswith(ENDED)
    return response


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    """(name, value) of a shopper's form, to be sent again at the press of a button."""
    if request.method != "POST" or request.path.startswith(NOT_TYPED_BY_SHOPPERS):
        return []
    try:
        # Another site's words must not become ours.
        if not comes_from_here(request):
            return []
        post, files = request.POST, request.FILES
    except (SuspiciousOperation, UnreadablePostError):
        return []
    fields = [(name, value) for name in post for value in post.getlist(name)]
    is_secret = any("password" in name for name in post)
    return [] if files or is_secret or len(fields) > MOST_FIELDS else fields
