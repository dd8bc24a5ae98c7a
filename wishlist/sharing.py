"""A link through which others look at a list. It can be taken back."""

import secrets
from datetime import datetime

from django.db import transaction

from wishlist import gifts
from wishlist.models import Wishlist


def share(owner_id: int, *, now: datetime) -> str:
    """A new link's token, of 192 random bits; any earlier link is dead, and what was
    marked through it forgotten."""
    token = secrets.token_urlsafe(24)
    _change(owner_id, token, now)
    return token


def withdraw(owner_id: int, *, now: datetime) -> None:
    _change(owner_id, None, now)


def shared_list(token: str) -> Wishlist | None:
    return Wishlist.objects.filter(share_token=token).first() if token else None


def _change(owner_id: int, token: str | None, now: datetime) -> None:
    with transaction.atomic():
        locked = Wishlist.objects.lock_of(owner_id, now=now)
        Wishlist.objects.filter(pk=locked.pk).update(share_token=token)
        gifts.forget(locked.pk)
