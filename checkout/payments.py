"""Paying an order: begin, hear what became of it, and settle. Nothing here holds a
lock while a provider is spoken to.

Return page, webhook and sweeper all end in ``hear``; the second one changes nothing.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from checkout import coupons, emails, invoices, orders, providers, refunds
from checkout.conflicts import repeat_on_conflict, wait_at_most
from checkout.errors import CouponRefused
from checkout.models import Order, OrderEvent, Payment, PaymentEvent
from checkout.providers import Notice, ProviderSilent, Report, State
from home import outbox
from shop import inventory
from shop.tasks import relist

logger = logging.getLogger(__name__)

HOLD = timedelta(minutes=15)
# A provider wants its answer within a second, and comes again.
PATIENCE_OF_A_NOTICE = timedelta(milliseconds=300)


class NotPayable(Exception):
    """The order is paid, cancelled, or not to be paid this way."""


def begin(order_id: int, *, return_url: str, now: datetime) -> Payment:
    """Start paying an order at its provider, or go on with what was started.

    Three steps: the payment is written and committed under its key and the hold is
    extended; the provider is called, or asked if it knows the payment; its answer is
    written. A provider that stays silent leaves the payment STARTED, for the sweeper to
    ask about.

    Raises:
        NotPayable
        CartBusy
        ProviderSilent
    """
    payment = _write_payment(order_id, now)
    if payment.reference:
        return ask(payment, now=now)
    report = providers.get(payment.provider).start(
        key=payment.key,
        amount=payment.amount,
        currency=payment.currency,
        return_url=return_url,
    )
    return hear(payment.pk, report, now=now)


@repeat_on_conflict
def _write_payment(order_id: int, now: datetime) -> Payment:
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.status != Order.Status.PREPARED or not order.is_paid_online:
            raise NotPayable(order.number)
        order.hold_expires_at = now + HOLD
        order.save(update_fields=["hold_expires_at"])
        if underway := order.payments.open().first():
            return underway
        return order.payments.create(
            provider=order.payment_method,
            status=Payment.Status.STARTED,
            amount=order.total,
            currency=order.currency,
            started_at=now,
            updated_at=now,
        )


def ask(payment: Payment, *, now: datetime) -> Payment:
    """Ask the provider what became of a payment, act on it, and take the steps that it
    waits for the shop to take: confirm what the shopper has agreed to, and capture.

    Raises:
        ProviderSilent
        CartBusy
    """
    if not payment.is_open:
        return payment
    provider = providers.get(payment.provider)
    report = provider.fetch(key=payment.key, reference=payment.reference)
    payment = hear(payment.pk, report, now=now)
    if report.state == State.READY:
        report = provider.confirm(key=payment.key, reference=report.reference)
        payment = hear(payment.pk, report, now=now)
    if report.state == State.AUTHORIZED:
        report = _take_or_leave(payment, report)
        payment = hear(payment.pk, report, now=now)
    return payment


def _take_or_leave(payment: Payment, held: Report) -> Report:
    """Money that the bank holds is taken for an order that still waits for it, in full
    and in its currency; else the bank keeps it."""
    provider = providers.get(payment.provider)
    status = Order.objects.values_list("status", flat=True).get(pk=payment.order_id)
    is_right = (held.amount, held.currency) == (payment.amount, payment.currency)
    if status != Order.Status.PREPARED or not is_right:
        return provider.void(key=payment.key, reference=held.reference)
    return provider.capture(
        key=payment.key, reference=held.reference, amount=payment.amount
    )


@app.task(name="checkout.go_on_with_payment", retry=refunds.PATIENCE)
def go_on(payment_id: int) -> None:
    """Take the steps that a payment waits for, as its provider has told."""
    ask(Payment.objects.get(pk=payment_id), now=timezone.now())


@app.task(name="checkout.give_up_payment", retry=refunds.PATIENCE)
def give_up(payment_id: int) -> None:
    """Have the provider drop a payment that nobody wants any more. Was it quicker, the
    money goes back.

    Raises:
        ProviderSilent: so that the job is tried again.
    """
    payment = Payment.objects.get(pk=payment_id)
    if not payment.is_open:
        return
    report = providers.get(payment.provider).void(
        key=payment.key, reference=payment.reference
    )
    if hear(payment.pk, report, now=timezone.now()).is_open:
        raise ProviderSilent(payment.key)


@repeat_on_conflict
def notice(code: str, told: Notice, *, now: datetime) -> bool:
    """Act on a webhook, once. False: it had come before.

    The event is kept in the transaction of its effect: one without the other is never
    committed.

    Raises:
        CartBusy: after ``PATIENCE_OF_A_NOTICE`` for a lock.
    """
    with transaction.atomic(durable=True):
        wait_at_most(PATIENCE_OF_A_NOTICE)
        payment = Payment.objects.filter(provider=code, key=told.key).first()
        _, is_new = PaymentEvent.objects.get_or_create(
            provider=code,
            event_id=told.event_id,
            defaults={"kind": told.kind, "payment": payment, "received_at": now},
        )
        if is_new and payment:
            is_open = _act(payment.pk, told.report, now).is_open
            if is_open and told.report.state in (State.READY, State.AUTHORIZED):
                lock = f"payment-{payment.pk}"
                outbox.defer(go_on, lock=lock, payment_id=payment.pk)
    return is_new


@repeat_on_conflict
def hear(payment_id: int, report: Report, *, now: datetime) -> Payment:
    """Write what a provider says of a payment, with all that follows from it.

    Locks the order, then the stock of its lines. States only go forward, in whatever
    order words come: what was captured stays captured, and what failed may yet be.

    Raises:
        CartBusy
    """
    with transaction.atomic(durable=True):
        return _act(payment_id, report, now)


def _act(payment_id: int, report: Report, now: datetime) -> Payment:
    order_id = Payment.objects.values_list("order_id", flat=True).get(pk=payment_id)
    order = Order.objects.lock(order_id)
    # Read under the order's lock, which every writer of its payments holds.
    payment = Payment.objects.get(pk=payment_id)
    if not _is_news(payment, report):
        return payment
    payment.updated_at = now
    payment.reference = report.reference or payment.reference
    payment.action_url = report.action_url
    payment.failure = report.failure
    match report.state:
        case State.CAPTURED:
            _captured(order, payment, report, now)
        case State.WAITING | State.READY | State.AUTHORIZED:
            payment.status = Payment.Status.WAITING
        case State.FAILED | State.UNHEARD:
            payment.status = Payment.Status.FAILED
    payment.save()
    return payment


def _is_news(payment: Payment, report: Report) -> bool:
    """Whether a report takes a payment forward. Money that was taken is always news: a
    bank may say so after it has said that the card was declined."""
    if payment.status == Payment.Status.CAPTURED:
        return False
    return payment.is_open or report.state == State.CAPTURED


def _captured(order: Order, payment: Payment, report: Report, now: datetime) -> None:
    """Money was taken: the order is paid, or somebody has to look.

    Another amount or currency than the order's settles nothing. An order that has
    lapsed meanwhile is sold again when everything is left, else its money goes back;
    one that somebody has cancelled stays cancelled.
    """
    if (report.amount, report.currency) != (payment.amount, payment.currency):
        payment.status = Payment.Status.WAITING
        alert(order, payment, now, "captured another amount than the order's")
        return
    payment.status = Payment.Status.CAPTURED
    if order.status == Order.Status.PREPARED:
        orders.sell(order, Order.Status.PAID, OrderEvent.Kind.PAID, now=now)
        outbox.defer(relist, product_ids=order.product_ids())
    elif order.status == Order.Status.CANCELLED:
        is_unwanted = order.lines.filter(cancelled__gt=0).exists()
        (_give_back if is_unwanted else _revive)(order, payment, now)
    else:
        alert(order, payment, now, "captured for an order that was paid already")


def _revive(order: Order, payment: Payment, now: datetime) -> None:
    """Its hold had lapsed when the money came: sold again if everything is left, its
    promotions too, else the money goes back; the shopper is told either way."""
    # A variant that is gone has nothing left: key 0 is nobody's.
    demands = [
        inventory.Demand(line.variant_id or 0, line.quantity, line.pk)
        for line in order.lines.all()
    ]
    try:
        # Of pieces and promotions either all can be had again or none is taken.
        with transaction.atomic():
            inventory.sell_unreserved(demands, now=now)
            coupons.use_again(order, now=now)
    except (inventory.NotEnoughStock, CouponRefused):
        _give_back(order, payment, now)
        return
    order.status = Order.Status.PAID
    order.save(update_fields=["status"])
    order.record(OrderEvent.Kind.PAID, now=now, note="after its hold had lapsed")
    emails.defer_confirmation(order)
    invoices.defer_invoice(order)
    outbox.defer(relist, product_ids=order.product_ids())


def _give_back(order: Order, payment: Payment, now: datetime) -> None:
    """Its money came too late: somebody has cancelled the order, or it had lapsed and
    not everything is left."""
    # Refunds go by what is captured, and this payment is not written yet.
    payment.save()
    event = order.write_event(OrderEvent.Kind.PAID_TOO_LATE, now=now)
    refunds.owe(order, payment.amount, event=event, now=now)
    emails.defer_news(event)


def alert(order: Order, payment: Payment, now: datetime, why: str) -> None:
    payment.alerted_at = now
    logger.error("Order %s: %s; payment %s.", order.number, why, payment.pk)
