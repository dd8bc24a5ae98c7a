"""Doors of a list that is shared: its owner opens and shuts it, and whoever has the
link looks at it and says what they are getting."""

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from home.cacheable import private
from home.newsletter.views import for_one_reader
from home.same_origin import same_origin_required
from home.visitor import fingerprint
from shop.models import Product
from wishlist import asked, gifts, sharing, showing
from wishlist.models import Wishlist


@private
@require_POST
@same_origin_required
def share(request):
    """A link to show others, or its end; and whether what they mark is shown."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(
            f"{reverse('account_login')}?next={reverse('wishlist:list')}", status=303
        )
    owner_id, now = request.user.pk, timezone.now()
    if "gifts" in request.POST:
        gifts.show_to_owner(owner_id, is_shown=request.POST["gifts"] == "show")
    elif "withdraw" in request.POST:
        sharing.withdraw(owner_id, now=now)
    else:
        sharing.share(owner_id, now=now)
    return HttpResponseRedirect(reverse("wishlist:list") + "#share", status=303)


@for_one_reader
@require_safe
def shared(request, token: str):
    """What somebody lets others see: pieces and prices, and no name."""
    return _page(request, _shared_by(token))


@for_one_reader
@require_POST
@same_origin_required
def gift(request, token: str):
    """A visitor is getting a piece, or thinks better of it."""
    wishlist = _shared_by(token)
    if request.user.pk == wishlist.owner_id:
        raise Http404("Nobody's present is their own.")
    product_id = asked.number(request.POST.get("product"))
    giver = request.COOKIES.get(gifts.COOKIE) or gifts.new_token()
    if "back" in request.POST:
        gifts.take_back(wishlist, product_id, giver)
        return _see_piece(wishlist, product_id, giver)
    if not Product.objects.active().filter(pk=product_id).exists():
        raise Http404("No such piece.")
    visitor, now = fingerprint(request, "gift"), timezone.now()
    try:
        gifts.mark(wishlist, product_id, giver, visitor=visitor, now=now)
    except gifts.Taken:
        words = _("Somebody was quicker, or it is off the list. Please choose another.")
        return _page(request, wishlist, refusal=words, status=409)
    except gifts.TooManyGifts:
        words = _("Too many at once. Please try again in an hour.")
        return _page(request, wishlist, refusal=words, status=429)
    return _see_piece(wishlist, product_id, giver)


def _shared_by(token: str) -> Wishlist:
    found = sharing.shared_list(token)
    if found is None:
        raise Http404("No such list.")
    return found


def _page(request, wishlist: Wishlist, *, refusal: str = "", status: int = 200):
    """The list as others see it. Its owner, too: but what they are getting from it only
    if the owner wants to know."""
    is_own = request.user.pk == wishlist.owner_id
    cards = showing.cards_of_items(wishlist.items.kept(), now=timezone.now())
    if not is_own or wishlist.shows_gifts:
        giver = request.COOKIES.get(gifts.COOKIE, "")
        cards = showing.with_marks(cards, gifts.marks(wishlist, giver))
    context = {
        "cards": cards,
        "is_own": is_own,
        "shows_gifts": wishlist.shows_gifts,
        "refusal": refusal,
        "gift_url": "" if is_own else _address("gift", wishlist),
    }
    return render(request, "wishlist/shared.html", context, status=status)


def _see_piece(wishlist: Wishlist, product_id: int, giver: str):
    here = _address("shared", wishlist)
    response = HttpResponseRedirect(f"{here}#piece-{product_id}", status=303)
    response.set_cookie(
        gifts.COOKIE,
        giver,
        max_age=gifts.KEEP_S,
        path=here,
        httponly=True,
        samesite="Lax",
        secure=not settings.DEMO,
    )
    return response


def _address(name: str, wishlist: Wishlist) -> str:
    return reverse(f"wishlist:{name}", args=[wishlist.share_token])
