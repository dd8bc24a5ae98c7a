"""What a sheet would change, or has: counts of all, the first of each in full."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from shop.sheets.columns import PRICE, STOCK_COLUMN
from shop.sheets.plans import Change, Plan, Problem

MOST_PROBLEMS = 200
MOST_CHANGES = 50
STOCK = STOCK_COLUMN("")
# What is counted, in the words it is told in.
COUNTS = {
    "new_products": _("new products"),
    "new_variants": _("new variants"),
    "stories": _("products told anew"),
    "drafts": _("of them with a draft that stays"),
    "prices": _("prices"),
    "counts": _("variants counted"),
    "variants": _("variants changed otherwise"),
    "unchanged": _("rows that change nothing"),
}


@dataclass
class Report:
    """``counts`` is {one of COUNTS, "problems" or "changes": how many}."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    @classmethod
    def of(cls, kept: dict) -> "Report":
        """As it was kept, or an empty one."""
        return cls(
            Counter(kept.get("counts", {})),
            [Problem(*problem) for problem in kept.get("problems", ())],
            [Change(*change) for change in kept.get("changes", ())],
        )

    def as_json(self) -> dict:
        return {
            "counts": dict(self.counts),
            "problems": self.problems,
            "changes": self.changes,
        }

    def add(self, plan: Plan) -> None:
        self.counts.update(_counts(plan))
        self.problems += plan.problems[: MOST_PROBLEMS - len(self.problems)]
        self.changes += plan.changes[: MOST_CHANGES - len(self.changes)]

    @property
    def told(self) -> list[tuple[str, int]]:
        """(words, how many) of what there is."""
        there = [(str(words), self.counts[name]) for name, words in COUNTS.items()]
        return [(words, count) for words, count in there if count]

    @property
    def changes_nothing(self) -> bool:
        return not self.counts["changes"]


def _counts(plan: Plan) -> dict[str, int]:
    priced = [names for names in plan.variants.values() if PRICE.name in names]
    counted = [names for names in plan.variants.values() if any(map(_is_stock, names))]
    others = [names for names in plan.variants.values() if any(map(_is_other, names))]
    return {
        "new_products": len(plan.new_products),
        "new_variants": len(plan.new_variants),
        "stories": len(plan.stories),
        "prices": len(priced),
        "counts": len(counted),
        "variants": len(others),
        "unchanged": plan.unchanged,
        "drafts": len(plan.drafts),
        "problems": len(plan.problems),
        "changes": len(plan.changes),
    }


def _is_stock(name: str) -> bool:
    return name.startswith(STOCK)


def _is_other(name: str) -> bool:
    return name != PRICE.name and not _is_stock(name)
