"""Letters to shoppers. A letter is a job, deferred in the transaction that it tells of.

At least once rather than at most once: a letter is sent first and noted afterwards, so
a worker that dies in between sends it again, under the same Message-ID, by which mail
programs know it for the same letter. The other order would lose letters. The job's lock
keeps two workers from writing to one order at the same time.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from wagtail.models import Site

from checkout.models import Order, OrderEvent
from home import outbox
from home.models import SiteSettings

# 2 s, 4 s, 8 s … together about nine hours, should the mail server be down.
PATIENCE = RetryStrategy(max_attempts=13, exponential_wait=2)
TEMPLATE = "email/order_confirmed"


def defer_confirmation(order: Order) -> None:
    """Have the confirmation sent once the present transaction has committed."""
    outbox.defer(
        send_confirmation, lock=f"letters-of-order-{order.pk}", order_id=order.pk
    )


@app.task(name="checkout.send_confirmation", retry=PATIENCE)
def send_confirmation(order_id: int) -> None:
    """Confirm an order by letter, unless that has been noted as done."""
    order = Order.objects.get(pk=order_id)
    if order.events.filter(kind=OrderEvent.Kind.CONFIRMATION_SENT).exists():
        return
    confirmation(order).send()
    order.record(OrderEvent.Kind.CONFIRMATION_SENT, now=timezone.now())


def confirmation(order: Order) -> EmailMultiAlternatives:
    """The letter, as HTML and as text, every link absolute."""
    context = {
        "order": order,
        "order_lines": list(order.lines.all()),
        "order_url": settings.PUBLIC_URL + order.get_absolute_url(),
        "public_url": settings.PUBLIC_URL,
        "settings": _shop_settings(),
    }
    subject = render_to_string(f"{TEMPLATE}.subject.txt", context)
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=render_to_string(f"{TEMPLATE}.txt", context),
        to=[order.email],
        headers={"Message-ID": _message_id("confirmation", order)},
    )
    letter.attach_alternative(
        render_to_string(f"{TEMPLATE}.html", context), "text/html"
    )
    return letter


def _message_id(kind: str, order: Order) -> str:
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    return f"<{kind}.{order.number.lower()}@{host}>"


def _shop_settings():
    return SiteSettings.read(Site.objects.filter(is_default_site=True).first())
