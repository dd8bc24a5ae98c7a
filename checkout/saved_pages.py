"""The door to what is saved for later."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout import asked, cookies, pages, saved, words
from checkout import cart as carts
from checkout.answers import SeeOther, form_of_the_cart
from checkout.errors import CartBusy, QuantityRefused
from home.cacheable import private


@private
@form_of_the_cart
def later(request):
    """A line saved for later, put back, or taken off that list."""
    token, now = cookies.cart_token(request), timezone.now()
    try:
        if line := asked.line(request.POST, "save"):
            saved.save(token, line, now=now)
        elif line := asked.line(request.POST, "back"):
            saved.put_back(token, line, now=now)
        elif line := asked.line(request.POST, "forget"):
            saved.forget(token, line, now=now)
    except QuantityRefused as refusal:
        return _cart_page(request, token, words.quantity_refused(refusal), 422)
    except CartBusy:
        sentence = _("The basket is busy; nothing was changed. Try again.")
        return _cart_page(request, token, sentence, 409)
    response = SeeOther(reverse("checkout:cart"))
    cookies.show_pieces(response, carts.pieces(carts.find(token)))
    return response


def _cart_page(request, token: str, sentence: str, status: int):
    cart = carts.find(token)
    return pages.cart_page(request, cart, errors=[sentence], status=status)
