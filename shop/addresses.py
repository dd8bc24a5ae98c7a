"""Where a product's page lies, and what leads to where something lies now."""

from collections.abc import Collection
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import router, transaction
from django.urls import get_script_prefix, get_urlconf, reverse
from wagtail.contrib.redirects.models import Redirect


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


@contextmanager
def followed(thing: Any, update_fields: Collection[str] | None = None):
    """Around saving something that has a page: an old address of it leads to the new.
    Nobody has seen the address of what was not live."""
    rows = type(thing)._base_manager.filter(pk=thing.pk)
    is_asked = thing.pk and (update_fields is None or "slug" in update_fields)
    before = rows.first() if is_asked else None
    # There, and nowhere else: what has read a replica is refused by it.
    with transaction.atomic(using=router.db_for_write(type(thing), instance=thing)):
        yield
        if before and getattr(before, "live", True) and before.url != thing.url:
            lead(before.url, thing.url)


def lead(old: str, new: str) -> None:
    """From now on an address that is given up leads to another. However many lie
    between, it is one step (``home.addresses``); but none may lead away from here."""
    Redirect.objects.filter(old_path=Redirect.normalise_path(new)).delete()
    Redirect.add_redirect(old, new)
