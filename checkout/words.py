"""The sentences of cart and checkout: facts in, words out."""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout import shipping
from checkout.errors import PriceStep, QuantityRefused, ShortLine, TotalChanged
from checkout.models.cart import MOST_OF_ONE
from shop.money import written

Reason = QuantityRefused.Reason


def only_left(left: int) -> str:
    return ngettext("Only %(n)d is left", "Only %(n)d are left", left) % {"n": left}


def quantity_refused(refusal: QuantityRefused) -> str:
    """What stands beside the field."""
    match refusal.reason:
        case Reason.NOT_A_NUMBER:
            return _("Write a whole number, such as 2")
        case Reason.TOO_MANY:
            return _("Write a number up to %(most)d") % {"most": MOST_OF_ONE}
        case Reason.ABOVE_STOCK if refusal.in_cart:
            return _("%(only_left)s, and %(n)d already in your basket") % {
                "only_left": only_left(refusal.left),
                "n": refusal.in_cart,
            }
        case Reason.ABOVE_STOCK:
            return only_left(refusal.left)
        case Reason.SOLD_OUT:
            return _("Sold out")
        case Reason.NOT_FOR_SALE:
            return _("No longer for sale")
        case Reason.CART_IS_FULL:
            return _("The basket is full; order these pieces first")


def price_step(step: PriceStep, currency: str) -> str:
    difference = abs(step.new - step.old)
    sentence = (
        _("%(title)s now costs %(new)s, that is %(difference)s less.")
        if step.new < step.old
        else _("%(title)s now costs %(new)s, that is %(difference)s more.")
    )
    return sentence % {
        "title": step.title,
        "new": written(step.new, currency),
        "difference": written(difference, currency),
    }


def price_badge(step: PriceStep, currency: str) -> str:
    amount = written(abs(step.new - step.old), currency)
    if step.new < step.old:
        return _("%(amount)s less than before") % {"amount": amount}
    return _("%(amount)s more than before") % {"amount": amount}


def short(line: ShortLine) -> str:
    if not line.left:
        return _("%(title)s is sold out.") % {"title": line.title}
    return ngettext(
        "%(title)s: only %(n)d is left, and your basket has %(wanted)d.",
        "%(title)s: only %(n)d are left, and your basket has %(wanted)d.",
        line.left,
    ) % {"title": line.title, "n": line.left, "wanted": line.wanted}


def withdrawn(title: str) -> str:
    return _("%(title)s is no longer for sale.") % {"title": title}


def total_changed(change: TotalChanged) -> list[str]:
    """Each difference in a sentence, the new total last."""
    sentences = [price_step(step, change.currency) for step in change.changes]
    if change.rest:
        sentence = (
            _("Delivery or quantities make %(amount)s more.")
            if change.rest > 0
            else _("Delivery or quantities make %(amount)s less.")
        )
        amount = written(abs(change.rest), change.currency)
        sentences.append(sentence % {"amount": amount})
    words = {
        "total": written(change.total, change.currency),
        "expected": written(change.expected, change.currency),
    }
    return [
        *sentences,
        _("The total is %(total)s instead of %(expected)s.") % words,
    ]


def arrival(method: shipping.Method, day: date) -> str:
    """The method's own promise, else the days on which a parcel arrives."""
    if method.promise:
        return method.promise
    first, last = shipping.arrival(method, day)
    if first == last:
        return date_format(last, "l j F")
    if first.month == last.month:
        return _("%(first)s to %(last)s") % {
            "first": date_format(first, "l j"),
            "last": date_format(last, "l j F"),
        }
    return _("%(first)s to %(last)s") % {
        "first": date_format(first, "l j F"),
        "last": date_format(last, "l j F"),
    }
