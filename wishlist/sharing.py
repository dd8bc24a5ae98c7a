"""A link through which others look at a list. It can be taken back."""

import secrets
from datetime import datetime

from wishlist.models import Wishlist


def share(owner_id: int, *, now: datetime) -> str:
    """A new link's token, of 192 random bits; any earlier link is dead."""
    token = secrets.token_urlsafe(24)
    locked = Wishlist.objects.lock_of(owner_id, now=now)
    Wishlist.objects.filter(pk=locked.pk).update(share_token=token)
    return token


def withdraw(owner_id: int) -> None:
    Wishlist.objects.filter(owner=owner_id).update(share_token=None)


def shared_list(token: str) -> Wishlist | None:
    return Wishlist.objects.filter(share_token=token).first() if token else None
