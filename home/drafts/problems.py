"""What speaks against publishing, in words for editors."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from home.drafts.items import Item

Severity = Literal["refuse", "warn"]
REFUSE: Final = "refuse"
WARN: Final = "warn"


@dataclass(frozen=True)
class Problem:
    """``item`` is None when it is about the whole. Only "warn" may be published."""

    item: Item | None
    code: str
    words: str
    severity: Severity = REFUSE

    def as_json(self) -> dict:
        """To be kept, and read by the owner later."""
        title = self.item.title if self.item else ""
        return {"title": title, "code": self.code, "words": self.words}


def person(user) -> str:
    return (user.get_full_name() or user.get_username()) if user else _("Somebody")


def moment(at: datetime) -> str:
    """In the shop's time zone, as everything in the forms."""
    zone = timezone.get_default_timezone()
    return date_format(timezone.localtime(at, zone), "j F Y, H:i")
