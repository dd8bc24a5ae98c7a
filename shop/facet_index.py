"""The bitmaps of the whole catalog: built from the database, shared through Redis and
brought up to date before every use.

They are never trusted to be fresh. Triggers note each change of a product in a log,
whoever made it; the bitmaps carry the snapshot of PostgreSQL that they are of, and one
query brings whatever was committed since.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import connection

from home import published, reading
from shop.bitmaps import GREATEST_ID, Bitmaps, Gathered, Row
from shop.search import FOUND, Search

# A new number with every change of what an index holds: releases share a Redis.
POINTER = "facets:index:2"
KEEP_S = 3600
# Well before the log forgets what it would have to catch up with.
GROWS_OLD = timedelta(minutes=10)
REMEMBER = timedelta(hours=2)
# To read so many rows, or such a part of all, takes less than to count by SQL.
MOST_CHANGES, TENTH = 5000, 10
BATCH = 20_000
LISTED = "p.live AND p.current_price IS NOT NULL"
# As ``shop.bitmaps.Row`` has them.
FACTS = (
    "p.id, p.category_id, p.brand_id, p.value_ids, p.stock_quantity > 0,"
    " p.compare_at_price IS NOT NULL, (p.current_price * 1000)::bigint,"
    " greatest(extract(epoch FROM p.created_at) * 1000000, 0)::bigint,"
    " p.popularity, p.sold_recently, p.reduction"
)
NO_SEARCH = "(SELECT NULL::bigint[] AS ids, NULL::text AS instead)"
# A replica does not say which transactions are under way, so that they would pass for
# known; there, whatever is not older than all of them is taken in once more.
SNAPSHOT = """
CASE WHEN pg_is_in_recovery()
THEN repeat(pg_snapshot_xmin(pg_current_snapshot())::text || ':', 2)
ELSE pg_current_snapshot()::text END
"""
# What a snapshot does not know. A row without products stands for older ones that were
# tidied away: one of them may have been invisible too.
MISSED = f"""
WITH missed AS MATERIALIZED (
    SELECT product_ids FROM shop_listingchange
    WHERE transaction >= pg_snapshot_xmin(%s::pg_snapshot)::text::bigint
    AND (product_ids IS NULL OR NOT
         pg_visible_in_snapshot(transaction::text::xid8, %s::pg_snapshot))
), ids AS (
    SELECT DISTINCT unnest(product_ids) AS id FROM missed LIMIT %s
), here AS MATERIALIZED (
    SELECT {SNAPSHOT} AS snapshot,
           EXISTS (SELECT FROM missed WHERE product_ids IS NULL) AS is_lost,
           found.ids AS ranked, instead
    FROM {{found}} found
)
SELECT snapshot, is_lost, CASE WHEN row_number() OVER () = 1 THEN ranked END, instead,
       ids.id, {FACTS}
