"""The page of those who stand in line: their place, how long it may take, and on to
their order. By a link that nobody can guess, the same in every tab."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from checkout import asked, cookies, standing
from checkout.answers import SeeOther
from checkout.models import CheckoutAttempt, Order
from home.cacheable import private


@private
@require_safe
def waiting(request, token: str):
    """Shows the place and comes again by itself, with a script or without. Leads on
    once it is decided; a refusal says why, and nothing that was typed is lost."""
    attempt = _found(token)
    if attempt.order:
        return _to_order(attempt.order)
    place = standing.of(attempt, now=timezone.now()) if attempt.is_waiting else None
    status = 200 if place else 409
    context = {"attempt": attempt, "place": place}
    response = render(request, "checkout/waiting.html", context, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response


@private
@require_safe
def state(request, token: str):
    """The same for the page's script: words to show, and when to ask again."""
    attempt = _found(token)
    if not attempt.is_waiting:
        return JsonResponse({"state": attempt.state})
    place = standing.of(attempt, now=timezone.now())
    answer = JsonResponse(
        {
            "state": attempt.state,
            "place": place.number,
            "words": place.words,
            "estimate": place.estimate,
            "poll_after": place.poll_after_s,
        }
    )
    answer["Retry-After"] = str(place.poll_after_s)
    return answer


def _found(token: str) -> CheckoutAttempt:
    attempts = CheckoutAttempt.objects.select_related("order")
    found = attempts.filter(token=asked.plain(token)).first()
    if found is None:
        raise Http404("No such place.")
    return found


def _to_order(order: Order) -> HttpResponse:
    """To pay it, where that is still to be done."""
    url = order.get_absolute_url()
    if order.status == Order.Status.PREPARED and order.is_paid_online:
        url = reverse("checkout:pay", args=[order.token])
    response = SeeOther(url)
    cookies.show_pieces(response, 0)
    return response
