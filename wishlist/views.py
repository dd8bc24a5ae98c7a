"""Doors of the wishlist. Hearts stand on pages that are the same for everyone, so they
carry no token: the browser says where a press comes from (decision 2)."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST, require_safe

from home.cacheable import private
from home.same_origin import same_origin_required
from shop.models import Product
from wishlist import asked, gifts, lists, showing
from wishlist.models import Wishlist

PAGE, CARDS = "wishlist/list.html", "wishlist/cards.html"


@private
@require_safe
def show(request):
    return _page(request)


@private
@require_POST
@same_origin_required
def press(request):
    """A heart: on the list, or off it if it was there and the list is shown. Leads to
    the list, which says what was done and offers the way back."""
    now = timezone.now()
    product_id = asked.number(request.POST.get("product"))
    if "off" in request.POST:
        added_at = lists.take_off(request, product_id, now=now)
        if added_at is None:
            return _see_list()
        return _see_list(f"?off={product_id}&since={asked.milliseconds(added_at)}")
    product = Product.objects.active().filter(pk=product_id).first()
    if product is None:
        raise Http404("No such piece.")
    since = asked.moment(request.POST.get("since"))
    if not lists.put_on(request, product, now=now, added_at=since):
        return _page(request, is_full=True, status=409)
    return _see_list()


@private
@require_POST
@same_origin_required
def move(request):
    """Into the basket, and only once it is there off the list. The basket belongs to a
    room of its own: its door is named by the settings."""
    response = import_string(settings.BASKET_DOOR)(request)
    if response.status_code == 303:
        product_id = asked.number(request.POST.get("product"))
        lists.take_off(request, product_id, now=timezone.now())
    return response


@private
@require_POST
@same_origin_required
def local(request):
    """Cards for a list that lives in the browser; nothing of it is kept here."""
    listed = asked.listed(request.POST.get("items", ""))
    cards = showing.cards_of_moments(listed, now=timezone.now())
    return render(request, CARDS, {"cards": cards, "is_local": True})


def _page(request, *, is_full: bool = False, status: int = 200):
    now = timezone.now()
    context: dict[str, object] = {"is_full": is_full, "is_known": False}
    if request.user.is_authenticated:
        own = Wishlist.objects.filter(owner=request.user).first() or Wishlist()
        items = list(lists.kept_items(request.user.pk))
        cards = showing.cards_of_items(items, now=now)
        marks = gifts.marks(own) if own.shows_gifts else {}
        context["cards"] = showing.with_marks(cards, marks)
        context["share_url"] = _share_url(own)
        context["shows_gifts"] = own.shows_gifts
        context["is_watched"] = own.is_watched
        context["is_known"] = True
    else:
        context["cards"] = showing.cards_of_moments(lists.wishes_of(request), now=now)
    context["undo"] = _undo(request)
    return render(request, PAGE, context, status=status)


def _undo(request) -> dict | None:
    """What was just taken off, ready to be put back."""
    product_id = asked.number(request.GET.get("off"), or_zero=True)
    if not product_id:
        return None
    product = Product.objects.active().filter(pk=product_id).first()
    if product is None:
        return None
    since = asked.number(request.GET.get("since"), or_zero=True)
    return {"product": product, "since": since}


def _share_url(wishlist: Wishlist) -> str:
    if not wishlist.share_token:
        return ""
    path = reverse("wishlist:shared", args=[wishlist.share_token])
    return settings.PUBLIC_URL + path


def _see_list(more: str = ""):
    return HttpResponseRedirect(reverse("wishlist:list") + more, status=303)
