"""Letters that a shopper asks for once more."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate.contrib.django import app

from checkout import emails
from checkout.conflicts import repeat_on_conflict
from checkout.models import Order, OrderEvent
from checkout.pieces import NotAllowedNow
from home.letters import PATIENCE

Kind = OrderEvent.Kind
WRITERS = {
    Kind.CONFIRMED: lambda event: emails.confirmation(event.order),
    Kind.PAID: lambda event: emails.confirmation(event.order),
    **dict.fromkeys(emails.NEWS, emails.news),
}


@dataclass(frozen=True)
class Letter:
    """``pk`` is that of the event which it tells of."""

    pk: int
    words: str


def letters(order: Order) -> list[Letter]:
    """What the order's shopper has been written, is about to be, or may want in
    writing: that their money went back, they are told when they ask."""
    told = order.events.filter(kind__in=WRITERS)
    return [Letter(event.pk, _words(event)) for event in told]


def _words(event: OrderEvent) -> str:
    return " ".join(filter(None, [event.get_kind_display().capitalize(), event.note]))


@repeat_on_conflict
def send_again(
    order_id: int,
    event_id: int,
    *,
    key: str,
    by: AbstractBaseUser | None = None,
    now: datetime,
) -> None:
    """Have the letter on an event of the order sent once more; the same ``key`` again
    changes nothing.

    Raises:
        NotAllowedNow: no letter was written on that event of this order.
        CartBusy
        Order.DoesNotExist
    """
    with transaction.atomic(durable=True):
        order = Order.objects.lock(order_id)
        if order.has_heard(key):
            return
        told = order.events.filter(pk=event_id, kind__in=WRITERS).first()
        if told is None:
            raise NotAllowedNow(order.status)
        asked = order.write_event(
            Kind.LETTER_SENT, now=now, by=by, key=key, note=told.get_kind_display()
        )
        emails.defer_letter(write_again, order.pk, event_id=told.pk, asked_id=asked.pk)


@app.task(name="checkout.write_again", retry=PATIENCE)
def write_again(event_id: int, asked_id: int) -> None:
    again(OrderEvent.objects.select_related("order").get(pk=event_id), asked_id).send()


def again(event: OrderEvent, asked_id: int) -> EmailMultiAlternatives:
    """The letter under an id of its own: a mail program that knows the first would
    hide it."""
    letter = WRITERS[Kind(event.kind)](event)
    known_as = letter.extra_headers["Message-ID"]
    letter.extra_headers["Message-ID"] = known_as.replace("<", f"<again-{asked_id}.")
    return letter
