"""What promotions take off, and why one does not. Pure: values in, values out.

The rule, as shoppers are told it:

1. A promotion counts for the pieces it was made for. What it asks for (a least total,
   three pieces) is judged by those pieces, at their prices before any promotion.
2. Promotions that combine come in the order of their priority, the lowest number
   first; each reckons on what the ones before it left.
3. One that does not combine stands alone. Shoppers get either one of those or all that
   combine, whichever takes off more; when that is equal, all that combine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from checkout.split import split
from shop.money import quantise

NOTHING, HUNDRED = Decimal(0), Decimal(100)


class Kind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    FREE_DELIVERY = "free_delivery"
    THREE_FOR_TWO = "three_for_two"


@dataclass(frozen=True)
class Rule:
    """A promotion. ``value`` is per cent or an amount, by its kind. It counts for goods
    that bear one of its ``tags``; without tags for all. One that ``is_scarce`` has a
    limit, which is for others to keep."""

    key: int
    name: str
    kind: Kind
    value: Decimal = NOTHING
    code: str = ""
    tags: frozenset[str] = frozenset()
    least_total: Decimal = NOTHING
    priority: int = 0
    combines: bool = True
    is_scarce: bool = False


@dataclass(frozen=True)
class Goods:
    """A line that promotions look at; ``total`` = unit price x quantity."""

    quantity: int
    unit_price: Decimal
    total: Decimal
    tags: frozenset[str]


@dataclass(frozen=True)
class Discount:
    """What a rule took off: ``shares`` of the lines, in their order; ``delivery``."""

    rule: Rule
    shares: tuple[Decimal, ...]
    delivery: Decimal = NOTHING

    @property
    def amount(self) -> Decimal:
        return sum(self.shares, NOTHING)

    @property
    def saving(self) -> Decimal:
        return self.amount + self.delivery


class Reason(StrEnum):
    """Why a promotion takes nothing off. The first five are known before anything is
    reckoned."""

    UNKNOWN = "unknown"
    NOT_YET = "not_yet"
    OVER = "over"
    USED_UP = "used_up"
    USED_BEFORE = "used_before"
    NOTHING_IN_SCOPE = "nothing_in_scope"
    BELOW_LEAST_TOTAL = "below_least_total"
    TOO_FEW = "too_few"
    NOTHING_LEFT = "nothing_left"
    OUTWEIGHED = "outweighed"


@dataclass(frozen=True)
class Missed:
    """``missing`` is an amount, or pieces, by the reason; ``instead`` names what is
    taken off in its stead."""

    rule: Rule
    reason: Reason
    missing: Decimal = NOTHING
    instead: str = ""


@dataclass(frozen=True)
class Outcome:
    discounts: tuple[Discount, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def saving(self) -> Decimal:
        return sum((discount.saving for discount in self.discounts), NOTHING)

    @property
    def delivery(self) -> Decimal:
        return sum((discount.delivery for discount in self.discounts), NOTHING)

    def shares(self, lines: int) -> list[Decimal]:
        """What each of so many lines has taken off, all discounts together."""
        taken = [discount.shares for discount in self.discounts]
        return [sum((shares[at] for shares in taken), NOTHING) for at in range(lines)]


def apply(
    rules: Sequence[Rule], goods: Sequence[Goods], *, delivery: Decimal, currency: str
) -> Outcome:
    """What the rules take off goods and delivery, by the rule at the top."""
    ordered = sorted(rules, key=lambda rule: (rule.priority, rule.key))
    together = [rule for rule in ordered if rule.combines]
    choices = [together, *([rule] for rule in ordered if not rule.combines)]
    outcomes = [_in_turn(choice, goods, delivery, currency) for choice in choices]
    # The first of equals: all that combine.
    best = max(outcomes, key=lambda outcome: outcome.saving)
    others = [
        _unused(outcome, best)
        for choice, outcome in zip(choices, outcomes, strict=True)
        if outcome is not best
    ]
    return Outcome(best.discounts, sum(others, best.missed))


def _in_turn(rules, goods, delivery: Decimal, currency: str) -> Outcome:
    rest, fee = [line.total for line in goods], delivery
    discounts, missed = [], []
    for rule in rules:
        found = _try(rule, goods, rest, fee, currency)
        if isinstance(found, Missed):
            missed.append(found)
            continue
        discounts.append(found)
        rest = [left - off for left, off in zip(rest, found.shares, strict=True)]
        fee -= found.delivery
    return Outcome(tuple(discounts), tuple(missed))


def _unused(outcome: Outcome, best: Outcome) -> tuple[Missed, ...]:
    instead = ", ".join(discount.rule.name for discount in best.discounts)
    outweighed = tuple(
        Missed(discount.rule, Reason.OUTWEIGHED, instead=instead)
        for discount in outcome.discounts
    )
    return outweighed + outcome.missed


def _try(
    rule: Rule,
    goods: Sequence[Goods],
    rest: Sequence[Decimal],
    delivery: Decimal,
    currency: str,
) -> Discount | Missed:
    counts = [not rule.tags or bool(rule.tags & line.tags) for line in goods]
    meant = [line for line, is_in in zip(goods, counts, strict=True) if is_in]
    if not meant:
        return Missed(rule, Reason.NOTHING_IN_SCOPE)
    total = sum((line.total for line in meant), NOTHING)
    if total < rule.least_total:
        missing = rule.least_total - total
        return Missed(rule, Reason.BELOW_LEAST_TOTAL, missing=missing)
    if rule.kind == Kind.FREE_DELIVERY:
        found = Discount(rule, (NOTHING,) * len(goods), delivery)
    elif rule.kind == Kind.THREE_FOR_TWO:
        pieces = sum(line.quantity for line in meant)
        if pieces < 3:
            return Missed(rule, Reason.TOO_FEW, missing=Decimal(3 - pieces))
        found = Discount(rule, _every_third(goods, rest, counts, currency))
    else:
        found = Discount(rule, _off(rule, rest, counts, currency))
    return found if found.saving else Missed(rule, Reason.NOTHING_LEFT)


def _off(
    rule: Rule, rest: Sequence[Decimal], counts: Sequence[bool], currency: str
) -> tuple[Decimal, ...]:
    """Per cent or an amount of what is left, never more, shared out by what is left."""
    weights = [
        left if is_in else NOTHING for left, is_in in zip(rest, counts, strict=True)
    ]
    whole = sum(weights, NOTHING)
    if not whole:
        return (NOTHING,) * len(weights)
    wanted = whole * rule.value / HUNDRED if rule.kind == Kind.PERCENT else rule.value
    return tuple(split(min(quantise(wanted, currency), whole), weights, currency))


def _every_third(
    goods: Sequence[Goods],
    rest: Sequence[Decimal],
    counts: Sequence[bool],
    currency: str,
) -> tuple[Decimal, ...]:
    """The pieces laid out from the dearest to the cheapest: every third is free."""
    shares, laid_out = [NOTHING] * len(goods), 0
    dearest_first = sorted(range(len(goods)), key=lambda at: -goods[at].unit_price)
    for at in dearest_first:
        if counts[at]:
            quantity = goods[at].quantity
            free = (laid_out + quantity) // 3 - laid_out // 3
            shares[at] = quantise(rest[at] * free / quantity, currency)
            laid_out += quantity
    return tuple(shares)
