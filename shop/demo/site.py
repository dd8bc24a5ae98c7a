"""The shop's name and address, and the whole of what it shows around its products."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from wagtail.models import Site

from home.models import HomePage, Picture, SiteSettings
from shop.demo import front
from shop.demo.layout import write_layout, write_newsletter
from shop.demo.pages import Targets, write_pages

SALE_LASTS = timedelta(days=9, hours=4)
SETTINGS = {
    "name": "Kiln & Loom",
    "tagline": "household things, fired and woven",
    "description": (
        "Household things from small workshops, fired and woven in short runs."
    ),
    "email": "hello@example.com",
    "phone": "+351 21 000 00 00",
    "address": "Kiln & Loom\nRua do Forno 12\n1200-192 Lisboa\nPortugal",
}


def dress(
    pictures: dict[str, Picture], by: dict[str, AbstractUser], *, now: datetime
) -> None:
    """Write pages, layout and settings where they are missing."""
    site = _site()
    named, is_new = SiteSettings.objects.get_or_create(
        site=site, defaults=SETTINGS | {"currency": settings.SHOP_CURRENCY}
    )
    if not is_new and named.name == SiteSettings._meta.get_field("name").default:
        SiteSettings.objects.filter(pk=named.pk).update(**SETTINGS)
    targets = Targets(pictures, write_newsletter(by), now + SALE_LASTS)
    home = HomePage.objects.get(pk=site.root_page_id)
    pages = write_pages(home, targets, by)
    front.dress(home, targets, pages, by)
    write_layout(targets, pages, by)


def _site() -> Site:
    """The default site, at the address where this shop is served."""
    site = Site.objects.get(is_default_site=True)
    address = urlsplit(settings.PUBLIC_URL)
    if address.hostname:
        port = address.port or (443 if address.scheme == "https" else 80)
        if (site.hostname, site.port) != (address.hostname, port):
            site.hostname, site.port = address.hostname, port
            site.save()
    return site
