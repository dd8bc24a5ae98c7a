"""Doors to a customer's orders and addresses. What is another's is not there."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from checkout import asked, cookies
from checkout import cart as carts
from checkout.answers import SeeOther
from checkout.customers import book, reordering
from checkout.customers.forms import AddressForm
from checkout.models import Order
from home.cacheable import private

PAGE = 20


@private
@require_safe
@login_required
def orders(request):
    own = Order.objects.filter(customer=request.user)
    page = Paginator(own, PAGE).get_page(request.GET.get("page"))
    return render(request, "checkout/customers/orders.html", {"orders": page})


@private
@require_POST
@login_required
def again(request, token: str):
    own = Order.objects.filter(customer=request.user)
    order = own.filter(token=asked.plain(token)).first()
    if order is None:
        raise Http404
    done = reordering.order_again(
        order, cookies.cart_token(request), now=timezone.now()
    )
    if done.missing:
        words = _("Not in the basket, or not as many: %(pieces)s")
        messages.warning(request, words % {"pieces": ", ".join(done.missing)})
    if done.cart is None:
        return SeeOther(reverse("checkout:orders"))
    response = SeeOther(reverse("checkout:cart"))
    cookies.remember_cart(response, done.cart)
    cookies.show_pieces(response, carts.pieces(done.cart))
    return response


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def addresses(request):
    """The book, and a form that writes a new address into it."""
    form = AddressForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            book.add(request.user, form.place())
        except book.BookIsFull:
            form.add_error(None, _("The book is full. Take an address out first."))
        else:
            return SeeOther(reverse("checkout:addresses"))
    return _form_page(
        request, "addresses", form, addresses=request.user.addresses.all()
    )


@private
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def address(request, pk: int):
    """One address of the book: to change, to use first, to take out."""
    found = get_object_or_404(request.user.addresses, pk=pk)
    form = AddressForm(_posted(request), address=found)
    if request.method != "POST":
        return _form_page(request, "address", form, address=found)
    if "remove" in request.POST:
        found.delete()
    elif "first" in request.POST:
        book.use_first(found)
    elif form.is_valid():
        book.change(found, form.place())
    else:
        return _form_page(request, "address", form, address=found)
    return SeeOther(reverse("checkout:addresses"))


def _posted(request):
    return request.POST if request.method == "POST" else None


def _form_page(request, page: str, form, **more):
    errors = [(name, words) for name, said in form.errors.items() for words in said]
    return render(
        request,
        f"checkout/customers/{page}.html",
        {"form": form, "error_list": errors, **more},
        status=422 if errors else 200,
    )
