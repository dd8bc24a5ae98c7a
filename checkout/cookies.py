"""Two cookies: ``cart`` names the cart and is for the server alone; ``basket`` is the
number of pieces, which a page's script shows in the header."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from checkout.models import Cart

CART, BASKET = "cart", "basket"
KEEP_S = 90 * 24 * 3600


def cart_token(request: HttpRequest) -> str:
    return request.COOKIES.get(CART, "")


def remember_cart(response: HttpResponse, cart: Cart) -> None:
    _set(response, CART, cart.token, httponly=True)


def show_pieces(response: HttpResponse, pieces: int) -> None:
    if pieces:
        _set(response, BASKET, str(pieces), httponly=False)
    else:
        response.delete_cookie(BASKET, samesite="Lax")


def _set(response: HttpResponse, name: str, value: str, *, httponly: bool) -> None:
    response.set_cookie(
        name,
        value,
        max_age=KEEP_S,
        httponly=httponly,
        samesite="Lax",
        secure=not settings.DEMO,
    )
