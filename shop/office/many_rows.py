"""Rows of a plan as people read them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from shop.bulk.prices import PriceRow
from shop.bulk.rule import PriceRule
from shop.bulk.status import StatusRow
from shop.models import Variant
from shop.money import written
from shop.prices import struck_after


@dataclass(frozen=True)
class ShownRow:
    """``was`` is what it said when it was looked at, where that is another now."""

    product_id: int
    title: str
    detail: str
    old: str
    new: str
    note: str
    refusal: str
    was: str


@dataclass(frozen=True)
class Shown:
    """Rows as they are now, beside what was ``seen`` of them, if they were."""

    rule: PriceRule | None
    seen: Mapping[int, str] | None
    now: datetime

    def place(self, row) -> tuple[bool, bool]:
        """What differs first, then what is refused, then the rest as it comes."""
        return not self._differs(row), not row.refusal

    def differing(self, rows: Iterable) -> int:
        """How many are another than when they were looked at, or are there no more."""
        if self.seen is None:
            return 0
        rows = list(rows)
        gone = set(self.seen) - {row.key for row in rows}
        return len(gone) + sum(map(self._differs, rows))

    def rows(self, rows: Iterable) -> list[ShownRow]:
        """Of one page: two or three queries for what would be struck through."""
        rows = list(rows)
        if self.rule is None:
            return [self._status(row) for row in rows]
        struck = self._struck(rows)
        return [self._price(row, struck) for row in rows]

    def _differs(self, row) -> bool:
        return self.seen is not None and self.seen.get(row.key) != row.state

    def _struck(self, rows: Sequence[PriceRow]) -> dict[int, Decimal | None]:
        prices = {row.key: row.new for row in rows if row.new is not None}
        variants = list(Variant.objects.filter(pk__in=prices))
        return struck_after(variants, prices, now=self.now)

    def _price(self, row: PriceRow, struck: Mapping[int, Decimal | None]) -> ShownRow:
        note = ""
        if row.new is not None and row.new < row.old:
            note = _("Nothing is struck through: it cost no more in the last 30 days.")
        if before := struck.get(row.key):
            note = _("30-day lowest before the cut: %(price)s")
            note %= {"price": written(before, row.currency)}
        return ShownRow(
            row.product_id,
            row.title,
            " · ".join(filter(None, (row.label, row.sku))),
            written(row.old, row.currency),
            "" if row.new is None else written(row.new, row.currency),
            note,
            _label(row.refusal),
            self._price_then(row) if self._differs(row) else "",
        )

    def _price_then(self, row: PriceRow) -> str:
        try:
            then = Decimal((self.seen or {})[row.key])
        except (KeyError, InvalidOperation):
            return _("New in this list since you looked.")
        said = _("It was %(price)s when you looked.")
        return said % {"price": written(then, row.currency)}

    def _status(self, row: StatusRow) -> ShownRow:
        names = {True: _("live"), False: _("not live")}
        return ShownRow(
            row.key,
            row.title,
            "",
            names[row.is_live],
            "" if row.refusal else names[not row.is_live],
            _("With its newest draft.") if row.publishes_draft else "",
            _label(row.refusal),
            _("It has changed since you looked.") if self._differs(row) else "",
        )


def summary(rows: Iterable) -> dict:
    """How many change, and how many stay as they are for which reason."""
    counts = Counter(row.refusal for row in rows)
    changing = counts.pop(None, 0)
    refused = [(_label(refusal), n) for refusal, n in counts.most_common()]
    return {"changing": changing, "refused": refused}


def _label(refusal: TextChoices | None) -> str:
    return str(refusal.label) if refusal else ""
