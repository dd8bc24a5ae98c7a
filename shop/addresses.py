"""Where a product's page lies."""

from functools import lru_cache

from django.conf import settings
from django.urls import get_script_prefix, get_urlconf, reverse


def address_of_product(slug: str) -> str:
    """As ``reverse`` says it. A list writes 24, and to look each up would take as long
    as its picture and price."""
    urlconf = get_urlconf(settings.ROOT_URLCONF)
    before, after = _around_slug(urlconf, get_script_prefix())
    return f"{before}{slug}{after}"


@lru_cache(maxsize=8)
def _around_slug(urlconf: str, prefix: str) -> tuple[str, str]:
    """What an address is besides the slug, while both arguments are in force."""
    before, _, after = reverse("shop:product", args=["-"]).rpartition("-")
    return before, after
