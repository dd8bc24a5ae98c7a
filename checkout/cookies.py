"""Three cookies: ``cart`` names a guest's cart and is for the server alone; ``basket``
is the number of pieces, which a page's script shows in the header; ``crowd`` is a word
to whatever stands in front of the web processes.

An account's cart is found by who is logged in and named in no cookie: who logs out
leaves it behind, and a cookie that was copied opens nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from checkout import cart as carts
from checkout.models import Cart

CART, BASKET, CROWD = "cart", "basket", "crowd"
IN_A_CROWD_S = 3600


def customer_id(request: HttpRequest) -> int | None:
    """The account of the visitor. Guests have no session, and none is asked for."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user.pk if request.user.is_authenticated else None


def cart_token(request: HttpRequest) -> str:
    """The token of the account's cart, else of the cookie's."""
    account = customer_id(request)
    own = carts.token_of(account) if account else ""
    return own or request.COOKIES.get(CART, "")


def cart(request: HttpRequest) -> Cart | None:
    """The visitor's open cart."""
    account = customer_id(request)
    own = carts.find_own(account) if account else None
    return own or carts.find(request.COOKIES.get(CART, ""))


def remember_cart(response: HttpResponse, cart: Cart) -> None:
    if cart.customer_id is None:
        _set(response, CART, cart.token, httponly=True)


def show_pieces(response: HttpResponse, pieces: int) -> None:
    if pieces:
        _set(response, BASKET, str(pieces), httponly=False)
    else:
        response.delete_cookie(BASKET, samesite="Lax")
        response.delete_cookie(CROWD, samesite="Lax")


def join_crowd(response: HttpResponse) -> None:
    """They want what many want at one moment, and may be served by web processes of
    their own, so that nobody else waits behind them (docs/flash-sales.md). It opens
    nothing, and nothing goes by it here."""
    _set(response, CROWD, "1", httponly=True, max_age=IN_A_CROWD_S)


class BasketCount:
    """Middleware: after a log-in the header counts the account's pieces, after a
    log-out none. Who logs somebody in or out notes ``request.basket_pieces``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        pieces = getattr(request, "basket_pieces", None)
        if pieces or (pieces == 0 and BASKET in request.COOKIES):
            show_pieces(response, pieces)
        return response


def _set(
    response: HttpResponse,
    name: str,
    value: str,
    *,
    httponly: bool,
    max_age: int | None = None,
) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age or settings.CART_DAYS * 24 * 3600,
        httponly=httponly,
        samesite="Lax",
        secure=not settings.DEMO,
    )
