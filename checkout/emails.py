"""Letters to shoppers. A letter is a job, deferred in the transaction that it tells of.

At least once rather than at most once: a letter is sent first and noted afterwards, so
a worker that dies in between sends it again, under the same Message-ID, by which mail
programs know it for the same letter. The other order would lose letters. The job's lock
keeps two workers from writing to one order at the same time.
"""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate.contrib.django import app

from checkout.models import Order, OrderEvent, OrderLine, Parcel, Refund
from home import outbox
from home.letters import PATIENCE, compose


def defer_confirmation(order: Order) -> None:
    """Have the confirmation sent once the present transaction has committed."""
    defer_letter(send_confirmation, order.pk, order_id=order.pk)


@app.task(name="checkout.send_confirmation", retry=PATIENCE)
def send_confirmation(order_id: int) -> None:
    """Confirm an order by letter, unless that has been noted as done."""
    order = Order.objects.get(pk=order_id)
    _send_once(order, OrderEvent.Kind.CONFIRMATION_SENT, confirmation)


def defer_refund_letter(order: Order) -> None:
    """Have the shopper told, once this has committed, that their money went back."""
    defer_letter(send_refund_letter, order.pk, order_id=order.pk)


@app.task(name="checkout.send_refund_letter", retry=PATIENCE)
def send_refund_letter(order_id: int) -> None:
    order = Order.objects.get(pk=order_id)
    _send_once(order, OrderEvent.Kind.REFUND_LETTER_SENT, refund_letter)


def defer_news(event: OrderEvent) -> None:
    """Have the shopper told of an event, once the present transaction has committed."""
    defer_letter(send_news, event.order_id, event_id=event.pk)


@app.task(name="checkout.send_news", retry=PATIENCE)
def send_news(event_id: int) -> None:
    """Tell of an event by letter, unless that has been noted as done."""
    event = OrderEvent.objects.select_related("order").get(pk=event_id)
    key = f"letter-on-{event.pk}"
    if event.order.has_heard(key):
        return
    news(event).send()
    event.order.write_event(
        OrderEvent.Kind.LETTER_SENT,
        now=timezone.now(),
        key=key,
        note=event.get_kind_display(),
    )


def defer_letter(letter, of_order: int, **known: Any) -> None:
    """Have a job write to an order's shopper once the present transaction has
    committed, one letter of an order after another."""
    outbox.defer(letter, lock=f"letters-of-order-{of_order}", **known)


def _send_once(order: Order, noted_as: str, letter) -> None:
    if order.events.filter(kind=noted_as).exists():
        return
    letter(order).send()
    order.record(noted_as, now=timezone.now())


def confirmation(order: Order) -> EmailMultiAlternatives:
    """What was ordered, as HTML and as text, every link absolute."""
    return _letter(order, "confirmation", "email/order_confirmed")


def refund_letter(order: Order) -> EmailMultiAlternatives:
    """That nothing was left when the money came, and that it went back."""
    return _letter(order, "refund", "email/order_refunded")


def news(event: OrderEvent) -> EmailMultiAlternatives:
    """That pieces were sent or cancelled, or that money came for an order that had been
    cancelled."""
    is_sent = event.kind == OrderEvent.Kind.PIECES_SENT
    return _letter(
        event.order,
        f"{event.kind.replace('_', '-')}-{event.pk}",
        "email/order_sent" if is_sent else "email/order_cancelled",
        pieces=_pieces(event),
        parcel=Parcel.objects.filter(event=event).first(),
        refund=Refund.objects.filter(event=event).first(),
    )


def _pieces(event: OrderEvent) -> list[tuple[OrderLine, int]]:
    """[(order line, how many)] that an event is about."""
    lines = {line.pk: line for line in event.order.lines.all()}
    return [(lines[line_id], pieces) for line_id, pieces in event.pieces]


def _letter(
    order: Order, kind: str, template: str, **more: object
) -> EmailMultiAlternatives:
    context = more | {
        "order": order,
        "order_lines": list(order.lines.all()),
        "order_url": settings.PUBLIC_URL + order.get_absolute_url(),
    }
    message_id = f"{kind}.{order.number.lower()}"
    return compose(template, context, to=order.email, message_id=message_id)
