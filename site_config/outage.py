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
from django.db import InterfaceError, OperationalError, close_old_connections
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from home.repeatable import is_repeatable
from site_config import databases
from site_config.typed import typed

RETRY_AFTER_S = 5
# Who has waited that long waits for no second try.
AGAIN_WITHIN_S = 1
# SQLSTATE of connections that have ended: by themselves, or by an administrator.
ENDED = ("08", "57P")


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
        context = {"address": request.get_full_path(), "fields": typed(request)}
        response = Unavailable(render_to_string("503.html", context), headers=headers)
    state = getattr(error.__cause__, "sqlstate", None)
    response.has_lost_connection = state is None or state.startswith(ENDED)
    return response
