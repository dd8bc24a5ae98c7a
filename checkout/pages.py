"""The cart page and the checkout page, put together."""

from collections.abc import Sequence

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from checkout import cart as carts
from checkout import cookies, showing, submission, words
from checkout.errors import QuantityRefused
from checkout.forms import CheckoutForm
from checkout.models import Cart
from checkout.problems import Problem
from checkout.review import Review, review
from checkout.typed_codes import Refused


def cart_page(
    request: HttpRequest,
    cart: Cart | None,
    *,
    typed: dict[int, str] | None = None,
    refusals: dict[int, QuantityRefused] | None = None,
    errors: Sequence[str] = (),
    code: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The basket. After a refusal with what was typed and, by item, what is wrong."""
    saved = list(cart.saved.all()) if cart else []
    seen = review(cart, now=timezone.now(), beside=saved) if cart else None
    lines = showing.cart_lines(seen, typed=typed, refusals=refusals) if seen else []
    status = code.status if code else status
    response = reviewed_cart(
        request,
        seen,
        lines,
        saved=showing.saved_lines(seen, saved) if seen else [],
        merged=words.merged(cart) if cart else [],
        errors=errors,
        code=code,
        status=status,
    )
    pieces = sum(line.quantity for line in lines)
    if pieces or cookies.BASKET in request.COOKIES:
        cookies.show_pieces(response, pieces)
    return response


def reviewed_cart(
    request: HttpRequest,
    seen: Review | None,
    lines: Sequence[showing.CartLine],
    *,
    saved: Sequence[showing.CartLine] = (),
    merged: Sequence[str] = (),
    errors: Sequence[str] = (),
    code: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The basket of a review; without one it is empty. Sets no cookie."""
    context = {
        "lines": lines,
        "saved": saved,
        "merged": merged,
        "changes": showing.changes(seen) if seen else [],
        "summary": showing.summary(seen) if seen else None,
        "keep_days": settings.CART_DAYS,
        "errors": errors,
        "code": code,
    }
    return render(request, "checkout/cart.html", context, status=status)


def checkout_page(
    request: HttpRequest,
    seen: Review,
    form: CheckoutForm,
    *,
    problem: Problem | None = None,
    code: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form beside what it would order. From here on its prices count as shown."""
    today = timezone.localdate()
    context = {
        "form": form,
        "lines": showing.cart_lines(seen),
        "summary": showing.summary(seen),
        "delivery_options": showing.delivery_options(seen, today=today),
        "expected_total": str(seen.quote.total),
        "key": request.POST.get("key") or submission.new_key(),
        "problem": problem,
        "code": code,
        "error_list": [
            *(
                (name, sentence)
                for name, sentences in form.errors.items()
                for sentence in sentences
            ),
            *([("code", code.words)] if code else []),
        ],
    }
    status = code.status if code else status
    response = render(request, "checkout/checkout.html", context, status=status)
    # Looking through a draft leaves no trace in anybody's basket.
    if getattr(request, "draft", None) is None:
        carts.remember_prices(seen.look.items, seen.look.offers)
    return response
