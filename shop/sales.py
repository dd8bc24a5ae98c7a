"""Sales begin and end at their hour on every page, also when no worker runs."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from home import cacheable, goods
from shop import tree
from shop.prices import apply_due

logger = logging.getLogger(__name__)

NEXT = "sales:next"
KEEP_S = 300
# They show no price, or must not depend on the database.
PRICELESS = ("/admin/", "/healthz", "/readyz", settings.MEDIA_URL)
# What a visitor does of a great sale, before it is others' turn.
MOST = 4
# After which a page looks again whether what is due has been done.
AGAIN = timedelta(seconds=1)


class SaleClock:
    """Stands below the page cache: a page is kept until the next sale begins or ends,
    and who makes it anew writes that sale onto its variants first. Until then it costs
    a look at Redis, and no query. What is posted reckons by its own clock."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_page = request.method in ("GET", "HEAD")
        if is_page and not request.path.startswith(PRICELESS):
            _keep_time(request)
        return self.get_response(request)


def _keep_time(request: HttpRequest) -> None:
    now = timezone.now()
    moment = _next(cacheable.versions(request).goods)
    if 0 < moment <= now.timestamp():
        moment = _have_begun(request, now)
    if moment:
        cacheable.keep_at_most(request, moment - now.timestamp())


def _next(version: int) -> float:
    """The time of the next sale that begins or ends, as pages of that number of goods
    know it; 0 for none."""
    moment = cache.get(f"{NEXT}:{version}")
    if moment is None:
        moment = _stamp(tree.current().next_sale)
        cache.set(f"{NEXT}:{version}", moment, timeout=KEEP_S)
    return moment


def _have_begun(request: HttpRequest, now: datetime) -> float:
    """Have what is due written, for this request too; returns the next time."""
    try:
        coming = apply_due(now=now, most=MOST)
    except OperationalError:
        logger.warning("Sales could not be brought up to date.", exc_info=True)
        return _stamp(now + AGAIN)
    seen = cacheable.versions(request)._replace(goods=goods.version())
    # What is made from here on is made of the new prices, and kept with them.
    request.versions = seen  # type: ignore[attr-defined]
    return _stamp(now + AGAIN if coming and coming <= now else coming)


def _stamp(moment: datetime | None) -> float:
    return moment.timestamp() if moment else 0
