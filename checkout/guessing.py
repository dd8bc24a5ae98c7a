"""Codes cannot be guessed: after twenty refused in an hour no more are looked at,
counted for a basket and for a network. In PostgreSQL: it holds without Redis."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from checkout.errors import TooManyCodes
from checkout.models import CodeTry
from home.visitor import one_at_a_time

MOST_PER_HOUR = 20
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)


def guessers(cart_token: str, network: str) -> list[str]:
    """Who is asking: a fingerprint of the basket, and the network's own."""
    basket = salted_hmac("checkout.code", cart_token).hexdigest()[:32]
    return sorted({f"basket:{basket}", f"net:{network}"})


def admit(asking: Sequence[str], *, now: datetime) -> None:
    """Let one more code be looked at. Those who ask at once come one after the other,
    until commit: else all of them would be counted as the first.

    Raises:
        TooManyCodes
    """
    for guesser in asking:
        one_at_a_time(f"code:{guesser}")
    for guesser in asking:
        tries = CodeTry.objects.filter(guesser=guesser, tried_at__gt=now - HOUR)
        if tries.count() >= MOST_PER_HOUR:
            raise TooManyCodes


def note(asking: Sequence[str], *, now: datetime) -> None:
    """A code was refused."""
    CodeTry.objects.bulk_create(
        CodeTry(guesser=guesser, tried_at=now) for guesser in asking
    )


def forget(*, now: datetime) -> None:
    CodeTry.objects.filter(tried_at__lt=now - KEPT).delete()
