"""Who takes the money. A provider is spoken to outside every transaction, and always
under the payment's key, by which it knows a second asking for the first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string


class State(StrEnum):
    """What became of a payment, as its provider says."""

    WAITING = "waiting"
    # The shopper has done their part (3-D Secure): the shop has to confirm it.
    READY = "ready"
    # The bank holds the money for the shop, which has to capture it.
    AUTHORIZED = "authorized"
    CAPTURED = "captured"
    FAILED = "failed"
    # The provider has never heard of it: it was not charged, and can be given up.
    UNHEARD = "unheard"


@dataclass(frozen=True)
class Report:
    """A provider's word on one payment; ``amount`` in ``currency``."""

    state: State
    reference: str
    amount: Decimal
    currency: str
    action_url: str = ""
    failure: str = ""


@dataclass(frozen=True)
class Notice:
    """A webhook that has proved to be the provider's: ``key`` names our payment."""

    event_id: str
    kind: str
    key: str
    report: Report


class ProviderSilent(Exception):
    """No answer, or none to be understood: nobody knows whether it was charged."""


class NoticeRefused(Exception):
    """Not signed by the provider, too old, or not to be read."""


class Provider(Protocol):
    """``code`` is kept with payments; ``label`` is what shoppers choose by.

    Every method but ``read_notice`` calls the network and may raise ProviderSilent.
    """

    code: str
    label: str

    def start(
        self, *, key: str, amount: Decimal, currency: str, return_url: str
    ) -> Report:
        """Begin a payment, or come back to the one of that key."""

    def fetch(self, *, key: str, reference: str | None) -> Report:
        """What became of it. UNHEARD when the provider does not know the key."""

    def confirm(self, *, key: str, reference: str) -> Report:
        """Go through with a payment that is READY, once; any other stays as it is."""

    def capture(self, *, key: str, reference: str, amount: Decimal) -> Report:
        """Take what is AUTHORIZED, once; any other payment stays as it is."""

    def void(self, *, key: str, reference: str | None) -> Report:
        """Give up a payment that is not captured; a captured one stays so."""

    def refund(self, *, key: str, reference: str, amount: Decimal) -> None:
        """Give back part of a captured payment; once per ``key``."""

    def read_notice(
        self, body: bytes, headers: Mapping[str, str], *, now: datetime
    ) -> Notice:
        """Check the signature over the raw body and its age.

        Raises:
            NoticeRefused
        """


def offered() -> dict[str, Provider]:
    """{code: provider} of those that the shop takes payment through."""
    return {
        provider.code: provider
        for provider in (import_string(path)() for path in settings.PAYMENT_PROVIDERS)
    }


def find(code: str) -> Provider | None:
    return offered().get(code)


def get(code: str) -> Provider:
    """The provider of a payment that is under way.

    Raises:
        ProviderSilent: it has been switched off meanwhile.
    """
    provider = find(code)
    if provider is None:
        raise ProviderSilent(code)
    return provider
