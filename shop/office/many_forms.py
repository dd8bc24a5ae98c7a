"""The form that says what becomes of many products."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from decimal import Decimal

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.bulk.rule import PriceRule, Way

# Of what a form says was seen: ten thousand products with their prices, unpacked.
MOST_SEEN_BYTES = 4_000_000


class Status(models.TextChoices):
    PUBLISH = "publish", _("publish")
    UNPUBLISH = "unpublish", _("take off the shop")


class ManyForm(forms.Form):
    """Offers what the user has a permission for."""

    way = forms.ChoiceField()
    by = forms.DecimalField(
        label=_("By or to"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=3,
        help_text=_("A percentage, or an amount in the currency of each price."),
    )
    ending = forms.DecimalField(
        label=_("Ending"),
        required=False,
        min_value=0,
        max_value=Decimal("0.99"),
        decimal_places=2,
        help_text=_("As in 0.90: the nearest price that ends so. Empty: as it comes."),
    )

    def __init__(self, *args, may_price: bool, may_publish: bool, **kwargs):
        super().__init__(*args, **kwargs)
        choices = []
        if may_price:
            choices.append((_("Prices"), Way.choices))
        if may_publish:
            choices.append((_("Status"), Status.choices))
        self.fields["way"] = forms.ChoiceField(label=_("What to do"), choices=choices)
        if not may_price:
            del self.fields["by"], self.fields["ending"]

    def clean(self):
        cleaned = super().clean()
        way, by = cleaned.get("way"), cleaned.get("by")
        if way not in Way or "by" in self.errors:
            return cleaned
        if by is None or (by == 0 and way != Way.SET):
            self.add_error("by", _("Say by how much."))
        elif way == Way.PERCENT_LESS and by > 100:
            self.add_error("by", _("Not more than 100 per cent."))
        return cleaned

    @property
    def rule(self) -> PriceRule | None:
        """Of prices; None, where it is the status that changes."""
        values = self.cleaned_data
        if values["way"] not in Way:
            return None
        return PriceRule(values["way"], values["by"], values["ending"])

    @property
    def to_live(self) -> bool:
        return self.cleaned_data["way"] == Status.PUBLISH


def packed(rows: Iterable) -> str:
    """What rows of a plan said when they were looked at, for a form to bring back."""
    said = {row.key: row.state for row in rows}
    return urlsafe_b64encode(zlib.compress(json.dumps(said).encode())).decode()


def unpacked(text: str) -> Mapping[int, str]:
    """{key of a row: its state}. Empty where it is not what ``packed`` has written:
    then nothing is as it was seen."""
    try:
        inflating = zlib.decompressobj()
        said = json.loads(
            inflating.decompress(urlsafe_b64decode(text), MOST_SEEN_BYTES)
        )
        return {int(key): str(state) for key, state in said.items()}
    except (ValueError, zlib.error, AttributeError):
        return {}
