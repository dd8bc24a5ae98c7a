"""The admin's first look: what today has brought, by the shop's own clock."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.db.models import Count, Q, Sum
from django.utils import timezone
from wagtail.admin.ui.components import Component

from checkout.models import Order, Return
from shop.models import Product
from shop.models.product import FEW

Status = Order.Status
# Agreed, and still in the house.
AWAITING = (Status.CONFIRMED, Status.PAID, Status.PARTLY_FULFILLED)


@dataclass(frozen=True)
class Today:
    """``revenue`` is in the shop's currency, tax and delivery included."""

    orders: int
    revenue: Decimal
    awaiting: int
    returns: int
    low: int
    sold_out: int


def count_today(*, now: datetime) -> Today:
    """Three queries. The day begins at midnight in the shop's time zone, whatever zone
    the reader's admin is in."""
    here = timezone.localtime(now, timezone.get_default_timezone())
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    placed = Q(placed_at__gte=midnight, placed_at__lte=now) & ~Q(
        status=Status.CANCELLED
    )
    orders = Order.objects.aggregate(
        orders=Count("pk", filter=placed),
        revenue=Sum("total", filter=placed & Q(currency=settings.SHOP_CURRENCY)),
        awaiting=Count("pk", filter=Q(status__in=AWAITING)),
    )
    stock = Product.objects.active().aggregate(
        low=Count("pk", filter=Q(stock_quantity__range=(1, FEW))),
        sold_out=Count("pk", filter=Q(stock_quantity=0)),
    )
    returns = Return.objects.filter(status=Return.Status.ASKED).count()
    orders["returns"] = returns
    return Today(**orders | {"revenue": orders["revenue"] or Decimal(0)}, **stock)


class TodayPanel(Component):
    """For people who may see orders; ``checkout/wagtail_hooks.py`` asks."""

    name = "today"
    order = 40
    template_name = "checkout/office/today.html"

    def get_context_data(self, parent_context):
        return {"today": count_today(now=timezone.now())}
