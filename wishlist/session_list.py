"""The list of a visitor whose browser keeps none: without scripts, or with storage
blocked or full. It lives in the server's session until they log in."""

import secrets
from datetime import datetime

from django.contrib.auth.signals import user_logged_in
from django.utils import timezone

from shop.models import Product
from wishlist import merge
from wishlist.merge import MOST_ITEMS, Wish

KEY = "wishlist"


def items(request) -> dict[int, datetime]:
    """{product id: since when}, oldest first; reads no session that is not there."""
    if request.session.session_key is None:
        return {}
    kept = request.session.get(KEY) or {}
    return {
        int(pk): datetime.fromisoformat(moment)
        for pk, moment in kept.get("items", {}).items()
    }


def put_on(request, product: Product, *, added_at: datetime) -> bool:
    """False: the list is full. What is on it already stays as it was."""
    kept = request.session.get(KEY) or {"operation": secrets.token_urlsafe(16)}
    listed = kept.setdefault("items", {})
    if str(product.pk) not in listed:
        if len(listed) >= MOST_ITEMS:
            return False
        listed[str(product.pk)] = added_at.isoformat()
    request.session[KEY] = kept
    return True


def take_off(request, product_id: int) -> datetime | None:
    """Since when it was on the list; None: it was not."""
    kept = request.session.get(KEY) or {}
    moment = kept.get("items", {}).pop(str(product_id), None)
    if moment is None:
        return None
    request.session[KEY] = kept
    return datetime.fromisoformat(moment)


def connect() -> None:
    user_logged_in.connect(_logged_in)


def _logged_in(sender, request, user, **kwargs) -> None:
    """Whoever made the list has just said who they are: a session is one person's, and
    ends when they log out."""
    kept = getattr(request, "session", {}).get(KEY)
    if not kept:
        return
    wishes = [Wish(pk, added_at) for pk, added_at in items(request).items()]
    merge.merge_items(
        user.pk, wishes, operation=f"session-{kept['operation']}", now=timezone.now()
    )
    del request.session[KEY]
