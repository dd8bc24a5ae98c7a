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
from home.letters import PATIENCE, compose, uncounted

NEWS = {
    OrderEvent.Kind.PIECES_SENT: "order_sent",
    OrderEvent.Kind.PIECES_CANCELLED: "order_cancelled",
    OrderEvent.Kind.PAID_TOO_LATE: "order_refunded",
    OrderEvent.Kind.REFUNDED: "order_refunded",
    OrderEvent.Kind.MONEY_BACK: "order_money_back",
    OrderEvent.Kind.GOODWILL: "order_money_back",
    OrderEvent.Kind.RETURN_ASKED: "return_asked",
    OrderEvent.Kind.RETURN_ACCEPTED: "return_accepted",
    OrderEvent.Kind.RETURN_REFUSED: "return_refused",
    OrderEvent.Kind.PIECES_RETURNED: "return_received",
}


def defer_confirmation(order: Order) -> None:
    """Have the confirmation sent once the present transaction has committed."""
    defer_letter(send_confirmation, order.pk, order_id=order.pk)


@app.task(name="checkout.send_confirmation", retry=PATIENCE)
def send_confirmation(order_id: int) -> None:
    """Confirm an order by letter, unless that has been noted as done."""
    order = Order.objects.get(pk=order_id)
    if order.events.filter(kind=OrderEvent.Kind.CONFIRMATION_SENT).exists():
        return
    confirmation(order).send()
    order.record(OrderEvent.Kind.CONFIRMATION_SENT, now=timezone.now())


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


def confirmation(order: Order) -> EmailMultiAlternatives:
    """What was ordered, as HTML and as text, every link absolute."""
    return _letter(order, "confirmation", "email/order_confirmed")


def news(event: OrderEvent) -> EmailMultiAlternatives:
    """What has become of pieces, or of money, as one of ``NEWS``."""
    return _letter(
        event.order,
        f"{event.kind.replace('_', '-')}-{uncounted('event', event.pk)}",
        f"email/{NEWS[OrderEvent.Kind(event.kind)]}",
        event=event,
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
    lines = list(order.lines.all())
    context = more | {
        "order": order,
        "order_lines": lines,
        "is_called_off": any(line.cancelled for line in lines),
        "order_url": settings.PUBLIC_URL + order.get_absolute_url(),
    }
    message_id = f"{kind}.{order.number.lower()}"
    return compose(template, context, to=order.email, message_id=message_id)
