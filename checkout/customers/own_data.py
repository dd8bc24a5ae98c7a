"""What this room knows of a customer (see ``home.accounts.person``)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from checkout import invoices
from checkout.models import (
    Cart,
    CartItem,
    CheckoutAttempt,
    CreditNote,
    Invoice,
    Order,
    OrderEvent,
    OrderLine,
    Payment,
    Redemption,
    Return,
    SavedItem,
)

ADDRESS = ["name", "company", "street", "flat", "postcode", "city", "country", "phone"]
OPEN = [
    Order.Status.PREPARED,
    Order.Status.CONFIRMED,
    Order.Status.PAID,
    Order.Status.PARTLY_FULFILLED,
]
NOBODY = dict.fromkeys([*ADDRESS, "email", "principal", "form_digest"], "") | {
    "customer": None,
    "form_key": None,
}


def export(user) -> dict:
    own = Order.objects.filter(customer=user)
    lines = OrderLine.objects.filter(order__customer=user)
    return {
        "orders": list(
            own.values(
                "number", "placed_at", "status", "total", "currency", "email", *ADDRESS
            )
        ),
        "order_lines": list(
            lines.values("order__number", "sku", "title", "quantity", "unit_price")
        ),
        "order_events": list(
            OrderEvent.objects.filter(order__customer=user).values(
                "order__number", "kind", "happened_at"
            )
        ),
        # What is on paper stays there when all else is forgotten.
        "invoices": list(
            Invoice.objects.filter(order__customer=user).values(
                "order__number", "series__year", "position", "issued_at", "buyer"
            )
        ),
        "credit_notes": list(
            CreditNote.objects.numbered()
            .filter(order__customer=user)
            .values(
                "order__number",
                "series__year",
                "position",
                "issued_at",
                "invoice__buyer",
            )
        ),
        "addresses": list(user.addresses.values("is_first", *ADDRESS)),
        "basket": list(
            CartItem.objects.filter(
                cart__customer=user, cart__converted_at=None
            ).values("title", "quantity", "added_at")
        ),
        "kept_for_later": list(
            SavedItem.objects.filter(cart__customer=user).values(
                "title", "quantity", "saved_at"
            )
        ),
        "places_in_line": list(
            CheckoutAttempt.objects.filter(cart__customer=user).values(
                "clicked_at", "state", "asked"
            )
        ),
        "payments": list(
            Payment.objects.filter(order__customer=user).values(
                "order__number", "provider", "status", "amount", "started_at"
            )
        ),
        "returns": list(
            Return.objects.filter(order__customer=user).values(
                "order__number", "status", "reason", "words", "asked_at"
            )
        ),
        "promotions": list(
            Redemption.objects.filter(_theirs(user)).values(
                "promotion__name", "state", "held_at"
            )
        ),
    }


def obstacle(user) -> str:
    if Order.objects.filter(customer=user, status__in=OPEN).exists():
        return _("An order of yours is on its way. Come back when it has arrived.")
    if Return.objects.open().filter(order__customer=user).exists():
        return _("Pieces of yours are on their way back. Come back when that is done.")
    if Order.objects.filter(
        customer=user, status__in=invoices.SOLD, invoice=None
    ).exists():
        return _("An invoice of yours is being written. Come back in a minute.")
    return ""


def erase(user) -> None:
    """Orders stay, without the person; what was not ordered goes. Invoices, and with
    them credit notes, keep the name and address that they were issued to: the law
    wants both on the paper for years."""
    Redemption.objects.filter(_theirs(user)).update(account=None)
    Cart.objects.filter(customer=user, order=None).delete()
    Return.objects.filter(order__customer=user).update(words="")
    Order.objects.filter(customer=user).update(**NOBODY)


def _theirs(user) -> Q:
    return Q(account=user) | Q(order__customer=user)
