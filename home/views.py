"""Small forms of every page; both lead back to where they were sent from."""

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponseRedirect
from django.views.decorators.http import require_POST

from home import appearance
from home.same_origin import next_path, same_origin_required

LONGEST_KEY = 64


@require_POST
@same_origin_required
def choose_appearance(request):
    theme = request.POST.get("theme")
    response = _back(request)
    if theme in appearance.THEMES:
        _remember(request, response, appearance.THEME_COOKIE, theme)
    elif theme == "system":
        response.delete_cookie(appearance.THEME_COOKIE, samesite="Lax")
    else:
        raise SuspiciousOperation("No such appearance.")
    return response


@require_POST
@same_origin_required
def hide_announcement(request):
    key = request.POST.get("announcement", "")
    if not key.isalnum() or not key.isascii() or len(key) > LONGEST_KEY:
        raise SuspiciousOperation("No such announcement.")
    response = _back(request)
    _remember(request, response, appearance.HIDDEN_COOKIE, key)
    return response


def _remember(request, response, name: str, value: str) -> None:
    response.set_cookie(
        name,
        value,
        max_age=appearance.KEEP_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _back(request) -> HttpResponseRedirect:
    """303 to where the form was sent from, else to the front."""
    return HttpResponseRedirect(next_path(request), status=303)
