"""Where a form comes from and where it leads: both are this shop.

Forms on pages that are the same for everyone carry no token: instead the browser says
where a request comes from."""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

SAFE = {"GET", "HEAD", "OPTIONS"}


def comes_from_here(request) -> bool:
    """Whether the request was made by a page of this shop, or by no browser at all.

    Browsers of the last years send Sec-Fetch-Site, older ones at least Origin with
    every POST. A client that sends neither is no browser and carries nobody's cookies
    but its own, so there is nothing to forge.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}"


def same_origin_required(view):
    """Refuse with 403 what another site sent; in place of Django's CSRF token. Looking
    is for everyone, wherever they come from."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if request.method not in SAFE and not comes_from_here(request):
            raise PermissionDenied("The form was sent by another site.")
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def next_path(request, otherwise: str = "/") -> str:
    """Where a form wants to go afterwards, if that is a path of this shop."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None
    )
    return wanted if is_ours else otherwise
