"""Stripe: a PaymentIntent on Stripe's own page, through its SDK.

The page is a Checkout Session, so that no script and no card number comes near the
shop. It makes the PaymentIntent, which is what is asked about, captured, cancelled and
refunded from then on; its metadata carry the payment's ``key``.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import stripe
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from checkout.providers import Notice, NoticeRefused, ProviderSilent, Report, State
from checkout.providers.signatures import TOLERANCE
from shop.money import PLACES

logger = logging.getLogger(__name__)

HEADER = "Stripe-Signature"
TIMEOUT_S = 10
STATES = {
    "requires_payment_method": State.WAITING,
    "requires_action": State.WAITING,
    "processing": State.WAITING,
    "requires_confirmation": State.READY,
    "requires_capture": State.AUTHORIZED,
    "succeeded": State.CAPTURED,
    "canceled": State.FAILED,
}
REFUSALS = (stripe.InvalidRequestError, stripe.CardError)
OVER = (State.CAPTURED, State.FAILED)
UNHEARD = Report(State.UNHEARD, "", Decimal(0), "")


class StripeProvider:
    code = "stripe"
    label = _("Card")

    def start(
        self, *, key: str, amount: Decimal, currency: str, return_url: str
    ) -> Report:
        about = {"metadata": {"key": key}}
        capture = "manual" if settings.PAYMENT_CAPTURED_SEPARATELY else "automatic"
        item = {
            "currency": currency.lower(),
            "unit_amount": _units(amount, currency),
            "product_data": {"name": settings.WAGTAIL_SITE_NAME},
        }
        page: Any = about | {
            "mode": "payment",
            "line_items": [{"price_data": item, "quantity": 1}],
            "payment_intent_data": about | {"capture_method": capture},
            "client_reference_id": key,
            "success_url": return_url,
            "cancel_url": return_url,
            "expand": ["payment_intent"],
        }
        sessions = _client().v1.checkout.sessions
        return _of_session(
            _asked(lambda: sessions.create(page, {"idempotency_key": key}))
        )

    def fetch(self, *, key: str, reference: str | None) -> Report:
        # Without a reference nobody was ever told the page's address.
        return _found(reference) if reference else UNHEARD

    def confirm(self, *, key: str, reference: str) -> Report:
        return _step("confirm", reference)

    def capture(self, *, key: str, reference: str, amount: Decimal) -> Report:
        return _step("capture", reference)

    def void(self, *, key: str, reference: str | None) -> Report:
        if not reference:
            return UNHEARD
        found = _found(reference)
        if found.reference.startswith("cs_") and found.state == State.WAITING:
            sessions = _client().v1.checkout.sessions
            found = _tried(lambda: sessions.expire(reference), reference)
        # The shopper may have been quicker: then there is an intent to be dropped.
        if found.reference.startswith("pi_") and found.state not in OVER:
            found = _step("cancel", found.reference)
        return found

    def refund(self, *, key: str, reference: str, amount: Decimal) -> None:
        intent = _asked(lambda: _client().v1.payment_intents.retrieve(reference))
        units = _units(amount, intent.currency.upper())
        _asked(
            lambda: _client().v1.refunds.create(
                {"payment_intent": reference, "amount": units}, {"idempotency_key": key}
            )
        )

    def read_notice(
        self, body: bytes, headers: Mapping[str, str], *, now: datetime
    ) -> Notice:
        secret = settings.STRIPE_WEBHOOK_SECRET
        tolerance = int(TOLERANCE.total_seconds())
        try:
            event = stripe.Webhook.construct_event(
                body, headers.get(HEADER), secret, tolerance
            )
            return _notice(event)
        except stripe.SignatureVerificationError as error:
            raise NoticeRefused("not signed by Stripe, or too old") from error
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise NoticeRefused("not to be read") from error


def _step(deed: str, reference: str) -> Report:
    """Take a step with a PaymentIntent. It takes each once by itself; a key of ours
    would only have Stripe repeat a refusal when the step is open at last."""
    intents = _client().v1.payment_intents
    return _tried(lambda: getattr(intents, deed)(reference), reference)


def _tried(call, reference: str) -> Report:
    """What became of it. A step that it is not open to (any more) changes nothing.

    Raises:
        ProviderSilent
    """
    try:
        _asked(call)
    except ProviderSilent as error:
        if not isinstance(error.__cause__, REFUSALS):
            raise
    return _found(reference)


@cache
def _client_of(secret: str, api: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        secret,
        base_addresses={"api": api} if api else {},
        http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
        max_network_retries=1,
    )


def _client() -> stripe.StripeClient:
    return _client_of(settings.STRIPE_SECRET_KEY, settings.STRIPE_API)


def _asked(call):
    """What Stripe answers.

    Raises:
        ProviderSilent: it did not, or it has refused; the cause says which.
    """
    try:
        return call()
    except stripe.StripeError as error:
        why = error.code or type(error).__name__
        logger.warning("Stripe gave no answer: %s.", why)
        raise ProviderSilent(why) from error


def _found(reference: str) -> Report:
    """
    Raises:
        ProviderSilent
    """
    api = _client().v1
    if reference.startswith("cs_"):
        page: Any = {"expand": ["payment_intent"]}
        return _of_session(
            _asked(lambda: api.checkout.sessions.retrieve(reference, page))
        )
    return _of_intent(_asked(lambda: api.payment_intents.retrieve(reference)))


def _of_session(session) -> Report:
    """A page that was left open, is over, or has made its PaymentIntent. While it is
    open it is what is waited for, whatever the intent says of one card on it."""
    if session.payment_intent and session.status != "open":
        return _of_intent(session.payment_intent)
    currency = session.currency.upper()
    return Report(
        state=State.FAILED if session.status == "expired" else State.WAITING,
        reference=session.id,
        amount=_amount(session.amount_total, currency),
        currency=currency,
        action_url=session.url or "",
        failure="page expired" if session.status == "expired" else "",
    )


def _of_intent(intent) -> Report:
    state = STATES.get(intent.status, State.WAITING)
    currency = intent.currency.upper()
    units = intent.amount_received if state == State.CAPTURED else intent.amount
    error = intent.last_payment_error
    return Report(
        state=state,
        reference=intent.id,
        amount=_amount(units, currency),
        currency=currency,
        failure=(error.code or "")[:60] if error else "",
    )


def _notice(event) -> Notice:
    """Of what is about a payment; anything else is kept and names none."""
    about = event.data.object
    if about.object == "payment_intent":
        report, key = _of_intent(about), getattr(about.metadata, "key", "")
    else:
        report, key = UNHEARD, ""
    return Notice(event.id[:120], event.type[:60], key, report)


def _units(amount: Decimal, currency: str) -> int:
    """In the currency's smallest unit, as Stripe counts."""
    return int(amount.scaleb(PLACES.get(currency, 2)))


def _amount(units: int, currency: str) -> Decimal:
    return Decimal(units).scaleb(-PLACES.get(currency, 2))
