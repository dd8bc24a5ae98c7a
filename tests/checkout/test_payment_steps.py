"""Payments that are confirmed and captured in steps of their own, and a whole purchase
through Stripe's page. Every test ends with the invariants."""

from datetime import timedelta

import pytest
from django.test import Client

from checkout import lapsed, payments
from checkout.cancelling import cancel
from checkout.models import DemoCharge, Order, Payment
from checkout.providers import Report, State, fake
from checkout.providers.signatures import sign
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.stripe_stand_in import WEBHOOK_SECRET
from tests.checkout.test_payments import (
    LATER,
    an_order,
    begun,
    present,
    status_of,
    told,
)
from tests.checkout.test_providers import AtStripe, event, stand_in, stripe

__all__ = ["stand_in", "stripe"]
pytestmark = pytest.mark.django_db
# What workers and threads have to see.
commits = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _shop(db, settings, time_machine):
    settings.PAYMENT_CAPTURED_SEPARATELY = True
    time_machine.move_to(NOON, tick=False)
    a_shop_that_delivers()
    yield
    assert_invariants()


def charge_state() -> str:
    return DemoCharge.objects.get().state


@pytest.mark.parametrize("card", [fake.Card.PAYS, fake.Card.ASKS])
def test_who_comes_back_from_the_bank_has_paid(client, card):
    order = an_order()
    charge = present(begun(order), card)
    assert charge.state != DemoCharge.State.CAPTURED

    for _n in "12":
        client.get(f"/order/{order.token}/paid/")

    assert status_of(order) == Order.Status.PAID
    assert charge_state() == DemoCharge.State.CAPTURED


@commits
def test_a_notice_of_who_did_not_come_back_has_a_job_take_the_steps():
    order = an_order()
    charge = present(begun(order), fake.Card.ASKS)

    assert [told(charge).status_code for _n in "12"] == [200, 200]
    assert status_of(order) == Order.Status.PREPARED
    start_jobs_now()
    work_off_jobs()

    assert status_of(order) == Order.Status.PAID
    assert charge_state() == DemoCharge.State.CAPTURED


def test_what_nobody_told_of_is_captured_by_the_sweep():
    order = an_order()
    present(begun(order), fake.Card.ASKS)

    lapsed.sweep(now=LATER)

    assert status_of(order) == Order.Status.PAID


def test_of_an_order_that_was_cancelled_nothing_is_taken():
    order = an_order()
    payment = begun(order)
    cancel(order.pk, key="all", now=NOON)
    present(payment, fake.Card.PAYS)

    payments.ask(payment, now=NOON)

    assert charge_state() == DemoCharge.State.FAILED
    assert Payment.objects.get().status == Payment.Status.FAILED


def test_another_amount_than_the_orders_is_not_taken(monkeypatch):
    order = an_order()
    payment = begun(order)
    present(payment, fake.Card.PAYS)
    DemoCharge.objects.update(amount=1)

    payments.ask(payment, now=NOON)

    assert charge_state() == DemoCharge.State.FAILED
    assert status_of(order) == Order.Status.PREPARED
    late = Report(State.AUTHORIZED, "r", payment.amount, "EUR")
    assert payments.hear(payment.pk, late, now=NOON).status == Payment.Status.FAILED


def test_who_begins_again_is_led_on_from_where_they_are():
    order = an_order()
    present(begun(order), fake.Card.PAYS)

    again = begun(order)

    assert again.status == Payment.Status.CAPTURED
    assert status_of(order) == Order.Status.PAID


# Through Stripe's page


def an_order_by_stripe() -> Order:
    cart = a_cart((a_variant(price="5.00", stock=5), 1))
    return place(cart, payment_method="stripe")


def tell(about: dict, name: str, secret=WEBHOOK_SECRET) -> int:
    body = event(about, name)
    headers = {"Stripe-Signature": sign(body, secret, now=NOON)}
    kind = "application/json"
    client = Client()
    return client.post(
        "/webhooks/stripe/", body, content_type=kind, headers=headers
    ).status_code


@commits
def test_from_the_order_to_stripe_and_back_and_the_money_returns(client, stripe):
    order = an_order_by_stripe()
    bank = AtStripe(stripe)
    on = client.get(f"/order/{order.token}/pay/").url
    assert on.startswith("https://checkout.stripe.com/")
    session_id = Payment.objects.get().reference
    back = f"http://testserver/order/{order.token}/paid/"
    assert stripe.sessions[session_id]["success_url"] == back
    bank.pass_3ds(session_id)

    client.get(back)

    assert status_of(order) == Order.Status.PAID
    cancel(order.pk, key="all", now=NOON)
    start_jobs_now()
    work_off_jobs()
    assert Payment.objects.get().refunded == order.total
    assert bank.given_back() == [order.total]


@commits
def test_stripes_notices_are_heard_once_and_strange_ones_change_nothing(client, stripe):
    order = an_order_by_stripe()
    client.get(f"/order/{order.token}/pay/")
    intent = stripe.pay(Payment.objects.get().reference, "requires_capture")

    assert tell(intent, "evt_1", secret="another") == 400
    assert tell({"object": "charge", "id": "ch_1"}, "evt_2") == 200
    assert [tell(intent, "evt_3") for _n in "12"] == [200, 200]
    start_jobs_now()
    work_off_jobs()
    assert tell(intent | {"status": "canceled"}, "evt_4") == 200

    assert status_of(order) == Order.Status.PAID
    assert intent["status"] == "succeeded"


def test_a_silent_stripe_is_a_page_and_its_page_is_closed_when_the_hold_lapses(
    client, stripe
):
    order = an_order_by_stripe()
    pay = f"/order/{order.token}/pay/"
    # Begun there, and the answer lost twice: the SDK asks again by itself.
    stripe.fails[:] = [500, None]
    assert client.get(pay).status_code == 503
    assert Payment.objects.get().reference is None
    client.get(pay)
    session = stripe.sessions[Payment.objects.get().reference]

    lapsed.sweep(now=NOON + timedelta(minutes=20))

    assert session["status"] == "expired"
    assert status_of(order) == Order.Status.CANCELLED
