from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class TimeLeft:
    """Whole days, hours and minutes, as a clock shows them."""

    days: int
    hours: int
    minutes: int

    @classmethod
    def between(cls, now: datetime, end: datetime) -> "TimeLeft":
        """Nothing at all once the end has come; the last minute counts as one."""
        left = max(end - now, timedelta())
        minutes = -(-left // MINUTE)
        hours, minutes = divmod(minutes, 60)
        return cls(*divmod(hours, 24), minutes)

    @property
    def parts(self) -> list[tuple[int, str]]:
        """[(2, "days"), (4, "hours"), (18, "minutes")]."""
        return [
            (self.days, ngettext("day", "days", self.days)),
            (self.hours, ngettext("hour", "hours", self.hours)),
            (self.minutes, ngettext("minute", "minutes", self.minutes)),
        ]

    def __str__(self) -> str:
        counted = ", ".join(f"{count} {unit}" for count, unit in self.parts)
        return _("Time left: %(counted)s") % {"counted": counted}
