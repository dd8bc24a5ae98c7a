"""A bank that takes no money: for the demo, and for tests of everything that can go
wrong with one that does. Deterministic: the card decides what happens.

It keeps its own ledger and signs its notices as a real provider would.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from checkout.models.demo_bank import DemoCharge, DemoRefund
from checkout.providers import (
    Notice,
    NoticeRefused,
    ProviderSilent,
    Report,
    State,
)
from checkout.providers.signatures import is_valid

HEADER = "Demo-Bank-Signature"
A_LONG_TIME = 10_000


class Card(models.TextChoices):
    """The cards of the demo; each is a number that shoppers may also type."""

    PAYS = "4242424242424242", _("pays")
    DECLINES = "4000000000000002", _("is declined")
    ASKS = "4000002500003155", _("asks for a code first (3-D Secure)")
    HANGS = "4000000000000259", _("makes the bank hang")
    FAILS_AFTER = "4000000000000341", _("is charged, then the bank fails")
    LOSES_ANSWER = "4000000000009235", _("is charged, and the answer is lost")


class FakeProvider:
    code = "fake"
    label = _("Card, at the demo bank")

    def start(
        self, *, key: str, amount: Decimal, currency: str, return_url: str
    ) -> Report:
        charge, _is_new = DemoCharge.objects.get_or_create(
            key=key,
            defaults={
                "amount": amount,
                "currency": currency,
                "return_url": return_url,
            },
        )
        return report(charge)

    def fetch(self, *, key: str, reference: str | None) -> Report:
        charge = _found(key)
        if charge is None:
            return Report(State.UNHEARD, "", Decimal(0), "")
        return report(charge)

    def confirm(self, *, key: str, reference: str) -> Report:
        ready = DemoCharge.objects.filter(key=key, state=DemoCharge.State.READY)
        ready.update(state=_agreed())
        return report(DemoCharge.objects.get(key=key))

    def capture(self, *, key: str, reference: str, amount: Decimal) -> Report:
        held = DemoCharge.objects.filter(key=key, state=DemoCharge.State.AUTHORIZED)
        held.update(state=DemoCharge.State.CAPTURED, amount=amount)
        return report(DemoCharge.objects.get(key=key))

    def void(self, *, key: str, reference: str | None) -> Report:
        charge = _found(key)
        if charge is None:
            return Report(State.UNHEARD, "", Decimal(0), "")
        DemoCharge.objects.filter(pk=charge.pk, state__in=DemoCharge.OPEN).update(
            state=DemoCharge.State.FAILED, failure="given up"
        )
        charge.refresh_from_db()
        return report(charge)

    def refund(self, *, key: str, reference: str, amount: Decimal) -> None:
        charge = DemoCharge.objects.get(
            reference=reference, state=DemoCharge.State.CAPTURED
        )
        DemoRefund.objects.get_or_create(
            key=key, defaults={"charge": charge, "amount": amount}
        )

    def read_notice(
        self, body: bytes, headers: Mapping[str, str], *, now: datetime
    ) -> Notice:
        secret = settings.DEMO_BANK_SECRET
        if not is_valid(body, headers.get(HEADER, ""), secret, now=now):
            raise NoticeRefused("not signed by the demo bank, or too old")
        try:
            return _notice(json.loads(body))
        except (KeyError, TypeError, ValueError, InvalidOperation) as error:
            raise NoticeRefused("not to be read") from error


def report(charge: DemoCharge) -> Report:
    """What the bank says of a charge, when it does.

    Raises:
        ProviderSilent: as often as the charge has silences left.
    """
    if charge.silences:
        DemoCharge.objects.filter(pk=charge.pk, silences__gt=0).update(
            silences=models.F("silences") - 1
        )
        raise ProviderSilent(charge.reference)
    waits = charge.state == DemoCharge.State.WAITING
    return Report(
        state=State(charge.state),
        reference=charge.reference,
        amount=charge.amount,
        currency=charge.currency,
        action_url=reverse("checkout:bank", args=[charge.reference]) if waits else "",
        failure=charge.failure,
    )


def _found(key: str) -> DemoCharge | None:
    return DemoCharge.objects.filter(key=key).first()


def present(charge: DemoCharge, card: str) -> None:
    """The shopper shows a card to the bank, and has given the code if it asks for one;
    a charge that is over stays as it is."""
    waiting = DemoCharge.objects.filter(pk=charge.pk, state=DemoCharge.State.WAITING)
    match card:
        case Card.PAYS | Card.FAILS_AFTER:
            waiting.update(state=_agreed())
        case Card.ASKS:
            waiting.update(state=DemoCharge.State.READY)
        case Card.LOSES_ANSWER:
            waiting.update(state=_agreed(), silences=2)
        case Card.HANGS:
            waiting.update(silences=A_LONG_TIME)
        case _:
            waiting.update(state=DemoCharge.State.FAILED, failure="card declined")
    charge.refresh_from_db()


def _agreed() -> str:
    """Where a charge is once the bank agrees: taken at once, or held for the shop."""
    is_held = settings.PAYMENT_CAPTURED_SEPARATELY
    return DemoCharge.State.AUTHORIZED if is_held else DemoCharge.State.CAPTURED


def notice_body(charge: DemoCharge, event_id: str) -> bytes:
    """The body of a webhook on a charge, as the bank would send it."""
    said = {
        "id": event_id,
        "type": f"charge.{charge.state}",
        "key": charge.key,
        "reference": charge.reference,
        "state": charge.state,
        "amount": str(charge.amount),
        "currency": charge.currency,
        "failure": charge.failure,
    }
    return json.dumps(said).encode()


def _notice(said: dict) -> Notice:
    told = Report(
        state=State(said["state"]),
        reference=str(said["reference"]),
        amount=Decimal(said["amount"]),
        currency=str(said["currency"]),
        failure=str(said["failure"]),
    )
    return Notice(str(said["id"])[:120], str(said["type"])[:60], said["key"], told)
