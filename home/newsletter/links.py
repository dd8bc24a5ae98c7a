"""The two links of a letter. Neither can be guessed, and neither needs an account."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from home.models.newsletter import NewsletterSubscriber

CONFIRM, LEAVE = "newsletter.confirm", "newsletter.leave"
VALID_FOR = timedelta(days=7)


def confirm_url(subscriber: NewsletterSubscriber) -> str:
    """Good for a week, and only for the request that the letter answers."""
    token = signing.dumps([subscriber.pk, str(subscriber.asked_at)], salt=CONFIRM)
    return settings.PUBLIC_URL + reverse("home:newsletter_confirm", args=[token])


def leave_url(subscriber: NewsletterSubscriber) -> str:
    """Good for ever."""
    token = signing.dumps(subscriber.pk, salt=LEAVE)
    return settings.PUBLIC_URL + reverse("home:newsletter_leave", args=[token])


def asked_by(token: str) -> NewsletterSubscriber | None:
    """Who may be confirmed by that link; None when it is forged, old or overtaken."""
    try:
        pk, asked_at = signing.loads(token, salt=CONFIRM, max_age=VALID_FOR)
    except signing.BadSignature:
        return None
    return NewsletterSubscriber.objects.filter(pk=pk, asked_at=asked_at).first()


def left_by(token: str) -> NewsletterSubscriber | None:
    try:
        pk = signing.loads(token, salt=LEAVE)
    except signing.BadSignature:
        return None
    return NewsletterSubscriber.objects.filter(pk=pk).first()
