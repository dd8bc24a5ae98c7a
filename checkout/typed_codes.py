"""The field for promotion codes, in the basket and in the checkout form."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from checkout import asked, cookies, redeeming, words
from checkout.errors import CartBusy, CodeRefused, TooManyCodes
from home import visitor


@dataclass(frozen=True)
class Refused:
    """What was typed, what is wrong with it, and the status of the page saying so."""

    typed: str
    words: str
    status: int


def has_any(request: HttpRequest) -> bool:
    return "drop" in request.POST or bool(asked.code(request.POST))


def take(request: HttpRequest) -> Refused | None:
    """Put the code that was typed into the visitor's basket, or take theirs out when
    they ask for that. What stands against it, if anything does."""
    token, typed, now = (
        cookies.cart_token(request),
        asked.code(request.POST),
        timezone.now(),
    )
    try:
        if "drop" in request.POST:
            redeeming.drop(token, now=now)
        elif typed:
            network = visitor.fingerprint(request, "checkout.code")
            redeeming.redeem(token, typed, network=network, now=now)
    except CodeRefused:
        return Refused(typed, words.code_refused(), 422)
    except TooManyCodes:
        return Refused(typed, words.too_many_codes(), 429)
    except CartBusy:
        return Refused(typed, _("The basket is busy; try again"), 409)
    return None
