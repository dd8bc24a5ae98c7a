"""The sentences of cart and checkout: facts in, words out."""

from datetime import date

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout import shipping
from checkout.errors import (
    CouponRefused,
    OverTheCap,
    PriceStep,
    QuantityRefused,
    ShortLine,
    TotalChanged,
)
from checkout.models import Cart
from checkout.models.cart import MOST_OF_ONE
from checkout.promotions import Discount, Reason
from shop.money import written

Refused = QuantityRefused.Reason


def only_left(left: int) -> str:
    return ngettext("Only %(n)d is left", "Only %(n)d are left", left) % {"n": left}


def over_the_cap(refusal: OverTheCap) -> str:
    sentence = _("%(title)s: at most %(n)d for each customer.")
    if refusal.before:
        sentence = _("%(title)s: at most %(n)d for each customer; you have %(before)d.")
    return sentence % {
        "title": refusal.title,
        "n": refusal.most,
        "before": refusal.before,
    }


def quantity_refused(refusal: QuantityRefused) -> str:
    """What stands beside the field."""
    match refusal.reason:
        case Refused.NOT_A_NUMBER:
            return _("Write a whole number, such as 2")
        case Refused.TOO_MANY:
            return _("Write a number up to %(most)d") % {"most": MOST_OF_ONE}
        case Refused.ABOVE_STOCK if refusal.in_cart:
            return _("%(only_left)s, and %(n)d already in your basket") % {
                "only_left": only_left(refusal.left),
                "n": refusal.in_cart,
            }
        case Refused.ABOVE_STOCK:
            return only_left(refusal.left)
        case Refused.SOLD_OUT:
            return _("Sold out")
        case Refused.NOT_FOR_SALE:
            return _("No longer for sale")
        case Refused.CART_IS_FULL:
            return _("The basket is full; order these pieces first")
        case Refused.LIST_IS_FULL:
            return _("So much is saved already; take something out of there first")


def price_step(step: PriceStep, currency: str) -> str:
    difference = abs(step.new - step.old)
    sentence = (
        _("%(title)s now costs %(new)s instead of %(old)s, that is %(by)s less.")
        if step.new < step.old
        else _("%(title)s now costs %(new)s instead of %(old)s, that is %(by)s more.")
    )
    sentence %= {
        "title": step.title,
        "new": written(step.new, currency),
        "old": written(step.old, currency),
        "by": written(difference, currency),
    }
    if step.until is None:
        return sentence
    return _("%(sentence)s It is in a sale until %(moment)s.") % {
        "sentence": sentence,
        "moment": date_format(localtime(step.until), "j F, H:i"),
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


def merged(cart: Cart) -> list[str]:
    """What came into the basket at log-in, a sentence each; see ``cart.find_own``."""
    news = getattr(cart, "news", None)
    if not news:
        return []
    sentences = [_merged_line(*line[2:]) for line in news["lines"]]
    if news["code_left"]:
        facts = {"new": cart.coupon_code, "old": news["code_left"]}
        sentences.append(_("Code %(new)s counts instead of %(old)s.") % facts)
    return sentences


def _merged_line(title: str, guest: int, before: int, after: int, place: str) -> str:
    facts = {"title": title, "n": after, "guest": guest, "before": before}
    if place == "saved":
        return _("%(title)s is saved for later.") % facts
    if not before:
        return _("%(title)s: %(n)d, from this visit.") % facts
    sentence = _(
        "%(title)s: %(n)d, the greater of %(guest)d here and %(before)d there."
    )
    return sentence % facts


def total_changed(change: TotalChanged) -> list[str]:
    """Each difference in a sentence, the new total last."""
    sentences = [price_step(step, change.currency) for step in change.changes]
    if change.rest:
        sentence = (
            _("Delivery, tax, quantities or promotions make %(amount)s more.")
            if change.rest > 0
            else _("Delivery, tax, quantities or promotions make %(amount)s less.")
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


def discount(found: Discount) -> str:
    """How a discount is called: by its code, else by its name."""
    if found.rule.code:
        return _("Code %(code)s") % {"code": found.rule.code}
    return found.rule.name


def coupon_refused(refusal: CouponRefused, currency: str) -> str:
    """Why a promotion takes nothing off, and what would make it."""
    facts = {"name": refusal.name, "instead": refusal.instead}
    match refusal.reason:
        case Reason.UNKNOWN:
            return _("%(name)s is no longer offered.") % facts
        case Reason.NOT_YET:
            return _("%(name)s begins on %(day)s.") % (facts | {"day": _day(refusal)})
        case Reason.OVER:
            return _("%(name)s ended on %(day)s.") % (facts | {"day": _day(refusal)})
        case Reason.USED_UP:
            return _("%(name)s has been used as often as there was of it.") % facts
        case Reason.USED_BEFORE:
            return _("%(name)s counts for one order per customer.") % facts
        case Reason.NOTHING_IN_SCOPE:
            return _("%(name)s is not for the pieces in your basket.") % facts
        case Reason.BELOW_LEAST_TOTAL:
            missing = written(refusal.missing, currency)
            sentence = _("%(name)s counts once there is %(missing)s more to count.")
            return sentence % (facts | {"missing": missing})
        case Reason.TOO_FEW:
            n = int(refusal.missing)
            return ngettext(
                "%(name)s counts with %(n)d more piece.",
                "%(name)s counts with %(n)d more pieces.",
                n,
            ) % (facts | {"n": n})
        case Reason.NOTHING_LEFT:
            return _("There is nothing left for %(name)s to take off.") % facts
        case Reason.OUTWEIGHED:
            sentence = _("%(instead)s takes more off; %(name)s does not add to it.")
            return sentence % facts


def code_refused() -> str:
    """The same for every code that does nothing, whatever the reason."""
    return _(
        "This code takes nothing off this basket. Look at its letters, its dates, the "
        "pieces it is for and the total it asks for."
    )


def too_many_codes() -> str:
    return _("Too many codes were tried; try again in an hour")


def _day(refusal: CouponRefused) -> str:
    return date_format(localtime(refusal.when), "j F")


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
