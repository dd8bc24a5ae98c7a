"""Doors of the letters: ask for them, agree, end them. Whether an address is known,
none of them tells."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from home.cacheable import private
from home.keys import is_key
from home.newsletter.views import AddressForm, for_one_reader
from home.same_origin import same_origin_required
from home.visitor import fingerprint
from shop.models import Product
from wishlist import letters, watching
from wishlist.models import Watch

GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@private
@require_POST
@login_required
@same_origin_required
def watch_list(request):
    """Letters about the whole list, on or off."""
    is_watched = "on" in request.POST
    now = timezone.now()
    watching.watch_list(request.user.pk, is_watched=is_watched, now=now)
    return HttpResponseRedirect(reverse("wishlist:list"), status=303)


@private
@GET_OR_POST
@same_origin_required
def watch(request, slug: str):
    """A letter about one piece: customers are asked nothing, guests for an address."""
    product = Product.objects.active().filter(slug=slug).first()
    if product is None:
        raise Http404("No such piece.")
    if request.method != "POST":
        return _ask(request, product, AddressForm(auto_id="%s"))
    now = timezone.now()
    if request.user.is_authenticated:
        watching.watch_product(request.user, product, now=now)
        return _page(request, _("We write when it is back"), product.title)
    form = AddressForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _ask(request, product, form, status=422)
    visitor = fingerprint(request, "watch")
    email = form.cleaned_data["email"]
    try:
        watching.ask_as_guest(email, product, visitor=visitor, now=now)
    except watching.TooManyRequests:
        form.add_error("email", _("Too many at once. Please try again in an hour."))
        return _ask(request, product, form, status=429)
    return _page(
        request,
        _("A letter is on its way"),
        _("Open it and press the button in it. Only then do we use your address."),
    )


@for_one_reader
@GET_OR_POST
@csrf_exempt
def confirm(request, token: str):
    """Opening the link changes nothing: mail programs open links by themselves."""
    found = letters.confirmed_by(token)
    if found is None:
        text = _("Ask for the letter again, and a new one comes at once.")
        return _page(request, _("This link has run out"), text, status=410)
    if request.method != "POST":
        title = _("Shall we write to you?")
        return _page(request, title, found.product.title, button=_("Yes, write to me"))
    watching.confirm(found, now=timezone.now())
    text = _("We write when %(piece)s costs less or is back.")
    return _page(request, _("Noted"), text % {"piece": found.product.title})


@for_one_reader
@GET_OR_POST
@csrf_exempt
def mail(request, token: str):
    """All that an address has asked for; each piece can be ended by itself."""
    email = _address(token)
    if request.method == "POST":
        pressed = request.POST.get("product", "")
        watching.end(email, int(pressed) if is_key(pressed) else None)
        return HttpResponseRedirect(request.path, status=303)
    watches = Watch.objects.filter(email=email).select_related("product")
    active = [w for w in watches.order_by("pk") if w.wants_price or w.wants_stock]
    context = {"watches": active, "stop_url": letters.page_url(email, "stop")}
    return render(request, "wishlist/mail.html", context)


@for_one_reader
@GET_OR_POST
@csrf_exempt
def stop(request, token: str):
    """One press in a mail program posts here (RFC 8058); a person is asked first."""
    email = _address(token)
    if request.method != "POST":
        text = _("We stop writing to %(email)s about pieces.") % {"email": email}
        return _page(request, _("No more letters?"), text, button=_("End the letters"))
    watching.end(email)
    text = _("This address gets none of ours. Orders are still confirmed by mail.")
    return _page(request, _("No more letters"), text)


def _address(token: str) -> str:
    email = letters.address_of(token)
    if email is None:
        raise Http404("No such letter.")
    return email


def _ask(request, product: Product, form, *, status: int = 200):
    context = {"product": product, "form": form}
    return render(request, "wishlist/watch.html", context, status=status)


def _page(request, title: str, text: str, *, button: str = "", status: int = 200):
    context = {"title": title, "text": text, "button": button}
    return render(request, "home/newsletter_page.html", context, status=status)
