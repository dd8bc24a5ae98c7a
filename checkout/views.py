"""Doors: read what was asked, call one function, answer."""

import logging

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from checkout import (
    admission,
    asked,
    cookies,
    live,
    pages,
    problems,
    quantities,
    submission,
    typed_codes,
)
from checkout import cart as carts
from checkout.answers import SeeOther, form_of_the_cart
from checkout.customers import book
from checkout.errors import (
    CartBusy,
    CheckoutError,
    EmptyCart,
    KeyReused,
    LineFull,
    LinesRefused,
    QuantityRefused,
    TotalUnread,
    UnknownSku,
)
from checkout.finalization import placed_before
from checkout.forms import CheckoutForm
from checkout.models import Cart, CheckoutAttempt, Drop, Order
from checkout.orders import settle_order
from checkout.review import Review, review
from checkout.words import quantity_refused
from checkout.writing import Wanted
from home.cacheable import private
from home.repeatable import repeatable
from home.same_origin import same_origin_required
from shop.views import product_with_error

logger = logging.getLogger(__name__)


@private
@require_safe
def show_cart(request):
    return pages.cart_page(request, cookies.cart(request))


@private
@form_of_the_cart
@same_origin_required
def add(request):
    sku = asked.plain(request.POST.get("sku", ""))
    try:
        quantity = quantities.parse(request.POST.get("quantity", "1"))
        token = cookies.cart_token(request)
        account = cookies.customer_id(request)
        cart = carts.add(token, sku, quantity, now=timezone.now(), customer_id=account)
    except UnknownSku:
        raise Http404 from None
    except QuantityRefused as refusal:
        return product_with_error(request, sku, quantity_refused(refusal))
    except CartBusy:
        return product_with_error(request, sku, _("The basket is busy; try again"))
    response = _to_cart(cart)
    if Drop.objects.of_sku(sku).exists():
        cookies.join_crowd(response)
    return response


@private
@form_of_the_cart
def change(request):
    token = cookies.cart_token(request)
    wishes = asked.wishes(request.POST)
    try:
        cart = carts.change(token, wishes, now=timezone.now())
    except LinesRefused as refused:
        return pages.cart_page(
            request,
            carts.find(token),
            typed=asked.typed_quantities(request.POST),
            refusals=refused.refusals,
            status=422,
        )
    except CartBusy:
        sentence = _("The basket is busy; nothing was changed. Try again.")
        return pages.cart_page(
            request,
            carts.find(token),
            typed=asked.typed_quantities(request.POST),
            errors=[sentence],
            status=409,
        )
    return _to_cart(cart)


@private
@form_of_the_cart
def code(request):
    """A promotion code put into the basket, or taken out."""
    token = cookies.cart_token(request)
    if refused := typed_codes.take(request):
        return pages.cart_page(request, carts.find(token), code=refused)
    return SeeOther(reverse("checkout:cart"))


@repeatable
@private
@require_http_methods(["GET", "HEAD", "POST"])
def checkout(request):
    cart = carts.find_any(cookies.cart_token(request))
    if cart is None or not cart.items.exists():
        return SeeOther(reverse("checkout:cart"))
    is_post = request.method == "POST"
    if not is_post and cart.converted_at:
        return SeeOther(reverse("checkout:cart"))
    if not is_post:
        return _empty_form(request, cart)
    try:
        if placed := placed_before(cart, submission.read(request.POST)):
            return _to_order(placed)
    except KeyReused as refusal:
        return _sent_before(request, cart, refusal)
    if cart.converted_at is None and typed_codes.has_any(request):
        return _with_code(request, cart)
    if "update" in request.POST:
        return _reckon_again(request, cart)
    return _order_now(request, cart)


def _to_cart(cart: Cart | None) -> HttpResponse:
    response = SeeOther(reverse("checkout:cart"))
    if cart:
        cookies.remember_cart(response, cart)
    cookies.show_pieces(response, carts.pieces(cart))
    return response


def _empty_form(request, cart: Cart) -> HttpResponse:
    last = cart.attempts.order_by("pk").last()
    if last and last.is_waiting:
        return _to_line(last)
    seen = review(cart, now=timezone.now())
    chosen = {
        "country": seen.country,
        "delivery": seen.method.code if seen.method else "",
        "payment": Order.PaymentMethod.INVOICE,
    } | book.beginning(request.user, request.GET.get("address", ""))
    # Whoever stood in line in vain need not type it all again.
    chosen |= last.asked if last else {}
    form = CheckoutForm(terms=seen.terms, initial=chosen)
    problem = problems.of_changes(seen)
    return pages.checkout_page(request, seen, form, problem=problem)


