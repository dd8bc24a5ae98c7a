"""What search engines are told: which pages there are, and where not to look."""

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import views as wagtail_sitemaps

# People's own pages and the office; nothing that could be found by searching.
CLOSED = "account admin api cart checkout documents drafts order wishlist".split()


@require_safe
def sitemap(request) -> HttpResponse:
    """Published pages that anyone may see and find, with their last change."""
    return wagtail_sitemaps.sitemap(request)


@require_safe
def robots(request) -> HttpResponse:
    address = request.build_absolute_uri(reverse("shop:sitemap"))
    lines = [
        "User-agent: *",
        *(f"Disallow: /{path}/" for path in CLOSED),
        "",
        f"Sitemap: {address}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")
