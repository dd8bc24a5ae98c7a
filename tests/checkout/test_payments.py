"""Paying through a provider: each thing that can go wrong with one, and what the shop
makes of it. Every test ends with the invariants."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import lapsed, orders, payments, refunds
from checkout.models import (
    DemoCharge,
    DemoRefund,
    Order,
    OrderEvent,
    Payment,
    PaymentEvent,
    Refund,
)
from checkout.models.order import OrderQuerySet
from checkout.models.payment import PaymentQuerySet
from checkout.payments import NotPayable
from checkout.providers import ProviderSilent, Report, State, fake
from checkout.providers.signatures import sign
from shop.models import Stock
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    all_at_once,
    assert_invariants,
    broken_rules,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_races import once_for_each_of
from tests.faults.repeats import at_once
from tests.faults.unguarded import throw_away_what_was_sold

pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)
BACK = "http://testserver/order/x/paid/"
LATER = NOON + timedelta(minutes=20)
# As ``site_config.databases`` sets it.
LOCK_TIMEOUT_S = 3


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()
    yield
    assert_invariants()


def an_order(stock=5, quantity=1) -> Order:
    cart = a_cart((a_variant(price="5.00", stock=stock), quantity))
    return place(cart, payment_method="fake")


def begun(order: Order, now=NOON) -> Payment:
    return payments.begin(order.pk, return_url=BACK, now=now)


def present(payment: Payment, card: str) -> DemoCharge:
    charge = DemoCharge.objects.get(key=payment.key)
    fake.present(charge, card)
    return charge


def status_of(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def told(charge: DemoCharge, event_id="evt-1", *, now=NOON, **headers):
    body = fake.notice_body(charge, event_id)
    return post_notice(body, sign(body, secret(), now=now), **headers)


def secret() -> str:
    from django.conf import settings

    return settings.DEMO_BANK_SECRET


def post_notice(body: bytes, signature: str, **more):
    return Client().post(
        "/webhooks/fake/",
        body,
        content_type="application/json",
        headers={"Demo-Bank-Signature": signature},
        **more,
    )


@pytest.fixture
def at_noon(time_machine):
    time_machine.move_to(NOON, tick=False)


@commits
def test_a_card_that_pays_makes_the_order_paid_once():
    order = an_order()
    payment = begun(order)
    present(payment, fake.Card.PAYS)

    for _n in range(3):
        payments.ask(Payment.objects.get(), now=NOON)

    row = Stock.objects.get()
    assert status_of(order) == Order.Status.PAID
    assert (row.on_hand, row.reserved) == (4, 0)
    start_jobs_now()
    work_off_jobs()
    assert len(mail.outbox) == 1


def test_beginning_twice_is_one_payment_and_one_charge():
    order = an_order()

    first, second = begun(order), begun(order)

    assert first.pk == second.pk
    assert first.action_url == second.action_url
    assert DemoCharge.objects.count() == 1


@commits
def test_control_who_does_not_look_for_a_payment_under_way_has_the_database_refuse(
    monkeypatch,
):
    order = an_order()
    begun(order)
    monkeypatch.setattr(PaymentQuerySet, "open", PaymentQuerySet.none)

    with pytest.raises(IntegrityError, match="payment_open_once_per_order"):
        begun(order)


def test_beginning_extends_the_hold():
    order = an_order()

    begun(order, now=NOON + timedelta(minutes=10))

    order.refresh_from_db()
    assert order.hold_expires_at == NOON + timedelta(minutes=25)


def test_a_declined_card_leaves_the_order_to_be_paid_again():
    order = an_order()
    present(begun(order), fake.Card.DECLINES)
    declined = payments.ask(Payment.objects.get(), now=NOON)

    assert declined.status == Payment.Status.FAILED
    assert status_of(order) == Order.Status.PREPARED
    again = begun(order)
    assert again.pk != declined.pk
    present(again, fake.Card.PAYS)
    payments.ask(again, now=NOON)
    assert status_of(order) == Order.Status.PAID


def test_what_is_paid_or_cancelled_or_on_invoice_is_not_begun():
    order = an_order()
    present(begun(order), fake.Card.PAYS)
    payments.ask(Payment.objects.get(), now=NOON)
    invoiced = place(a_cart((a_variant(), 1)))

    for done in (order, invoiced):
        with pytest.raises(NotPayable):
            begun(done)


def test_an_order_nobody_pays_lapses_and_gives_its_pieces_back():
    order = an_order()
    lapsed.sweep(now=NOON + timedelta(minutes=14))
    assert status_of(order) == Order.Status.PREPARED

    lapsed.sweep(now=LATER)
    lapsed.sweep(now=LATER)

    assert status_of(order) == Order.Status.CANCELLED
    assert Stock.objects.get().available == 5


def test_a_shopper_who_left_the_bank_is_given_up_there_first():
    order = an_order()
    payment = begun(order)

    lapsed.sweep(now=LATER)

    assert DemoCharge.objects.get().state == DemoCharge.State.FAILED
    assert status_of(order) == Order.Status.CANCELLED
    present(payment, fake.Card.PAYS)
    assert DemoCharge.objects.get().state == DemoCharge.State.FAILED


def test_paid_but_never_heard_of_is_found_by_the_sweep():
    order = an_order()
    present(begun(order), fake.Card.FAILS_AFTER)

    lapsed.sweep(now=LATER)

    assert status_of(order) == Order.Status.PAID


def test_a_bank_that_loses_its_answer_is_asked_again():
    order = an_order()
    present(begun(order), fake.Card.LOSES_ANSWER)
    for _n in range(2):
        with pytest.raises(ProviderSilent):
            payments.ask(Payment.objects.get(), now=NOON)

    payments.ask(Payment.objects.get(), now=NOON)

    assert status_of(order) == Order.Status.PAID


def test_while_the_bank_hangs_the_pieces_are_kept_and_somebody_is_told(caplog):
    order = an_order()
    present(begun(order), fake.Card.HANGS)

    lapsed.sweep(now=LATER)

    order.refresh_from_db()
    assert order.status == Order.Status.PREPARED
    assert order.hold_expires_at == LATER + timedelta(minutes=15)
    assert Payment.objects.get().alerted_at == LATER
    assert Stock.objects.get().available == 4
    assert order.number in caplog.text and order.email not in caplog.text


@commits
def test_control_a_sweep_that_takes_silence_for_a_no_keeps_money_for_nothing(
    monkeypatch,
):
    order = an_order()
    present(begun(order), fake.Card.LOSES_ANSWER)

    def give_up(order_id, now):
        Payment.objects.update(status=Payment.Status.FAILED)

    monkeypatch.setattr(lapsed, "_keep", give_up)
    for _n in range(2):
        lapsed.sweep(now=LATER)

    assert status_of(order) == Order.Status.CANCELLED
    assert DemoCharge.objects.get().state == DemoCharge.State.CAPTURED
    assert not Refund.objects.exists()


def test_a_call_that_died_on_the_way_is_known_to_the_bank_or_given_up(monkeypatch):
    order = an_order()

    def dies(self, **asked):
        raise ProviderSilent("cut off")

    with monkeypatch.context() as patch:
        patch.setattr(fake.FakeProvider, "start", dies)
        with pytest.raises(ProviderSilent):
            begun(order)
    assert Payment.objects.get().status == Payment.Status.STARTED

    lapsed.sweep(now=LATER)

    assert Payment.objects.get().status == Payment.Status.FAILED
    assert status_of(order) == Order.Status.CANCELLED


def lapsed_then_captured(stock: int, others: int) -> Order:
    """An order that lapses while its money is on the way; others buy meanwhile."""
    order = an_order(stock=stock)
    payment = begun(order)
    DemoCharge.objects.update(state=DemoCharge.State.FAILED)
    payments.hear(payment.pk, Report(State.FAILED, "r", Decimal(0), ""), now=NOON)
    second = begun(order)
    Payment.objects.filter(pk=second.pk).update(status=Payment.Status.FAILED)
    lapsed.expire(order.pk, now=LATER)
    for _n in range(others):
        place(a_cart((order.lines.get().variant, 1)))
    # The bank took the money after all: it had been told to give up too late.
    charge = DemoCharge.objects.get(key=second.key)
    charge.state = DemoCharge.State.CAPTURED
    charge.save()
    payments.hear(second.pk, fake.report(charge), now=LATER)
    return order


def test_money_for_a_lapsed_order_sells_it_again_when_there_is_enough():
    order = lapsed_then_captured(stock=5, others=1)

    assert status_of(order) == Order.Status.PAID
    assert Stock.objects.get().available == 3


@commits
def test_money_for_a_lapsed_order_goes_back_once_when_nothing_is_left():
    order = lapsed_then_captured(stock=1, others=1)
    start_jobs_now()
    work_off_jobs()

    assert status_of(order) == Order.Status.CANCELLED
    assert DemoRefund.objects.get().amount == order.total
    assert Refund.objects.get().amount == order.total
    refunds.give_back(Refund.objects.get().pk)
    assert DemoRefund.objects.count() == 1
    [letter] = [letter for letter in mail.outbox if order.number in letter.subject]
    assert "its pieces had gone to others" in letter.body


@commits
def test_control_sold_again_unseen_the_order_has_no_pieces(monkeypatch):
    def sell_unseen(order, payment, now):
        orders.sell(order, Order.Status.PAID, OrderEvent.Kind.PAID, now=now)

    monkeypatch.setattr(payments, "_revive", sell_unseen)

    lapsed_then_captured(stock=1, others=1)

    assert any("a sold one has taken them" in name for name in broken_rules())
    throw_away_what_was_sold()


@commits
def test_another_amount_or_currency_settles_nothing(caplog):
    order = an_order()
    payment = begun(order)
    for amount, currency in ((Decimal("1.00"), "EUR"), (order.total, "USD")):
        told_so = Report(State.CAPTURED, payment.reference, amount, currency)
        payments.hear(payment.pk, told_so, now=NOON)

    assert status_of(order) == Order.Status.PREPARED
    assert "another amount" in caplog.text


# Webhooks


def test_a_notice_pays_the_order_and_the_same_one_again_changes_nothing(at_noon):
    order = an_order()
    charge = present(begun(order), fake.Card.PAYS)

    answers = [told(charge).status_code for _n in range(3)]

    assert answers == [200, 200, 200]
    assert status_of(order) == Order.Status.PAID
    assert PaymentEvent.objects.count() == 1


def letters_on_their_way() -> int:
    letters = ProcrastinateJob.objects.filter(task_name="checkout.send_confirmation")
    return letters.count()


@commits
def test_50_notices_at_once_have_one_effect(at_noon):
    order = an_order()
    charge = present(begun(order), fake.Card.PAYS)

    answers = all_at_once(
        lambda n: told(charge).status_code, range(50), places=at_once(16, 50)
    )

    assert set(answers) <= {200, 503} and 200 in answers
    assert status_of(order) == Order.Status.PAID
    assert PaymentEvent.objects.count() == letters_on_their_way() == 1


@commits
def test_control_without_the_orders_lock_each_has_its_own(at_noon, monkeypatch):
    charge = present(begun(an_order()), fake.Card.PAYS)
    meet, is_news = once_for_each_of(2), payments._is_news

    def is_news_when_both_have_read(payment, report):
        meet()
        return is_news(payment, report)

    monkeypatch.setattr(OrderQuerySet, "lock", lambda self, pk: self.get(pk=pk))
    monkeypatch.setattr(payments, "_is_news", is_news_when_both_have_read)
    all_at_once(lambda n: told(charge, n), ["evt-1", "evt-2"])

    assert letters_on_their_way() == 2


def seconds_of_a_notice_about_an_order_that_somebody_keeps() -> float:
    charge = present(begun(an_order()), fake.Card.PAYS)
    now = timezone.now()

    def tell():
        began = time.monotonic()
        assert told(charge, now=now).status_code == 503
        return time.monotonic() - began

    with transaction.atomic(), ThreadPoolExecutor(1) as pool:
        Order.objects.select_for_update().get()
        return pool.submit(closing_connections(tell)).result()


def closing_connections(deed):
    def done():
        try:
            return deed()
        finally:
            connections.close_all()

    return done


@commits
def test_a_notice_is_answered_within_a_second_whoever_keeps_its_order():
    """Told against the time-out that every other lock has."""
    assert seconds_of_a_notice_about_an_order_that_somebody_keeps() < LOCK_TIMEOUT_S


@commits
def test_control_with_everybodys_patience_a_notice_waits(monkeypatch):
    """Of which there is less here, for it is waited out."""
    options = connections.settings["default"]["OPTIONS"]
    monkeypatch.setitem(options, "options", "-c lock_timeout=1s")
    monkeypatch.setattr(payments, "wait_at_most", lambda limit: None)

    assert seconds_of_a_notice_about_an_order_that_somebody_keeps() >= 1


def test_a_forged_notice_is_refused_and_kept_nowhere(at_noon):
    order = an_order()
    body = fake.notice_body(present(begun(order), fake.Card.PAYS), "e")

    for signature in ("", "t=1,v1=0", "t=x,v1=", "nonsense", "t=99999999999999,v1=00"):
        assert post_notice(body, signature).status_code == 400, signature
        assert status_of(order) == Order.Status.PREPARED
        assert not PaymentEvent.objects.exists()


@commits
def test_control_without_the_signature_anybody_pays(at_noon, monkeypatch):
    order = an_order()
    charge = present(begun(order), fake.Card.PAYS)
    monkeypatch.setattr(fake, "is_valid", lambda *asked, **more: True)

    assert post_notice(fake.notice_body(charge, "e"), "t=1,v1=0").status_code == 200
    assert status_of(order) == Order.Status.PAID


def test_a_notice_is_stale_after_300_seconds_or_as_long_before(at_noon):
    charge = present(begun(an_order()), fake.Card.PAYS)

    def answer(seconds: int) -> int:
        return told(charge, now=NOON + timedelta(seconds=seconds)).status_code

    assert [answer(n) for n in (-301, 301, -300, 300)] == [400, 400, 200, 200]


def test_a_signed_notice_that_cannot_be_read_is_refused(at_noon):
    for body in (b"", b"[]", b"{}", b'{"id": 1}', b"\xff"):
        answer = post_notice(body, sign(body, secret(), now=NOON))
        assert answer.status_code == 400, body


def test_a_notice_of_a_strange_length_is_refused(at_noon):
    body = fake.notice_body(present(begun(an_order()), fake.Card.PAYS), "evt-1")
    signature = sign(body, secret(), now=NOON)

    for length, status in {"65537": 413, "-1": 400, "": 400, "a lot": 400}.items():
        answer = post_notice(body, signature, CONTENT_LENGTH=length)
        assert answer.status_code == status, length
        assert not PaymentEvent.objects.exists()


def test_a_notice_about_a_strange_payment_is_kept_and_harms_nobody(at_noon):
    charge = DemoCharge.objects.create(
        key="x", amount=1, return_url="/", state="failed"
    )

    assert told(charge).status_code == 200
    assert PaymentEvent.objects.get().payment is None


def test_an_unknown_provider_is_not_there():
    assert Client().post("/webhooks/nobody/").status_code == 404
    assert Client().get("/webhooks/fake/").status_code == 405


# Pages


def shopper_with_an_order() -> tuple[Client, Order]:
    from tests.checkout.test_pages import FORM, with_cart

    client = with_cart((a_variant(price="5.00", stock=5), 1))
    said = FORM | {"payment": "fake", "expected_total": "9.90"}
    answer = client.post("/checkout/", said)
    order = Order.objects.get()
    assert answer.url == f"/order/{order.token}/pay/"
    return client, order


def test_from_the_form_to_the_bank_and_back_with_a_plain_client():
    client, order = shopper_with_an_order()
    bank = client.get(f"/order/{order.token}/pay/").url
    assert "Pay €9.90" in client.get(bank).content.decode()

    back = client.post(bank, {"card": fake.Card.ASKS})
    assert "Code from your bank" in back.content.decode()
    back = client.post(bank, {"card": fake.Card.ASKS, "code": "1234"})

    page = client.get(client.get(back.url).url)
    assert status_of(order) == Order.Status.PAID
    assert "Paid" in page.content.decode()


def test_a_wrong_code_is_a_declined_card_and_leads_back_to_the_order():
    client, order = shopper_with_an_order()
    bank = client.get(f"/order/{order.token}/pay/").url

    back = client.post(bank, {"card": fake.Card.ASKS, "code": "9999"})

    page = client.get(client.get(back.url).url).content.decode()
    assert "Pay now" in page and "Not paid yet" in page


def test_a_silent_bank_is_a_page_that_says_what_is_safe():
    client, order = shopper_with_an_order()
    bank = client.get(f"/order/{order.token}/pay/").url
    back = client.post(bank, {"card": fake.Card.HANGS})

    page = client.get(back.url)

    assert (page.status_code, page["Retry-After"]) == (503, "15")
    assert order.number in page.content.decode()


@pytest.mark.parametrize("path", ["/order/x/pay/", "/order/x/paid/", "/demo-bank/x/"])
def test_strange_addresses_are_not_there(path):
    assert Client().get(path).status_code == 404
