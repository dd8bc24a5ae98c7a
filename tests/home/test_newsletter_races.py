"""One visitor asking many times at once, with a control that lacks the guard."""

import threading

import pytest

from home.models import NewsletterSubscriber
from home.newsletter import signup
from home.newsletter.consent import Agreement
from tests.builders import NOON
from tests.checkout.ordering import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
REQUESTS = 12


def ask_at_once() -> int:
    """How many letters one visitor's requests for different addresses cause."""

    def ask(n: int) -> None:
        agreement = Agreement("For the letter only.", "letter")
        signup.ask(f"marta{n}@example.org", agreement, visitor="here", now=NOON)

    all_at_once(ask, range(REQUESTS))
    return NewsletterSubscriber.objects.exclude(asked_at=None).count()


def test_many_requests_at_once_cause_no_more_letters_than_one_by_one():
    assert ask_at_once() == signup.MOST_PER_HOUR


def test_without_the_queue_they_do(monkeypatch):
    """The control: everybody counts before anybody has written."""
    gate, count = threading.Barrier(REQUESTS), signup._letters_caused

    def count_and_wait(*args, **kwargs):
        caused = count(*args, **kwargs)
        gate.wait(timeout=60)
        return caused

    monkeypatch.setattr(signup, "one_at_a_time", lambda visitor: None)
    monkeypatch.setattr(signup, "_letters_caused", count_and_wait)

    assert ask_at_once() == REQUESTS