def _with_code(request, cart: Cart) -> HttpResponse:
    """A code comes first, and the total with it is shown before anything is ordered."""
    refused = typed_codes.take(request)
    cart.refresh_from_db()
    if refused or "update" in request.POST or "drop" in request.POST:
        return _reckon_again(request, cart, code=refused)
    return _form_again(request, cart, CheckoutForm(request.POST, terms=live.terms()))


def _reckon_again(
    request, cart: Cart, *, code: typed_codes.Refused | None = None
) -> HttpResponse:
    """The total for another country, way of delivery or code; nothing is judged yet."""
    seen = _review_as_posted(request, cart)
    form = CheckoutForm(terms=seen.terms, initial=request.POST.dict())
    problem = problems.of_changes(seen)
    return pages.checkout_page(request, seen, form, problem=problem, code=code)


def _order_now(request, cart: Cart) -> HttpResponse:
    """Place the order, or show the form again with all that was typed."""
    form = CheckoutForm(request.POST, terms=live.terms())
    expected_total = asked.expected_total(request.POST)
    if not form.is_valid():
        return _form_again(request, cart, form, status=422)
    if expected_total is None:
        return _form_again(request, cart, form, refusal=TotalUnread())
    try:
        wanted = Wanted(
            address=form.address(),
            delivery_code=form.cleaned_data["delivery"],
            payment_method=form.cleaned_data["payment"],
            expected_total=expected_total,
            submission=submission.read(request.POST),
        )
        placed = admission.order_or_wait(cart, wanted, now=timezone.now())
    except EmptyCart:
        return SeeOther(reverse("checkout:cart"))
    except KeyReused as refusal:
        return _sent_before(request, cart, refusal)
    except LineFull as refusal:
        return _line_full(request, cart, form, refusal)
    except CheckoutError as refusal:
        return _form_again(request, cart, form, refusal=refusal)
    if isinstance(placed, CheckoutAttempt):
        return _to_line(placed)
    if placed.is_paid_online:
        return _to_payment(placed)
    _settle_at_once(placed)
    return _to_order(placed)


def _settle_at_once(placed: Order) -> None:
    """The order stands already; should this fail, its job settles it in a moment."""
    try:
        settle_order(placed.pk, now=timezone.now())
    except CartBusy:
        logger.warning("Order %s is left to its job to settle.", placed.pk)


def _form_again(
    request, cart: Cart, form, *, refusal: CheckoutError | None = None, status=409
) -> HttpResponse:
    seen = _review_as_posted(request, cart)
    expected_total = asked.expected_total(request.POST)
    problem = problems.of_form_again(seen, refusal, expected_total)
    return pages.checkout_page(request, seen, form, problem=problem, status=status)


def _line_full(request, cart: Cart, form, refusal: LineFull) -> HttpResponse:
    response = _form_again(request, cart, form, refusal=refusal, status=429)
    response["Retry-After"] = str(refusal.retry_after_s)
    return response


def _sent_before(request, cart: Cart, refusal: KeyReused) -> HttpResponse:
    """The form has become an order already; what it says now stays on the page."""
    form = CheckoutForm(terms=live.terms(), initial=request.POST.dict())
    return _form_again(request, cart, form, refusal=refusal, status=422)


def _review_as_posted(request, cart: Cart) -> Review:
    return review(
        cart,
        country=request.POST.get("country", "")[:2],
        delivery_code=request.POST.get("delivery", ""),
        email=asked.plain(request.POST.get("email", ""))[:254],
        now=timezone.now(),
    )


def _to_line(attempt: CheckoutAttempt) -> HttpResponse:
    response = SeeOther(attempt.get_absolute_url())
    cookies.join_crowd(response)
    return response


def _to_payment(placed: Order) -> HttpResponse:
    response = SeeOther(reverse("checkout:pay", args=[placed.token]))
    cookies.show_pieces(response, 0)
    return response


def _to_order(placed: Order) -> HttpResponse:
    response = SeeOther(reverse("checkout:order", args=[placed.token]))
    # The cart's own cookie stays: should the form come again, it finds this order.
    cookies.show_pieces(response, 0)
    return response