FROM here LEFT JOIN ids ON true
LEFT JOIN shop_product p ON p.id = ids.id AND {LISTED}
"""
TIDY = """
WITH gone AS (
    DELETE FROM shop_listingchange WHERE at < %s RETURNING transaction
)
INSERT INTO shop_listingchange (transaction, at)
SELECT max(transaction), now() FROM gone HAVING count(*) > 0
"""


class Unusable(Exception):
    """These bitmaps cannot be brought up to date; others have to be taken or built."""


@dataclass(frozen=True)
class Missed:
    """What an index ``since`` a snapshot does not know, as of a later ``snapshot``:
    ``changed`` products, and ``listed`` those of them that still are. Of a search,
    ``ranked`` are the products, best first, and ``instead`` what was looked for."""

    since: str
    snapshot: str
    changed: list[int]
    listed: list[Row]
    ranked: list[int]
    instead: str


@dataclass
class Index:
    """Bitmaps as of a snapshot. ``name`` is new with each building; ``taken_at`` tells
    how much a process has to catch up with that takes them from Redis."""

    name: str
    snapshot: str
    taken_at: datetime
    bitmaps: Bitmaps

    def missed(self, search: Search | None = None) -> Missed:
        """What was committed since, and the products of a search. One query.

        Raises:
            Unusable
        """
        found = FOUND if search else NO_SEARCH
        parameters = search.parameters if search else []
        since = self.snapshot
        most = max(MOST_CHANGES, len(self.bitmaps.everything) // TENTH)
        asked = [since, since, most + 1, *parameters]
        with reading.connection().cursor() as cursor:
            cursor.execute(MISSED.format(found=found), asked)
            rows = cursor.fetchall()
        snapshot, is_lost, ranked, instead = rows[0][:4]
        if is_lost or len(rows) > most:
            raise Unusable
        return Missed(
            since=since,
            snapshot=snapshot,
            changed=[row[4] for row in rows if row[4] is not None],
            listed=[Row(*row[5:]) for row in rows if row[5] is not None],
            ranked=ranked or [],
            instead=instead or "",
        )

    def take_in(self, missed: Missed) -> bool:
        """Know what was missed. False where others have changed the index since it was
        asked for: what they know may be newer."""
        is_as_asked = self.snapshot == missed.since
        if is_as_asked:
            self.snapshot = missed.snapshot
            if missed.changed:
                self.bitmaps.replace(missed.changed, missed.listed)
        return is_as_asked or not missed.changed

    def catch_up(self) -> None:
        """Take in what was committed since. One query.

        Raises:
            Unusable
        """
        self.take_in(self.missed())


def build(*, now: datetime) -> Index:
    """An index of the database as it is. Not within a transaction.

    Raises:
        Unusable: keys have grown past what a bitmap can hold.
    """
    with published.snapshot():
        snapshot, gathered = _read()
    return _index(snapshot, gathered, now)


def drift(*, now: datetime) -> list[int] | None:
    """Products that the shared bitmaps, brought up to date, are wrong about; None where
    there are none that could be. Not within a transaction."""
    index = shared()
    if index is None:
        return None
    with published.snapshot():
        snapshot, gathered = _read()
        try:
            index.catch_up()
        except Unusable:
            return None
    fresh = _index(snapshot, gathered, now)
    return list(index.bitmaps.differing(fresh.bitmaps))


def _read() -> tuple[str, Gathered]:
    """The snapshot that this transaction sees, and all that is listed in it. Nothing is
    made of it yet: PostgreSQL ends a transaction that leaves it waiting."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        [snapshot] = cursor.fetchone()
        cursor.execute(
            f"DECLARE listed NO SCROLL CURSOR FOR SELECT {FACTS} FROM shop_product p"
            f" WHERE {LISTED} ORDER BY p.id"
        )
        return snapshot, Gathered(_fetched(cursor))


def _index(snapshot: str, gathered: Gathered, now: datetime) -> Index:
    return Index(secrets.token_hex(8), snapshot, now, Bitmaps.of(gathered))


def _fetched(cursor):
    while True:
        cursor.execute(f"FETCH {BATCH} FROM listed")
        rows = cursor.fetchall()
        if not rows:
            return
        if rows[-1][0] > GREATEST_ID:
            raise Unusable
        yield from map(Row._make, rows)


def share(index: Index) -> None:
    """Let every process use this index from now on."""
    cache.set(_key(index.name), index, timeout=KEEP_S)
    cache.set(POINTER, index.name, timeout=KEEP_S)


def keep(*, now: datetime) -> bool:
    """See to it that there is an index, and that whoever takes it from Redis has little
    to catch up with. Returns whether one had to be built."""
    found = shared()
    if found and now - found.taken_at < GROWS_OLD:
        return False
    try:
        if found:
            found.catch_up()
            share(replace(found, taken_at=now))
            return False
    except Unusable:
        pass
    share(build(now=now))
    return True


def tidy(*, before: datetime) -> None:
    """Forget changes before a moment; an index that may not know them is done for."""
    with connection.cursor() as cursor:
        cursor.execute(TIDY, [before])


def shared() -> Index | None:
    """The index in Redis, as it was built."""
    name = cache.get(POINTER)
    return fetch(name) if name else None


def fetch(name: str) -> Index | None:
    """The index of that name, out of Redis."""
    return cache.get(_key(name))


def _key(name: str) -> str:
    return f"{POINTER}:{name}"
