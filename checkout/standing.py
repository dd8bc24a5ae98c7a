"""Where somebody stands in line, and how long it may take: what is known, rounded up,
and never more exact than it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout.models import CheckoutAttempt

# Everybody in line asks for it again and again, so it is put together once.
PLACE = """
SELECT (
    SELECT count(*) FROM checkout_checkoutattempt
    WHERE state = 'waiting' AND product_ids && %(lines)s::bigint[] AND id < %(key)s
), (
    SELECT count(*) FROM checkout_checkoutattempt
    WHERE product_ids && %(lines)s::bigint[]
        AND decided_at > %(since)s AND decided_at <= %(now)s
), EXISTS (
    SELECT FROM checkout_drop WHERE product_id = ANY(%(lines)s::bigint[]) AND is_paused
)
"""
RECENT = timedelta(seconds=60)
SOONEST_S, LATEST_S = 2, 15


@dataclass(frozen=True)
class Place:
    """``number`` 1 is next. ``wait_s`` is None while nobody can tell."""

    number: int
    wait_s: int | None
    is_paused: bool

    @property
    def words(self) -> str:
        if self.number == 1:
            return _("You are next in line.")
        ahead = self.number - 1
        return ngettext(
            "%(n)d order is before yours.", "%(n)d orders are before yours.", ahead
        ) % {"n": ahead}

    @property
    def estimate(self) -> str:
        if self.is_paused:
            return _("The sale is paused; your place is kept.")
        if self.wait_s is None:
            return _("Nobody can tell yet how long it takes.")
        if self.wait_s <= 60:
            return _("That is less than a minute, as things go now.")
        minutes = ceil(self.wait_s / 60)
        return _("That is about %(n)d minutes, as things go now.") % {"n": minutes}

    @property
    def poll_after_s(self) -> int:
        """The further back, the more rarely it is worth asking."""
        if self.wait_s is None or self.is_paused:
            return LATEST_S
        return max(SOONEST_S, min(self.wait_s // 4, LATEST_S))


def of(attempt: CheckoutAttempt, *, now: datetime) -> Place:
    """The place of an attempt that waits: one query."""
    asked: dict[str, Any] = {
        "key": attempt.pk,
        "lines": attempt.product_ids,
        "now": now,
        "since": now - RECENT,
    }
    with connection.cursor() as cursor:
        cursor.execute(PLACE, asked)
        ahead, recent, is_paused = cursor.fetchone()
    return Place(ahead + 1, wait_s(ahead + 1, recent), is_paused)


def wait_s(number: int, recent: int) -> int | None:
    """Seconds until so many are served, by how many were in the last minute. Whoever is
    among the first is served in a moment even by a worker that has just begun."""
    if recent:
        return ceil(number * RECENT.total_seconds() / recent)
    return SOONEST_S if number <= 20 else None
