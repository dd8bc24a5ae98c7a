from concurrent.futures import ThreadPoolExecutor
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.db import connection, connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from checkout import emails, orders, tasks
from checkout.models import Invoice, Order, OrderEvent
from checkout.orders import settle_order
from home import outbox
from shop.models import Stock
from tests.builders import NOON, a_cart, a_variant
from tests.checkout.ordering import (
    a_shop_that_delivers,
    assert_invariants,
    place,
    start_jobs_now,
    work_off_jobs,
)

pytestmark = pytest.mark.django_db
Kind = OrderEvent.Kind


@pytest.fixture(autouse=True)
def _shop(db):
    a_shop_that_delivers()


def an_order(stock=5, quantity=2) -> Order:
    return place(a_cart((a_variant(stock=stock), quantity)))


def stock() -> tuple[int, int]:
    return Stock.objects.values_list("on_hand", "reserved").get()


def letters_waiting() -> int:
    return ProcrastinateJob.objects.filter(
        task_name="checkout.send_confirmation"
    ).count()


def test_settling_turns_the_reservation_into_a_sale():
    order = an_order(stock=5, quantity=2)
    assert stock() == (5, 2)

    settled = settle_order(order.pk, now=NOON)

    assert settled.status == Order.Status.CONFIRMED
    assert stock() == (3, 0)
    assert letters_waiting() == 1


def test_settling_twice_changes_nothing_more():
    order = an_order()
    settle_order(order.pk, now=NOON)

    settle_order(order.pk, now=NOON)

    assert stock() == (3, 0)
    assert letters_waiting() == 1
    assert order.events.filter(kind=Kind.CONFIRMED).count() == 1


def test_a_cancelled_order_is_not_confirmed_by_a_late_job():
    order = an_order()
    Order.objects.update(status=Order.Status.CANCELLED)

    settle_order(order.pk, now=NOON)

    assert stock() == (5, 2)
    assert letters_waiting() == 0


def test_the_job_settles_what_the_web_process_did_not_live_to():
    order = an_order()

    orders.settle(order_id=order.pk)

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED


@pytest.mark.django_db(transaction=True)
def test_a_settlement_that_fails_leaves_no_letter_behind(monkeypatch):
    order = an_order()
    monkeypatch.setattr("shop.inventory.sell", _die)

    with pytest.raises(RuntimeError):
        settle_order(order.pk, now=NOON)

    assert letters_waiting() == 0
    assert stock() == (5, 2)


@pytest.mark.django_db(transaction=True)
def test_nor_does_it_in_a_worker_whose_jobs_take_another_connection(monkeypatch):
    order = an_order()
    monkeypatch.setattr("shop.inventory.sell", _die)

    with app.replace_connector(app.connector.get_worker_connector()):
        in_a_worker = ThreadPoolExecutor(1).submit(_settle, order.pk)
        assert isinstance(in_a_worker.exception(), RuntimeError)

    assert letters_waiting() == 0


def _settle(order_id: int) -> None:
    try:
        settle_order(order_id, now=NOON)
    finally:
        connections.close_all()


def _die(*args, **kwargs):
    raise RuntimeError("The worker was killed here.")


def test_the_letter_says_what_was_ordered_in_html_and_in_text(settings):
    settings.PUBLIC_URL = "https://shop.example"
    order = an_order()

    emails.send_confirmation(order_id=order.pk)

    [letter] = mail.outbox
    html = letter.alternatives[0].content
    link = f"https://shop.example{order.get_absolute_url()}"
    assert order.number in letter.subject
    assert letter.to == ["marta@example.org"]
    for body in (letter.body, html):
        assert link in body
        assert "€77.90" in body
        assert "Vid serving bowl" in body


def test_one_letter_is_sent_however_often_it_is_asked_for():
    order = an_order()

    emails.send_confirmation(order_id=order.pk)
    emails.send_confirmation(order_id=order.pk)

    assert len(mail.outbox) == 1
    assert order.events.filter(kind=Kind.CONFIRMATION_SENT).count() == 1


def test_a_letter_sent_again_after_a_crash_is_known_by_its_id(monkeypatch):
    order = an_order()
    emails.send_confirmation(order_id=order.pk)
    order.events.filter(kind=Kind.CONFIRMATION_SENT).delete()

    emails.send_confirmation(order_id=order.pk)

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert order.token not in first.extra_headers["Message-ID"]


def test_a_letter_that_the_server_did_not_take_is_not_noted_as_sent(monkeypatch):
    order = an_order()
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.send", _hang_up, raising=True
    )

    with pytest.raises(SMTPServerDisconnected):
        emails.send_confirmation(order_id=order.pk)

    assert not order.events.filter(kind=Kind.CONFIRMATION_SENT).exists()


def _hang_up(self, *args, **kwargs):
    raise SMTPServerDisconnected("gone")


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_is_down_delays_its_letters_and_nothing_else(monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMultiAlternatives.send", _hang_up)
        order = an_order()
        start_jobs_now()
        work_off_jobs()
        order.refresh_from_db()
        assert order.status == Order.Status.CONFIRMED
        assert Invoice.objects.get().order == order
        assert_invariants()

    start_jobs_now()
    work_off_jobs()

    assert [letter.to for letter in mail.outbox] == [["marta@example.org"]]
    assert_invariants()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_was_deferred():
    order = an_order()
    start_jobs_now()

    work_off_jobs()

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
    assert [letter.to for letter in mail.outbox] == [["marta@example.org"]]
    assert_invariants()


@pytest.mark.django_db(transaction=True)
def test_the_job_of_a_worker_that_was_killed_is_taken_up_by_another():
    order = an_order()
    start_jobs_now()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) "
            "VALUES (now() - interval '1 hour') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s "
            "WHERE task_name = 'checkout.settle'",
            cursor.fetchone(),
        )

    outbox.defer(tasks.resume_stalled_jobs, timestamp=0)
    work_off_jobs()

    order.refresh_from_db()
    assert order.status == Order.Status.CONFIRMED
