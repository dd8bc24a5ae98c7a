"""Where somebody stands in line, and how long it may take: what is known, rounded up,
and never more exact than it is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checkout.models import CheckoutAttempt, Drop

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
    """The place of an attempt that waits: three queries."""
    lines = attempt.product_ids
    in_line = CheckoutAttempt.objects.in_line_for(lines)
    ahead = in_line.waiting().filter(pk__lt=attempt.pk).count()
    recent = in_line.filter(decided_at__gt=now - RECENT, decided_at__lte=now).count()
    is_paused = Drop.objects.filter(product_id__in=lines, is_paused=True).exists()
    return Place(ahead + 1, wait_s(ahead + 1, recent), is_paused)


def wait_s(number: int, recent: int) -> int | None:
    """Seconds until so many are served, by how many were in the last minute. Whoever is
    among the first is served in a moment even by a worker that has just begun."""
    if recent:
        return ceil(number * RECENT.total_seconds() / recent)
    return SOONEST_S if number <= 20 else None
