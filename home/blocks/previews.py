"""What a block shows while an editor picks it: words of ours, and pictures and products
of the shop where it has any."""

from collections import Counter
from dataclasses import dataclass

from django.apps import apps

ENOUGH = 6


@dataclass(frozen=True)
class Sample:
    """Stands in a ``preview_value`` for an object of the shop, each time another."""

    model: str
    # The model's own word for what may be shown.
    shown_by: str = "all"

    def keys(self) -> list[int]:
        model = apps.get_model(self.model)
        shown = getattr(model._default_manager, self.shown_by)()
        return list(shown.order_by("-pk").values_list("pk", flat=True)[:ENOUGH])


PICTURE = Sample("home.Picture")
PRODUCT = Sample("shop.Product", "active")
CATEGORY = Sample("shop.Category")
SHARED = Sample("home.LayoutBlock", "live")


def filled(value):
    """The value with keys of objects instead of samples; None where there are none."""
    return _filled(value, Counter(), {})


def _filled(value, used: Counter, keys: dict):
    if isinstance(value, dict):
        return {name: _filled(child, used, keys) for name, child in value.items()}
    if isinstance(value, list):
        return [_filled(child, used, keys) for child in value]
    if not isinstance(value, Sample):
        return value
    if value not in keys:
        keys[value] = value.keys()
    used[value] += 1
    found = keys[value]
    return found[(used[value] - 1) % len(found)] if found else None
