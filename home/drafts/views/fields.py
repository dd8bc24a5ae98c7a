"""How a moment is typed."""

from datetime import UTC, datetime

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime


class ShopTimeField(forms.DateTimeField):
    """A time by the shop's clock, whatever zone the reader's admin is in. An hour that
    does not exist there, or exists twice, and a time of another zone are refused."""

    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"})

    def to_python(self, value):
        try:
            return self._by_the_shops_clock(value)
        except OverflowError as error:
            # Within hours of the calendar's ends: no such moment in UTC.
            raise self._refusal() from error

    def _by_the_shops_clock(self, value) -> datetime | None:
        typed = parse_time(value)
        if typed and typed.tzinfo:
            raise self._refusal()
        with timezone.override(timezone.get_default_timezone()):
            moment = super().to_python(value)
        return moment and moment.astimezone(UTC)

    def _refusal(self) -> forms.ValidationError:
        return forms.ValidationError(self.error_messages["invalid"], code="invalid")


def parse_time(value) -> datetime | None:
    """What Django would read, before it is put into a zone; None for what is none."""
    try:
        return parse_datetime(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None
