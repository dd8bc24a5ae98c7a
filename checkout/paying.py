"""Doors to payment: on to the provider, back from it, and what it tells by itself."""

import logging

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from checkout import asked, payments, providers
from checkout.answers import SeeOther
from checkout.errors import CartBusy
from checkout.models import Order
from checkout.payments import NotPayable
from checkout.providers import NoticeRefused, ProviderSilent
from home.cacheable import private
from home.repeatable import repeatable

logger = logging.getLogger(__name__)
# More than any provider sends.
LONGEST_NOTICE = 64 * 1024


@private
@require_safe
def pay(request, token: str):
    """On to the provider. Opened twice, it leads to the same payment."""
    order = _order(token)
    back = request.build_absolute_uri(reverse("checkout:paid", args=[order.token]))
    try:
        payment = payments.begin(order.pk, return_url=back, now=timezone.now())
    except NotPayable:
        return SeeOther(order.get_absolute_url())
    except (ProviderSilent, CartBusy):
        return _no_answer(request, order)
    return SeeOther(payment.action_url or order.get_absolute_url())


@private
@require_safe
def paid(request, token: str):
    """Back from the provider, who is asked: what the address says proves nothing."""
    order = _order(token)
    payment = order.payments.order_by("-pk").first()
    if payment:
        try:
            payments.ask(payment, now=timezone.now())
        except (ProviderSilent, CartBusy):
            return _no_answer(request, order)
    return SeeOther(order.get_absolute_url())


@repeatable
@csrf_exempt
@require_POST
def notices(request, code: str):
    """A webhook: 400 for what the provider did not sign, 413 for what is too long to be
    one, 200 for what is done or was done before. It is short of time, so a busy row
    answers 503 and is sent again."""
    provider = providers.find(code)
    if provider is None:
        raise Http404("No such provider.")
    now = timezone.now()
    length = request.headers.get("Content-Length") or "0"
    if not length.isdecimal():
        return HttpResponse(status=400)
    if int(length) > LONGEST_NOTICE:
        return HttpResponse(status=413)
    try:
        told = provider.read_notice(request.body, request.headers, now=now)
        payments.notice(code, told, now=now)
    except NoticeRefused as refusal:
        logger.warning("Notice of %s refused: %s.", code, refusal)
        return HttpResponse(status=400)
    except CartBusy:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(status=200)


def _order(token: str) -> Order:
    order = Order.objects.filter(token=asked.plain(token)).first()
    if order is None:
        raise Http404("No such order.")
    return order


def _no_answer(request, order: Order) -> HttpResponse:
    """The bank is silent: what is known, what is held, and how to go on."""
    order.refresh_from_db()
    context = {"order": order}
    response = render(request, "checkout/no_answer.html", context, status=503)
    response["Retry-After"] = "15"
    return response
