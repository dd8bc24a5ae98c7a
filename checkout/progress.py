"""How far an order has come, as steps for its page."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from checkout.models import Order

NEW_FOR = timedelta(minutes=30)
Status = Order.Status
REACHED: dict[str, int] = {
    Status.PREPARED: 0,
    Status.CONFIRMED: 1,
    Status.PAID: 1,
    Status.PARTLY_FULFILLED: 2,
    Status.FULFILLED: 2,
}


@dataclass(frozen=True)
class Step:
    name: str
    is_current: bool
    is_done: bool


def steps(order: Order) -> list[Step]:
    """Received, confirmed, sent; or received and cancelled. The last one reached is
    the current one."""
    if order.status == Status.CANCELLED:
        names, reached = [_("Received"), _("Cancelled")], 1
    else:
        is_part = order.status == Status.PARTLY_FULFILLED
        sent = _("Partly sent") if is_part else _("Sent")
        names = [_("Received"), _("Confirmed"), sent]
        reached = REACHED[order.status]
    return [
        Step(name, is_current=at == reached, is_done=at < reached)
        for at, name in enumerate(names)
    ]


def is_new(order: Order, *, now: datetime) -> bool:
    """Whether the page should still say thank you."""
    return now - order.placed_at < NEW_FOR
