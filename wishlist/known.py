"""Two cookies about logging in and out.

``known`` tells a page's script that there is a list to ask for, and whose it is as far
as one browser needs to tell one person from the next. ``left`` says when somebody last
logged out in this browser, and is signed: a script clears that person's list by it;
what the browser holds from before is offered to the next person, and not taken.
Neither opens anything.
"""

from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac

KNOWN, LEFT = "known", "left"
SALT = "wishlist.left"
KEEP_LEFT_S = 365 * 24 * 3600
# Where people log in and out; the only pages whose answer is looked at.
DOORS = ("/account/", "/admin/logout/")


class KnownCookie:
    """Keeps both cookies right. No page of the shop is touched: it would read a
    session."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith(DOORS):
            _tell(request, response)
        return response


def left_at(request) -> datetime | None:
    """When somebody last logged out in this browser."""
    try:
        seconds = signing.loads(request.COOKIES.get(LEFT, ""), salt=SALT)
    except signing.BadSignature:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def name_of(user) -> str:
    """The same for the same person; leads back to nobody."""
    return salted_hmac("wishlist.known", str(user.pk)).hexdigest()[:16]


def _tell(request, response) -> None:
    told = request.COOKIES.get(KNOWN)
    is_in = request.user.is_authenticated
    name = name_of(request.user) if is_in else None
    if name == told:
        return
    if name:
        _set(response, KNOWN, name, settings.SESSION_COOKIE_AGE)
        return
    response.delete_cookie(KNOWN, samesite="Lax")
    left = signing.dumps(timezone.now().timestamp(), salt=SALT)
    _set(response, LEFT, left, KEEP_LEFT_S)


def _set(response, name: str, value: str, age_s: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=age_s,
        samesite="Lax",
        secure=not settings.DEMO,
    )
