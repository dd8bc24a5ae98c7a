"""Promotions in orders: held when an order is prepared, used when it is settled, given
back when it lapses or is cancelled. Each deed may be asked for twice.

Promotions are locked last of all rows, and only those that have a limit: a code that
everybody may use makes nobody wait.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q

from checkout import codes
from checkout.errors import CouponRefused
from checkout.models import Order, Promotion, Redemption
from checkout.promotions import Discount, Reason

State = Redemption.State


def hold(order: Order, discounts: Sequence[Discount], *, now: datetime) -> None:
    """Keep the order's promotions for it, counted under their locks.

    Raises:
        CouponRefused: somebody else was quicker.
    """
    scarce = [discount.rule.key for discount in discounts if discount.rule.is_scarce]
    locked = {one.pk: one for one in _lock_those_left(scarce, order)}
    Redemption.objects.bulk_create(
        Redemption(
            promotion_id=discount.rule.key,
            order=order,
            state=State.HELD,
            amount=discount.saving,
            currency=order.currency,
            customer=codes.customer(order.email),
            account_id=order.customer_id,
            is_once=_is_once(locked.get(discount.rule.key)),
            held_at=now,
            changed_at=now,
        )
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


def _lock_those_left(pks: Sequence[int], order: Order) -> list[Promotion]:
    """The promotions, locked; each can be used once more, by this customer too.

    Raises:
        CouponRefused
    """
    if not pks:
        return []
    promotions = Promotion.objects.lock(pks)
    uses = _count_uses(pks, order)
    for one in promotions:
        of_all, own = uses.get(one.pk, (0, 0))
        if one.most_uses is not None and of_all >= one.most_uses:
            raise CouponRefused(str(one), Reason.USED_UP)
        if one.once_per_customer and own:
            raise CouponRefused(str(one), Reason.USED_BEFORE)
    return promotions


def _count_uses(pks: Sequence[int], order: Order) -> dict[int, tuple[int, int]]:
    """{promotion id: (uses, uses by this customer)}. A statement of its own: one that
    waits for a lock still counts what was there when it began to wait."""
    by_customer = Q(customer=codes.customer(order.email))
    if order.customer_id is not None:
        by_customer |= Q(account_id=order.customer_id)
    kept = Redemption.objects.filter(promotion_id__in=pks).exclude(state=State.RELEASED)
    counted = kept.order_by().values("promotion_id")
    return {
        row["promotion_id"]: (row["of_all"], row["own"])
        for row in counted.annotate(
            of_all=Count("pk"), own=Count("pk", filter=by_customer)
        )
    }


def _is_once(promotion: Promotion | None) -> bool:
    return promotion is not None and promotion.once_per_customer
