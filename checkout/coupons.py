"""Promotions in orders: held when an order is prepared, used when it is settled, given
back when it lapses or is cancelled. Each deed may be asked for twice.

Promotions are locked last of all rows, and only those that have a limit: a code that
everybody may use makes nobody wait.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q

from checkout import codes
from checkout.errors import CouponRefused
from checkout.models import Order, Promotion, Redemption
from checkout.promotions import Discount, Reason

State = Redemption.State
# (promotion id, fingerprint or account id)
OwnUses = set[tuple[int, str | int | None]]


@dataclass(frozen=True)
class Customer:
    """Who redeems: the fingerprint of an address (``codes.customer``), an account."""

    fingerprint: str
    account_id: int | None

    @classmethod
    def of(cls, order: Order) -> "Customer":
        return cls(codes.customer(order.email), order.customer_id)


class Uses:
    """How often promotions with a limit are used, counted under their locks, which are
    held until commit."""

    def __init__(self, pks: Collection[int], customers: Sequence[Customer]):
        self.promotions = {one.pk: one for one in Promotion.objects.lock(pks)}
        self.of_all, self.own = _count_uses(self.promotions, customers)

    def refuse_if_gone(self, pks: Iterable[int], customer: Customer) -> None:
        """Raises:
        CouponRefused: one of these cannot be used once more, by this customer.
        """
        for one in (self.promotions[pk] for pk in pks if pk in self.promotions):
            if one.most_uses is not None and self.of_all[one.pk] >= one.most_uses:
                raise CouponRefused(str(one), Reason.USED_UP)
            if one.once_per_customer and has_used(self.own, one.pk, customer):
                raise CouponRefused(str(one), Reason.USED_BEFORE)

    def add(self, pks: Iterable[int], customer: Customer) -> None:
        """They are used once more."""
        for pk in pks:
            self.of_all[pk] += 1
            self.own.add((pk, customer.fingerprint))
            if customer.account_id is not None:
                self.own.add((pk, customer.account_id))

    def is_once(self, pk: int) -> bool:
        return pk in self.promotions and self.promotions[pk].once_per_customer


def scarce(discounts: Sequence[Discount]) -> list[int]:
    """The promotions among them that have a limit."""
    return [discount.rule.key for discount in discounts if discount.rule.is_scarce]


def hold(order: Order, discounts: Sequence[Discount], *, now: datetime) -> None:
    """Keep the order's promotions for it, counted under their locks.

    Raises:
        CouponRefused: somebody else was quicker.
    """
    uses = _lock_those_left(scarce(discounts), order)
    write_held([(order, discounts)], uses, now=now)


def write_held(
    held: Iterable[tuple[Order, Sequence[Discount]]], uses: Uses, *, now: datetime
) -> None:
    """Keep promotions for orders. The caller has counted them by ``uses``."""
    Redemption.objects.bulk_create(
        Redemption(
            promotion_id=discount.rule.key,
            order=order,
            state=State.HELD,
            amount=discount.saving,
            currency=order.currency,
            customer=codes.customer(order.email),
            account_id=order.customer_id,
            is_once=uses.is_once(discount.rule.key),
            held_at=now,
            changed_at=now,
        )
        for order, discounts in held
        for discount in discounts
    )


def use(order: Order, *, now: datetime) -> None:
    """The order is settled. The caller holds its lock."""
    held = order.redemptions.filter(state=State.HELD)
    held.update(state=State.USED, changed_at=now)


def release(order: Order, *, now: datetime) -> None:
    """The order has lapsed or is cancelled. The caller holds its lock."""
    kept = order.redemptions.exclude(state=State.RELEASED)
    kept.update(state=State.RELEASED, changed_at=now)


def use_again(order: Order, *, now: datetime) -> None:
    """Use what was given back, for an order that is paid after all. The caller holds
    the locks of the order and its stock.

    Raises:
        CouponRefused: others have used it up meanwhile.
    """
    given_back = order.redemptions.filter(state=State.RELEASED)
    _lock_those_left(list(given_back.values_list("promotion_id", flat=True)), order)
    given_back.update(state=State.USED, changed_at=now)


def _lock_those_left(pks: Sequence[int], order: Order) -> Uses:
    """The promotions, locked; each can be used once more, by this customer too.

    Raises:
        CouponRefused
    """
    customer = Customer.of(order)
    uses = Uses(pks, [customer])
    uses.refuse_if_gone(pks, customer)
    return uses


def _count_uses(
    pks: Collection[int], customers: Sequence[Customer]
) -> tuple[Counter[int], OwnUses]:
    """{promotion id: uses}, and those by these customers. A statement of its own: one
    that waits for a lock still counts what was there when it began to wait."""
    of_all: Counter[int] = Counter()
    own: OwnUses = set()
    if not pks:
        return of_all, own
    by_them = Q(customer__in={one.fingerprint for one in customers}) | Q(
        account_id__in={one.account_id for one in customers} - {None}
    )
    kept = Redemption.objects.filter(promotion_id__in=pks).exclude(state=State.RELEASED)
    counted = kept.order_by().values("promotion_id")
    for row in counted.annotate(
        of_all=Count("pk"),
        people=ArrayAgg("customer", filter=by_them, default=[]),
        accounts=ArrayAgg("account_id", filter=by_them, default=[]),
    ):
        key = row["promotion_id"]
        of_all[key] = row["of_all"]
        own |= {(key, one) for one in (*row["people"], *row["accounts"]) if one}
    return of_all, own


def count_own(promotion_ids: Collection[int], customers: Sequence[Customer]) -> OwnUses:
    """Which of these promotions each of these customers has used, or holds."""
    return _count_uses(promotion_ids, customers)[1]


def has_used(own: OwnUses, pk: int, customer: Customer) -> bool:
    """Whether a customer is among those who ``count_own`` has found."""
    return not own.isdisjoint({(pk, customer.fingerprint), (pk, customer.account_id)})
