"""Orders that a customer placed as a guest become theirs, once the address is proven.

django-allauth says when an address is confirmed and when somebody logs in: an order
may have come in between.
"""

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed, user_logged_in

from checkout.models import Order


def claim(user) -> int:
    """Give the user the guests' orders of all their proven addresses; how many."""
    proven = EmailAddress.objects.filter(user=user, verified=True)
    return sum(
        Order.objects.of_guest(email).update(customer=user)
        for email in proven.values_list("email", flat=True)
    )


def connect() -> None:
    email_confirmed.connect(_confirmed)
    user_logged_in.connect(_logged_in)


def _confirmed(sender, email_address, **kwargs) -> None:
    claim(email_address.user)


def _logged_in(sender, user, **kwargs) -> None:
    claim(user)
