"""Whether what is for sale has changed: a number in Redis that pages are kept under.

The room that sells moves it on commit, once for a change of any size. It says only
"different from before"; if it is lost, pages are made anew, and if it cannot be moved,
they grow old within a minute.
"""

import time

from django.core.cache import cache
from django.db import transaction

from home.breaker import insisting

POINTER = "goods:version"


def changed() -> None:
    """A price, a title, a picture or an availability that visitors read has changed:
    from the commit on, pages are made anew."""
    transaction.on_commit(_move, robust=True)


def _move() -> None:
    with insisting():
        cache.set(POINTER, time.time_ns(), timeout=None)


def version() -> int:
    """The number now; for those who have just had it moved."""
    return cache.get(POINTER) or begin()


def begin() -> int:
    """A new number, or the one that somebody else has just begun with; for those who
    found none. To be taken before anything is read that is kept under it."""
    begun = time.time_ns()
    is_ours = cache.add(POINTER, begun, timeout=None)
    return begun if is_ours else cache.get(POINTER, 0)
