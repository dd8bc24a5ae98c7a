"""What every provider owes the shop, asked of the demo bank and of Stripe alike; then
what is Stripe's own. Stripe is a stand-in on loopback, spoken to through its SDK."""

import json
from datetime import timedelta
from decimal import Decimal

import pytest

from checkout.models import DemoCharge, DemoRefund
from checkout.providers import NoticeRefused, ProviderSilent, State, fake
from checkout.providers.signatures import sign
from tests.builders import NOON
from tests.checkout.stripe_stand_in import SECRET, WEBHOOK_SECRET, Stripe

pytestmark = pytest.mark.django_db
BACK = "http://testserver/order/x/paid/"
TEN = Decimal("10.00")


@pytest.fixture(scope="module")
def stand_in():
    stripe = Stripe()
    yield stripe
    stripe.close()


@pytest.fixture
def stripe(stand_in, settings):
    """Stripe's books, and a shop that pays through it."""
    pytest.importorskip("stripe", reason="the extra `stripe` is not installed")
    settings.PAYMENT_PROVIDERS = ["checkout.providers.stripe.StripeProvider"]
    settings.STRIPE_SECRET_KEY, settings.STRIPE_API = SECRET, stand_in.url
    settings.STRIPE_WEBHOOK_SECRET = WEBHOOK_SECRET
    yield stand_in
    stand_in.fails.clear()


class AtTheDemoBank:
    """What a shopper does at the provider, and what its books say of refunds."""

    provider = fake.FakeProvider()

    def pay(self, reference: str) -> None:
        self._present(reference, fake.Card.PAYS)

    def pass_3ds(self, reference: str) -> None:
        self._present(reference, fake.Card.ASKS)

    def _present(self, reference: str, card: str) -> None:
        fake.present(DemoCharge.objects.get(reference=reference), card)

    def fall_silent(self) -> None:
        DemoCharge.objects.update(silences=1)

    def given_back(self) -> list[Decimal]:
        return list(DemoRefund.objects.values_list("amount", flat=True))


class AtStripe:
    def __init__(self, books: Stripe):
        from checkout.providers.stripe import StripeProvider

        self.provider, self.books = StripeProvider(), books
        books.refunds.clear()

    def pay(self, reference: str) -> None:
        manual = self.books.sessions[reference]["capture_method"] == "manual"
        self.books.pay(reference, "requires_capture" if manual else "succeeded")

    def pass_3ds(self, reference: str) -> None:
        self.books.pay(reference, "requires_confirmation")

    def fall_silent(self) -> None:
        # The SDK tries a connection that was cut once more by itself.
        self.books.fails[:] = [500, None]

    def given_back(self) -> list[Decimal]:
        [cents] = self.books.refunds.values()
        return [Decimal(one) / 100 for one in cents]


@pytest.fixture(params=["fake", "stripe"])
def bank(request):
    if request.param == "fake":
        return AtTheDemoBank()
    return AtStripe(request.getfixturevalue("stripe"))


@pytest.fixture(params=[False, True], ids=["at once", "separately"])
def is_separate(request, settings) -> bool:
    settings.PAYMENT_CAPTURED_SEPARATELY = request.param
    return request.param


def start(bank, key: str, amount=TEN, currency="EUR"):
    return bank.provider.start(
        key=key, amount=amount, currency=currency, return_url=BACK
    )


def test_starting_twice_is_one_payment_and_an_unknown_one_is_unheard_of(bank):
    first, second = start(bank, "once-1"), start(bank, "once-1")

    assert first == second
    assert (first.state, first.amount, first.currency) == (State.WAITING, TEN, "EUR")
    assert first.reference and first.action_url
    assert bank.provider.fetch(key="once-1", reference=first.reference) == first
    for asked in (bank.provider.fetch, bank.provider.void):
        assert asked(key="never", reference=None).state == State.UNHEARD


def test_3d_secure_is_confirmed_and_what_is_held_is_captured_once(bank, is_separate):
    key = f"steps-{is_separate}"
    begun = start(bank, key)
    bank.pass_3ds(begun.reference)

    ready = bank.provider.fetch(key=key, reference=begun.reference)
    known = {"key": key, "reference": ready.reference}
    too_early = bank.provider.capture(**known, amount=TEN)
    confirmed = [bank.provider.confirm(**known) for _n in "12"]
    captured = [bank.provider.capture(**known, amount=TEN) for _n in "12"]

    assert {ready.state, too_early.state} == {State.READY}
    agreed = State.AUTHORIZED if is_separate else State.CAPTURED
    assert {report.state for report in confirmed} == {agreed}
    for report in captured:
        assert (report.state, report.amount) == (State.CAPTURED, TEN)


def test_only_what_is_not_captured_is_given_up(bank, is_separate):
    for n, deed in enumerate((None, bank.pass_3ds, bank.pay)):
        key = f"void-{n}-{is_separate}"
        begun = start(bank, key)
        if deed:
            deed(begun.reference)

        given_up = [
            bank.provider.void(key=key, reference=begun.reference) for _n in "12"
        ]

        kept = deed == bank.pay and not is_separate
        expected = State.CAPTURED if kept else State.FAILED
        assert {report.state for report in given_up} == {expected}


