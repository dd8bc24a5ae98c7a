"""Money for late payments, as earlier versions queued and wrote it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core import mail
from django.db import connection

from checkout import earlier_jobs, emails, refunds
from checkout.models import DemoRefund, Order, OrderEvent, Payment, Refund
from checkout.providers import fake
from home import outbox
from tests.builders import NOON
from tests.checkout.ordering import (
    a_shop_that_delivers,
    start_jobs_now,
    work_off_jobs,
)
from tests.checkout.test_cancelling import broken_rules
from tests.checkout.test_payments import lapsed_then_captured

pytestmark = pytest.mark.django_db(transaction=True)
Kind = OrderEvent.Kind
write_late_refunds = import_module(
    "checkout.migrations.0011_returns"
).write_late_refunds


@pytest.fixture
def late(transactional_db) -> tuple[Order, Payment]:
    """An order whose money came too late, with nothing written that follows from it."""
    a_shop_that_delivers()
    order = lapsed_then_captured(stock=1, others=1)
    Refund.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return order, order.payments.get(status="captured")


def test_a_job_of_old_gives_back_once_under_the_key_that_the_provider_knows(late):
    order, payment = late
    # The old worker died between the provider's answer and its own note of it.
    key = f"{payment.key}-late"
    paid_by = fake.FakeProvider()
    paid_by.refund(key=key, reference=payment.reference, amount=payment.amount)
    assert "I5" in broken_rules()
    outbox.defer(earlier_jobs.refund_late_payment, payment_id=payment.pk)
    assert "I5" not in broken_rules()
    start_jobs_now()
    work_off_jobs()
    earlier_jobs.refund_late_payment(payment.pk)

    payment.refresh_from_db()
    assert payment.refunded == payment.amount == DemoRefund.objects.get().amount
    assert order.refunds.get().key == DemoRefund.objects.get().key == key
    assert order.events.filter(kind=Kind.MONEY_BACK).count() == 1
    assert sum(order.number in letter.subject for letter in mail.outbox) == 1
    assert "I5" not in broken_rules()


def test_what_was_given_back_without_a_row_gets_one_and_its_letter(late):
    order, payment = late
    Payment.objects.filter(pk=payment.pk).update(refunded=payment.amount)
    order.record(Kind.REFUNDED, now=NOON)

    for _n in range(2):
        write_late_refunds(apps, connection.schema_editor())
    for _n in range(2):
        earlier_jobs.send_refund_letter(order.pk)

    refund = order.refunds.get()
    assert (refund.amount, refund.given_at) == (order.total, NOON)
    refunds.give_back(refund.pk)
    assert not DemoRefund.objects.exists()
    [letter] = mail.outbox
    assert "its pieces had gone to others" in letter.body
    again = emails.news(order.events.get(kind=Kind.REFUNDED))
    assert again.body == letter.body
    assert "I5" not in broken_rules()
