"""The published version: a number that grows with every commit that changes what
visitors see. Two readers with the same number see the same pages, blocks and menus.

It is counted, never set: each change adds a row in its own transaction. Whoever sees a
change sees its row, whatever the order of commits, and two publishes share no row that
one could wait for. Redis holds a pointer to the number, at times a little behind,
never ahead; PostgreSQL has the last word.
"""

import random
from collections.abc import Collection
from contextlib import contextmanager, suppress
from datetime import datetime

from django.core.cache import cache
from django.db import connection, connections, models, transaction
from django_redis import get_redis_connection
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from home import reading
from home.breaker import insisting

POINTER = "published:version"
# So soon is a pointer mended that a dying process could not move.
POINTER_S = (20, 30)
FORWARD = """
local seen = tonumber(redis.call('GET', KEYS[1]))
if not seen or seen < tonumber(ARGV[1]) then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
end
"""
# An SQL expression, so that a query of something else can bring it along.
COUNTED = "(SELECT coalesce(sum(count), 0)::bigint FROM home_publishedchange)"
COMPACT = """
WITH folded AS (
    DELETE FROM home_publishedchange WHERE id IN (
        SELECT id FROM home_publishedchange WHERE at < %s
        ORDER BY id FOR UPDATE SKIP LOCKED
    ) RETURNING count, at
)
INSERT INTO home_publishedchange (count, at)
SELECT sum(count), max(at) FROM folded HAVING count(*) > 0
"""
# What Wagtail writes into a published row when a draft is saved, something is locked
# or a picture is measured. An autosave does so twice a second.
UNSEEN_FIELDS = frozenset(
    "latest_revision latest_revision_created_at draft_title has_unpublished_changes"
    " wagtail_admin_comments locked locked_at locked_by file_hash file_size".split()
)


def changed() -> None:
    """What visitors see changes with the present transaction.

    To be called inside the transaction of the change: only then is there no moment at
    which one is visible and not the other. Nothing public may be rendered in that
    transaction after this.
    """
    from home.models import PublishedChange

    PublishedChange.objects.create()
    transaction.on_commit(_move, robust=True)


def _move() -> None:
    with insisting():
        point(read())


def is_seen(instance: models.Model, update_fields: Collection[str] | None) -> bool:
    """Whether saving would change what visitors see. Ask before saving: something that
    is not live matters only if it was."""
    if update_fields is not None and UNSEEN_FIELDS.issuperset(update_fields):
        return False
    if getattr(instance, "live", True):
        return True
    rows = type(instance)._base_manager.filter(pk=instance.pk, live=True)
    return instance.pk is not None and rows.exists()


def version() -> int:
    """The published version, from the pointer, else counted."""
    seen = cache.get(POINTER)
    if seen is None:
        point(seen := read())
    return seen


def read(database: str = reading.PRIMARY) -> int:
    """The published version, counted: one query. A replica may be behind with it."""
    with connections[database].cursor() as cursor:
        cursor.execute(f"SELECT {COUNTED}")
        return cursor.fetchone()[0]


def point(version: int) -> None:
    """Let the pointer show that version or a later one: reports of two commits may
    arrive in either order."""
    keep_s = random.randint(*POINTER_S)  # noqa: S311
    with suppress(ConnectionInterrupted, RedisError):
        key = cache.make_key(POINTER)
        get_redis_connection().eval(FORWARD, 1, key, version, keep_s)


@contextmanager
def snapshot():
    """Inside, all queries see the shop as of the first one. Not within a transaction:
    PostgreSQL refuses."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def compact(*, before: datetime) -> None:
    """Fold the changes before a moment into one row; the version stays what it is."""
    with connection.cursor() as cursor:
        cursor.execute(COMPACT, [before])
