"""Pages of the shop round a layout block that is being edited; ``home.previews`` calls
them by their names."""

from django.http import HttpRequest, HttpResponse

from shop import views
from shop.models import Product


def list_page(request: HttpRequest, block) -> HttpResponse:
    """Everything for sale."""
    return views.index(request)


def product_page(request: HttpRequest, block) -> HttpResponse | None:
    """The piece that the block depends on, else the newest one, if there is any."""
    active = Product.objects.active()
    chosen = active.filter(pk=block.stock_product_id).first()
    newest = active.in_stock().order_by("-created_at", "-pk").first()
    product = chosen or newest
    return views.product(request, product.slug) if product else None
