"""What a shopper sees of an order, by a link that nobody can guess."""

from decimal import Decimal

from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout import asked, progress, returns, worth
from checkout.models import Invoice, Order, OrderLine
from home.cacheable import private


@private
@require_safe
def order(request, token: str):
    found = of_token(token)
    now = timezone.now()
    context = _amounts(found) | {
        "parcels": list(found.parcels.all()),
        "refunds": list(found.refunds.all()),
        "returns": list(found.returns.with_lines()),
        "may_return": returns.may_be_asked(found, found.order_lines, now=now),
        "invoice": Invoice.objects.select_related("order").filter(order=found).first(),
        "credit_notes": list(found.credit_notes.numbered()),
        "steps": progress.steps(found),
        "is_new": progress.is_new(found, now=now),
    }
    return quietly(render(request, "checkout/order.html", context))


def of_token(token: str):
    """The token's order with its lines as ``order_lines``.

    Raises:
        Http404
    """
    lines = Prefetch("lines", OrderLine.objects.all(), to_attr="order_lines")
    orders = Order.objects.filter(token=asked.plain(token))
    found = orders.prefetch_related(lines).first()
    if found is None:
        raise Http404
    return found


def _amounts(found) -> dict[str, object]:
    called_off: Decimal = worth.called_off(found, found.order_lines).amount
    return {
        "order": found,
        "pieces": count_of(found),
        "called_off": called_off,
        "due": found.total - called_off,
    }


def count_of(found) -> int:
    """How many pieces were ordered."""
    return sum(line.quantity for line in found.order_lines)


def quietly(response: HttpResponse) -> HttpResponse:
    """The address is the key: it is told to no other site."""
    response["Referrer-Policy"] = "no-referrer"
    return response
