"""Pages of the catalog are read from a replica, if it knows all that they must show.

What must be on a page is told by the versions that it is kept under. Once for each of
them, and after they were read, the primary is asked how far its log has come: whatever
those versions stand for lies before that. A replica which has replayed its log up to
there shows what they stand for, or something newer; any other is behind, and the page
is read from the primary. So a page is never kept under a version that is newer than
what is on it, however far a replica lags, and whoever publishes has no part in it.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import Resolver404, resolve

from home import cacheable, published, reading
from home.breaker import Breaker
from home.reading import PRIMARY
from site_config import databases

# Views that show what is published and for sale, and write nothing.
READ_ONLY = {
    "home:sitemap",
    "shop:category",
    "shop:feed",
    "shop:index",
    "shop:product",
    "shop:search",
    "shop:sitemap",
    "shop:sitemap_lists",
    "shop:sitemap_products",
    "shop:suggestions",
    "wagtail_serve",
}
NEEDED = "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint"
# Null where the database is no replica, or one no more: then it goes its own way.
REPLAYED = """
SELECT CASE WHEN pg_is_in_recovery()
THEN pg_wal_lsn_diff(pg_last_wal_replay_lsn(), '0/0')::bigint END
"""

LOST = (OperationalError, InterfaceError)

_breakers: dict[str, Breaker] = {}


class Needed(NamedTuple):
    """How far the primary's log had come when those versions were already there.

    ``until`` is on the monotonic clock: a page lives no longer either, and so what no
    version tells of is no older than that.
    """

    versions: cacheable.Versions
    position: int
    until: float


_needed: Needed | None = None


def aliases() -> list[str]:
    return [alias for alias in connections if alias != PRIMARY]


class CatalogReads:
    """Stands below all others, which may write. Without replicas it does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        alias = _database_for(request) if aliases() else PRIMARY
        if alias == PRIMARY:
            return self.get_response(request)
        with reading.read_from(alias):
            response = self.get_response(request)
        if response.status_code < 500:
            request.read_from = alias  # type: ignore[attr-defined]
            if isinstance(response, StreamingHttpResponse):
                parts = iter(response.streaming_content)  # type: ignore[arg-type]
                response.streaming_content = _streamed(parts, alias)
            return response
        # Lost on the way, in the way of what it has to replay, or written to.
        if getattr(response, "has_lost_connection", False):
            connections[alias].close()
            _breaker(alias).failed()
        return self.get_response(request)


def _streamed(parts: Iterator[bytes], alias: str) -> Iterator[bytes]:
    """What is read bit by bit, long after the view: from where it was begun."""
    while True:
        with reading.read_from(alias):
            part = next(parts, None)
        if part is None:
            return
        yield part


def read_from(request: HttpRequest) -> str:
    """The alias of the database that the view of the request has read."""
    return getattr(request, "read_from", PRIMARY)


def _database_for(request: HttpRequest) -> str:
    may_be = (
        request.method in ("GET", "HEAD")
        and cacheable.is_for_everyone(request)
        # What is read in a transaction is read on the primary.
        and not connections[PRIMARY].in_atomic_block
        and _is_read_only(request)
    )
    return _choose(request) if may_be else PRIMARY


def _is_read_only(request: HttpRequest) -> bool:
    try:
        return resolve(request.path_info).view_name in READ_ONLY
    except Resolver404:
        return False


def _choose(request: HttpRequest) -> str:
    """A replica that knows what the request has to show, else the primary. The first
    that does not answer is the last that is waited for."""
    versions = cacheable.versions(request)
    # Without Redis nobody knows what is current.
    if versions.published is None or not versions.goods:
        return PRIMARY
    for alias in random.sample(aliases(), len(aliases())):
        if _breaker(alias).turns_away():
            continue
        needed = _how_far_at(versions)
        try:
            with _noticed(alias):
                has_replayed = _has_replayed(alias, needed)
        except LOST:
            return PRIMARY
        if has_replayed:
            return alias
    return PRIMARY


@contextmanager
def _noticed(alias: str) -> Iterator[None]:
    """Inside, no answer of a replica is waited for long, and whether it comes is noted
    for all. Raises what is ``LOST``."""
    try:
        with databases.bounded(databases.REPLICA_WAIT_S):
            yield
    except LOST:
        _breaker(alias).failed()
        raise
    _breaker(alias).worked()


def _breaker(alias: str) -> Breaker:
    """One for all threads."""
    return _breakers.setdefault(alias, Breaker(alias))


def _how_far_at(versions: cacheable.Versions) -> int:
    """The position that a replica must have come to; asked of the primary once."""
    global _needed
    known, now = _needed, time.monotonic()
    if known is None or known.versions != versions or now > known.until:
        position = _ask(PRIMARY, NEEDED)
        known = _needed = Needed(versions, position, now + cacheable.KEEP_S)
    return known.position


def _has_replayed(alias: str, needed: int) -> bool:
    """Whether a replica has come so far. Asked until it has, and then not again on this
    connection: it goes only forwards, and one that begins anew loses connections."""
    database = connections[alias]
    database.ensure_connection()
    replayed = getattr(database.connection, "replayed", 0)
    if replayed < needed:
        replayed = database.connection.replayed = _ask(alias, REPLAYED) or 0
    return replayed >= needed


def _ask(alias: str, query: str) -> int:
    with connections[alias].cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


def published_on(alias: str) -> int | None:
    """The published version there; None on a replica that has just been lost."""
    try:
        return published.read(alias)
    except LOST:
        if alias == PRIMARY:
            raise
        _breaker(alias).failed()
        return None


def behind() -> dict[str, int | None]:
    """{alias: bytes of the primary's log that it has not replayed yet}; None for one
    that does not answer, or has just not answered, or is no replica."""
    return {alias: _behind(alias) for alias in aliases()}


def _behind(alias: str) -> int | None:
    if _breaker(alias).turns_away():
        return None
    try:
        needed = _ask(PRIMARY, NEEDED)
        with _noticed(alias):
            replayed = _ask(alias, REPLAYED)
    except LOST:
        return None
    return None if replayed is None else max(0, needed - replayed)