def test_money_goes_back_once_for_each_key(bank):
    begun = start(bank, "back")
    bank.pay(begun.reference)
    paid = bank.provider.fetch(key="back", reference=begun.reference)
    assert paid.state == State.CAPTURED

    for key, amount in (("a", "4.00"), ("a", "4.00"), ("b", "5.50")):
        bank.provider.refund(
            key=f"back-{key}", reference=paid.reference, amount=Decimal(amount)
        )

    assert bank.given_back() == [Decimal("4.00"), Decimal("5.50")]


def test_no_answer_is_silence_and_the_next_is_heard(bank):
    begun = start(bank, "silent")
    known = {"key": "silent", "reference": begun.reference}
    bank.fall_silent()

    with pytest.raises(ProviderSilent):
        bank.provider.fetch(**known)

    assert bank.provider.fetch(**known) == begun


# Stripe's own


def test_amounts_are_in_the_smallest_unit_of_their_currency(stripe):
    bank = AtStripe(stripe)

    for currency, amount, units in (
        ("EUR", "12.34", 1234),
        ("JPY", "1234", 1234),
        ("KWD", "1.230", 1230),
    ):
        begun = start(bank, f"units-{currency}", Decimal(amount), currency)
        assert stripe.sessions[begun.reference]["amount_total"] == units
        assert (begun.amount, begun.currency) == (Decimal(amount), currency)


def test_a_declined_card_leaves_the_page_open_and_a_closed_page_has_failed(stripe):
    bank = AtStripe(stripe)
    begun = start(bank, "declined")
    stripe.pay(begun.reference, "requires_payment_method")
    known = {"key": "declined", "reference": begun.reference}

    assert bank.provider.fetch(**known) == begun
    assert bank.provider.void(**known).state == State.FAILED
    assert bank.provider.fetch(**known).state == State.FAILED


def test_who_pays_while_the_page_is_being_closed_is_heard(stripe, monkeypatch):
    from checkout.providers import stripe as ours

    bank, looked = AtStripe(stripe), ours._found
    begun = start(bank, "quicker")

    def pay_after_looking(reference):
        report = looked(reference)
        if report.state == State.WAITING:
            bank.pay(reference)
        return report

    monkeypatch.setattr(ours, "_found", pay_after_looking)

    given_up = bank.provider.void(key="quicker", reference=begun.reference)

    assert given_up.state == State.CAPTURED


def test_what_stripe_refuses_to_begin_or_to_give_back_is_silence_too(stripe):
    bank = AtStripe(stripe)
    begun = start(bank, "refused")
    bank.pay(begun.reference)
    paid = bank.provider.fetch(key="refused", reference=begun.reference)

    with pytest.raises(ProviderSilent):
        bank.provider.refund(key="more", reference=paid.reference, amount=TEN + 1)
    stripe.fails[:] = [400]
    with pytest.raises(ProviderSilent):
        start(bank, "small")


def test_a_key_that_stripe_does_not_know_is_silence_and_stands_in_no_log(
    stripe, settings, caplog
):
    settings.STRIPE_SECRET_KEY = "sk_test_wrong"

    with pytest.raises(ProviderSilent):
        start(AtStripe(stripe), "key")

    assert "AuthenticationError" in caplog.text
    assert "sk_test" not in caplog.text


def event(about: dict, name="evt_1") -> bytes:
    said = {"id": name, "object": "event", "type": "x.y", "data": {"object": about}}
    return json.dumps(said).encode()


def test_a_notice_is_read_when_it_is_signed_and_fresh(stripe, time_machine):
    time_machine.move_to(NOON, tick=False)
    bank = AtStripe(stripe)
    intent = stripe.pay(start(bank, "told").reference, "succeeded")
    body = event(intent)
    secret = WEBHOOK_SECRET

    def read(body: bytes, signature: str):
        headers = {"Stripe-Signature": signature}
        return bank.provider.read_notice(body, headers, now=NOON)

    told = read(body, sign(body, secret, now=NOON))
    assert (told.event_id, told.key) == ("evt_1", "told")
    assert (told.report.state, told.report.amount) == (State.CAPTURED, TEN)
    other = event({"object": "charge", "id": "ch_1"})
    assert read(other, sign(other, secret, now=NOON)).key == ""

    old = sign(body, secret, now=NOON - timedelta(seconds=301))
    for forged in ("", "nonsense", "t=1,v1=0", sign(body, "another", now=NOON), old):
        with pytest.raises(NoticeRefused):
            read(body, forged)
    with pytest.raises(NoticeRefused):
        read(body + b" ", sign(body, secret, now=NOON))
    for unreadable in (b"", b"[]", b"{}", b'{"id": 1}', b"\xff"):
        with pytest.raises(NoticeRefused):
            read(unreadable, sign(unreadable, secret, now=NOON))
