"""Error pages in the shop's own look. The 500 page is a file and needs nothing."""

from pathlib import Path

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from site_config import outage
from site_config.typed import typed

SERVER_ERROR = Path(settings.BASE_DIR / "templates" / "500.html").read_text("utf-8")


def _page(request, status: int, **context) -> HttpResponse:
    response = render(request, f"{status}.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@requires_csrf_token
def bad_request(request, exception=None) -> HttpResponse:
    return _page(request, 400)


@requires_csrf_token
def forbidden(request, exception=None) -> HttpResponse:
    return _page(request, 403)


@requires_csrf_token
def csrf_failure(request, reason="") -> HttpResponse:
    """Who logs in or out in one tab makes the forms in all others invalid: what was
    typed there is sent again, with the token of today, at the press of a button."""
    fields = [field for field in typed(request) if field[0] != "csrfmiddlewaretoken"]
    return _page(request, 403, fields=fields)


@requires_csrf_token
def not_found(request, exception=None) -> HttpResponse:
    return _page(request, 404)


def server_error(request) -> HttpResponse:
    """500 for our own faults; 503 when the database is away or too slow."""
    if error := outage.current():
        return outage.answer(request, error)
    return HttpResponse(SERVER_ERROR, status=500)
