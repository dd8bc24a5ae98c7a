"""Who is logged in and sees what everyone sees. Pages of the shop hold nothing of a
person, so they need not be made anew for each of those who have an account.

A cookie says so, for pages are given out before any session is read. It is given on the
pages of the account, to whoever has no way into the admin; it is of one session, so
that it says nothing of whoever logs in next, and opens nothing.
"""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "shopper"
ADMIN = "wagtailadmin.access_admin"


def is_one(request) -> bool:
    """Whether the cookies are of a shopper's session. Asks nobody."""
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    told = request.COOKIES.get(COOKIE, "")
    return bool(session and told) and constant_time_compare(told, _word(session))


def tell(request, response) -> None:
    """Let the cookie be right for the session that a response leaves behind."""
    session, told = request.session.session_key, request.COOKIES.get(COOKIE)
    word = _word(session) if session else ""
    if told and told == word:
        return
    if word and request.user.is_authenticated and not request.user.has_perm(ADMIN):
        response.set_cookie(
            COOKIE,
            word,
            max_age=settings.SESSION_COOKIE_AGE,
            httponly=True,
            samesite="Lax",
            secure=not settings.DEMO,
        )
    elif told:
        response.delete_cookie(COOKIE, samesite="Lax")


def _word(session: str) -> str:
    return salted_hmac("home.shopper", session).hexdigest()[:32]
