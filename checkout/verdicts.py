"""Letters to those who stood in line: what became of it, wherever they are by now."""

from collections.abc import Iterable

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from procrastinate.contrib.django import app

from checkout.models import CheckoutAttempt
from home import outbox
from home.letters import PATIENCE, compose, uncounted


def defer(attempt_ids: Iterable[int]) -> None:
    """Have people told once the present transaction has committed."""
    outbox.defer_all(
        [
            outbox.job(send_verdict, lock=f"verdict-{pk}", attempt_id=pk)
            for pk in attempt_ids
        ]
    )


@app.task(name="checkout.send_verdict", retry=PATIENCE)
def send_verdict(attempt_id: int) -> None:
    """Tell what became of an attempt, unless that has been noted as done."""
    attempt = CheckoutAttempt.objects.select_related("order").get(pk=attempt_id)
    if attempt.is_waiting or attempt.told_at:
        return
    if address := attempt.order.email if attempt.order else attempt.asked.get("email"):
        letter(attempt, address).send()
    told = CheckoutAttempt.objects.filter(pk=attempt.pk)
    told.update(told_at=timezone.now())


def letter(attempt: CheckoutAttempt, address: str) -> EmailMultiAlternatives:
    """That pieces are held and to be paid, or why there are none; links absolute."""
    context = {
        "attempt": attempt,
        "order": attempt.order,
        "url": settings.PUBLIC_URL + attempt.get_absolute_url(),
    }
    message_id = f"line.{uncounted('line', attempt.pk)}"
    return compose("email/line_decided", context, to=address, message_id=message_id)
