"""Asking for the newsletter, agreeing to it, and leaving it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from home import outbox
from home.models.newsletter import NewsletterSubscriber
from home.newsletter import letters
from home.newsletter.consent import Agreement
from home.visitor import one_at_a_time

# One address gets no second letter so soon, however often it is typed in.
PAUSE = timedelta(minutes=15)
# Letters that one visitor may cause.
MOST_PER_HOUR = 5
HOUR = timedelta(hours=1)
KEPT_UNCONFIRMED = timedelta(days=30)
KEPT_VISITOR = timedelta(days=1)


class TooManyRequests(Exception):
    """This visitor has caused enough letters for the present."""


def ask(email: str, agreement: Agreement, *, visitor: str, now: datetime) -> None:
    """Have a letter sent that asks the address to confirm, in one transaction with what
    was agreed to. An address that is on the list already gets none, and no caller can
    tell the difference.

    ``visitor`` is a fingerprint (see ``home.visitor``).

    Raises:
        TooManyRequests
    """
    with transaction.atomic():
        one_at_a_time(visitor)
        if _letters_caused(visitor, now=now) >= MOST_PER_HOUR:
            raise TooManyRequests
        subscriber = _find_or_make(email.lower(), agreement, now=now)
        if _claim_letter(subscriber, agreement, visitor=visitor, now=now):
            outbox.defer(
                letters.send_confirmation,
                lock=f"newsletter-{subscriber.pk}",
                subscriber_id=subscriber.pk,
            )


def confirm(subscriber: NewsletterSubscriber, *, now: datetime) -> None:
    """Put the address on the list. A second time changes nothing."""
    unconfirmed = Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=F("asked_at"))
    found = NewsletterSubscriber.objects.filter(unconfirmed, pk=subscriber.pk)
    found.update(confirmed_at=now, left_at=None)


def leave(subscriber: NewsletterSubscriber, *, now: datetime) -> None:
    """Take the address off the list; no earlier letter can put it back."""
    found = NewsletterSubscriber.objects.filter(pk=subscriber.pk, left_at=None)
    found.update(left_at=now, asked_at=None)


def sweep(*, now: datetime) -> int:
    """Forget who never confirmed, and from where anybody asked. How many addresses
    were forgotten."""
    everyone = NewsletterSubscriber.objects.all()
    old = everyone.filter(asked_at__lt=now - KEPT_VISITOR).exclude(visitor="")
    old.update(visitor="")
    unconfirmed = everyone.filter(
        confirmed_at=None, created_at__lt=now - KEPT_UNCONFIRMED
    )
    return unconfirmed.exclude(asked_at__gte=now - KEPT_UNCONFIRMED).delete()[0]


def _letters_caused(visitor: str, *, now: datetime) -> int:
    caused = NewsletterSubscriber.objects.filter(visitor=visitor)
    return caused.filter(asked_at__gt=now - HOUR).count()


def _find_or_make(email: str, agreement: Agreement, *, now: datetime):
    subscriber, _ = NewsletterSubscriber.objects.get_or_create(
        email=email, audience=agreement.audience, defaults={"created_at": now}
    )
    return subscriber


def _claim_letter(
    subscriber: NewsletterSubscriber, agreement: Agreement, *, visitor, now: datetime
) -> bool:
    """Note what was agreed to and when. False: on the list, or just written to."""
    is_due = Q(asked_at__isnull=True) | Q(asked_at__lte=now - PAUSE)
    outside = NewsletterSubscriber.objects.outside().filter(is_due, pk=subscriber.pk)
    claimed = outside.update(
        consent=agreement.words, consent_at=now, asked_at=now, visitor=visitor
    )
    return claimed == 1
