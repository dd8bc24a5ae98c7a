"""Payments and refunds that do not come on by themselves: somebody has to look."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from wagtail.admin.ui.components import Component

from checkout.models import Payment, Refund

PATIENCE = timedelta(hours=1)
SHOWN = 8


def stuck_payments(*, now: datetime) -> list[Payment]:
    """The longest stuck first, each with its order and ``is_refund``: money is owed
    that its provider has not taken on; else nobody knows whether it was charged. One
    query."""
    since = now - PATIENCE
    owed = Refund.objects.filter(
        payment=OuterRef("pk"), given_at=None, owed_at__lte=since
    )
    is_silent = Q(status__in=Payment.OPEN) & (
        Q(alerted_at__isnull=False) | Q(started_at__lte=since)
    )
    stuck = Payment.objects.annotate(is_refund=Exists(owed)).filter(
        is_silent | Q(is_refund=True)
    )
    return list(stuck.select_related("order").order_by("started_at", "pk")[:SHOWN])


class StuckPaymentsPanel(Component):
    """For people who may see orders; nothing at all while nothing is stuck."""

    name = "stuck-payments"
    order = 41
    template_name = "checkout/office/stuck.html"

    def get_context_data(self, parent_context):
        return {"payments": stuck_payments(now=timezone.now())}
