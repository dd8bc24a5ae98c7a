"""Why an order could not be placed as it stands: what the 409 page says on top."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout import countries, showing, words
from checkout.errors import (
    CartBusy,
    CartChanged,
    CheckoutError,
    CouponRefused,
    DeliveryNotOffered,
    KeyReused,
    LineFull,
    NotForSale,
    OutOfStock,
    OverTheCap,
    SaleClosed,
    SetAside,
    TotalChanged,
    TotalUnread,
)
from checkout.review import Review


@dataclass(frozen=True)
class Problem:
    title: str
    lines: list[str]
    # Where it goes on from here, when not in this form: words and address.
    way_on: tuple[str, str] | None = None


def of(refusal: CheckoutError, currency: str) -> Problem:
    match refusal:
        case TotalChanged():
            title = _("The total has changed; nothing has been ordered yet")
            return Problem(title, words.total_changed(refusal))
        case OutOfStock():
            title = _("Not everything is left; nothing has been ordered yet")
            return Problem(title, [words.short(line) for line in refusal.lines])
        case NotForSale():
            title = _("A piece has been withdrawn; nothing has been ordered yet")
            return Problem(title, [words.withdrawn(t) for t in refusal.titles])
        case CouponRefused():
            title = _("A promotion has changed; nothing has been ordered yet")
            change = words.total_changed(refusal.change) if refusal.change else []
            why = words.coupon_refused(refusal, currency)
            return Problem(title, [why, *change])
        case DeliveryNotOffered():
            title = _("That way of delivery is not offered")
            place = {"country": countries.name(refusal.country)}
            return Problem(title, [_("Choose another for %(country)s.") % place])
        case CartBusy():
            title = _("Many people are ordering these pieces right now")
            return Problem(title, [_("Nothing has been ordered yet; try again.")])
        case LineFull():
            title = _("So many are ordering that the line is full")
            again = ngettext(
                "Nothing has been ordered yet; try again in %(n)d second.",
                "Nothing has been ordered yet; try again in %(n)d seconds.",
                refusal.retry_after_s,
            )
            return Problem(title, [again % {"n": refusal.retry_after_s}])
        case OverTheCap():
            title = _("That is more than one customer may have")
            return Problem(title, [words.over_the_cap(refusal)])
        case CartChanged():
            title = _("The basket was changed while its order waited")
            return Problem(title, [_("Nothing has been ordered; look at it again.")])
        case SaleClosed():
            title = _("The sale was closed before it was your turn")
            return Problem(title, [_("Nothing has been ordered or charged.")])
        case SetAside():
            title = _("Something went wrong here, and it is not your fault")
            lines = [_("Nothing has been ordered. We have been told of it.")]
            return Problem(title, lines)
        case KeyReused():
            title = _("This form was sent before; nothing has been changed")
            became = _("It became order %(number)s, with what it said then.")
            order = reverse("checkout:order", args=[refusal.order_token])
            lines = [became % {"number": refusal.number}]
            return Problem(title, lines, (_("To the order"), order))
        case TotalUnread():
            title = _("Please look at the total once more")
            return Problem(title, [_("It did not arrive with the form.")])
    raise refusal


def of_changes(seen: Review) -> Problem | None:
    """What has changed since the shopper last looked, if anything has."""
    if sentences := showing.changes(seen):
        return Problem(_("Something has changed since you last looked"), sentences)
    return None


def of_form_again(
    seen: Review, refusal: CheckoutError | None, expected_total: Decimal | None
) -> Problem | None:
    """What to say on top of a form that comes back: why, and every price that is not
    the one last shown, so that no total changes in silence."""
    if refusal is None and expected_total is not None:
        refusal = seen.total_changed(expected_total)
    if refusal is None:
        return of_changes(seen)
    problem = of(refusal, seen.quote.currency)
    prices = showing.price_changes(seen)
    lines = list(dict.fromkeys([*prices, *problem.lines]))
    return replace(problem, lines=lines)
