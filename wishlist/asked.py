"""What a request names: products and moments, as numbers."""

from datetime import UTC, datetime, timedelta

from django.core.exceptions import SuspiciousOperation

from home.keys import is_key
from wishlist.merge import MOST_ITEMS


def listed(text: str) -> list[tuple[int, datetime]]:
    """``id.milliseconds`` by commas, as the script writes it; what is damaged is left
    out, and so is what is too much."""
    found = []
    for part in text[: 40 * MOST_ITEMS].split(",")[:MOST_ITEMS]:
        pk, _dot, since = part.partition(".")
        at = moment(since)
        if at and is_key(pk):
            found.append((int(pk), at))
    return found


def moment(text: str | None) -> datetime | None:
    if not text or not (text.isascii() and text.isdigit()) or len(text) > 14:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(text))


def milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def number(text: str | None, *, or_zero: bool = False) -> int:
    """
    Raises:
        SuspiciousOperation: no number that a product could have.
    """
    if text and is_key(text):
        return int(text)
    if or_zero:
        return 0
    raise SuspiciousOperation("Not a product.")
