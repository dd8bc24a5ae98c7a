"""The basket round a layout block that is being edited; ``home.previews`` calls it by
its name. It shows a cart that nobody has and that is never saved."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from checkout import live, pages, showing
from checkout.models import Cart, CartItem
from checkout.review import Look, Review, review_of
from shop.models import Product, Variant

SAMPLES = 2


def cart_page(request: HttpRequest, block) -> HttpResponse:
    """Two of the newest pieces; an empty basket while nothing is for sale."""
    seen = _sample()
    lines = showing.cart_lines(seen) if seen else []
    return pages.reviewed_cart(request, seen, lines)


def _sample() -> Review | None:
    newest = Product.objects.active().in_stock().order_by("-created_at", "-pk")
    chosen = list(newest.values_list("pk", flat=True)[:SAMPLES])
    variants = Variant.objects.filter(product__in=chosen, is_active=True)
    first = variants.order_by("product_id", "position", "pk").distinct("product_id")
    now = timezone.now()
    offers = live.offers_of(list(first.values_list("pk", flat=True)), now=now)
    if not offers:
        return None
    cart = Cart(currency=settings.SHOP_CURRENCY)
    items = tuple(
        CartItem(
            pk=number,
            variant_id=offer.variant_id,
            quantity=1,
            title=offer.title,
            price_seen=offer.unit_price,
            added_at=now,
        )
        for number, offer in enumerate(offers.values(), start=1)
    )
    return review_of(Look(cart, items, offers), now=now)
