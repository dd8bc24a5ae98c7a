"""A customer's addresses: one of them is used first, if there is any."""

from django.contrib.auth import get_user_model
from django.db import transaction

from checkout.customers.forms import FIELDS
from checkout.models import SavedAddress
from checkout.models.address_book import MOST_ADDRESSES


class BookIsFull(Exception):
    """Nobody lives in more places."""


def add(customer, place: dict[str, str]) -> SavedAddress:
    """Write an address into the book; the first one is used first. Locks the customer,
    so that two windows cannot both be first.

    Raises:
        BookIsFull
    """
    with transaction.atomic():
        _lock(customer)
        count = customer.addresses.count()
        if count >= MOST_ADDRESSES:
            raise BookIsFull
        return customer.addresses.create(**place, is_first=count == 0)


def change(address: SavedAddress, place: dict[str, str]) -> None:
    SavedAddress.objects.filter(pk=address.pk).update(**place)


def use_first(address: SavedAddress) -> None:
    with transaction.atomic():
        _lock(address.customer)
        others = address.customer.addresses.exclude(pk=address.pk)
        others.filter(is_first=True).update(is_first=False)
        SavedAddress.objects.filter(pk=address.pk).update(is_first=True)


def beginning(customer, chosen: str = "") -> dict[str, str]:
    """What checkout's form begins with, for a customer: the address whose number is
    ``chosen``, else the one used first. Nothing for a guest."""
    if not customer.is_authenticated:
        return {}
    known = list(customer.addresses.all())
    address = next(
        (a for a in known if str(a.pk) == chosen), known[0] if known else None
    )
    place = {name: getattr(address, name) for name in FIELDS} if address else {}
    return {"email": customer.email} | place


def _lock(customer) -> None:
    get_user_model().objects.select_for_update(no_key=True).get(pk=customer.pk)
