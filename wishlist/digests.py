"""One letter a day to an address with all that is new to it.

News goes into a digest by one statement a batch; then each digest is claimed and sent.
Killed anywhere, the rest is sent by the next run, and nobody hears twice.
"""

from datetime import date, datetime

from django.db import connection, transaction

from wishlist import letters
from wishlist.models import Digest

BATCH = 5_000
AT_ONCE = 100
# So many letters refused in a row: it is the mail server, not an address.
MOST_FAILURES = 5

# Address by address, in the order of an index: to look for those who have no letter yet
# took as long for each as there were letters. Who has one is left to the constraint.
OPEN = """
WITH news AS MATERIALIZED (
    SELECT DISTINCT email FROM wishlist_watch
    WHERE (due_price IS NOT NULL OR is_back) AND email > %(after)s
    ORDER BY email LIMIT %(batch)s
), opened AS (
    INSERT INTO wishlist_digest (email, day) SELECT email, %(day)s FROM news
    ON CONFLICT (email, day) DO NOTHING RETURNING id
)
SELECT (SELECT max(email) FROM news), (SELECT array_agg(id) FROM opened)
"""
FILL = """
UPDATE wishlist_watch watch SET digest_id = digest.id,
    told_price = coalesce(watch.due_price, watch.told_price),
    told_at = CASE WHEN watch.due_price IS NULL THEN watch.told_at ELSE %(now)s END,
    stock_told_at = CASE WHEN watch.is_back THEN %(now)s ELSE watch.stock_told_at END,
    due_price = NULL, is_back = false
FROM wishlist_digest digest
WHERE digest.id = ANY(%(digests)s) AND watch.email = digest.email
    AND watch.email > %(after)s AND watch.email <= %(last)s
    AND (watch.due_price IS NOT NULL OR watch.is_back)
"""


def write(*, day: date, now: datetime) -> int:
    """Put all news into the day's digests and send those that are not sent; how many
    were. Whoever has had their letter of the day waits for the next day's.

    Raises:
        OSError: the mail server takes no letters; what is not sent waits.
    """
    opened: str | None = ""
    while opened is not None:
        opened = open_digests(opened, day=day, now=now)
    sent, failed, after = 0, 0, 0
    while digests := _unsent(after):
        for digest in digests:
            try:
                sent += _send(digest, now=now)
                failed = 0
            except OSError:
                failed += 1
                if failed >= MOST_FAILURES:
                    raise
        after = digests[-1].pk
    return sent


def open_digests(after: str, *, day: date, now: datetime) -> str | None:
    """Begin digests with their news for at most ``BATCH`` addresses behind that one, in
    one transaction; the last of them, or None when there are no more."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(OPEN, {"after": after, "day": day, "batch": BATCH})
        last, digests = cursor.fetchone()
        if digests:
            named = {"after": after, "last": last, "digests": digests, "now": now}
            cursor.execute(FILL, named)
    return last


def _unsent(after: int) -> list[Digest]:
    waiting = Digest.objects.filter(sent_at=None, pk__gt=after)
    return list(waiting.order_by("pk")[:AT_ONCE])


def _send(digest: Digest, *, now: datetime) -> bool:
    """Claim a digest and send it. False: somebody else did, or nothing in it is true
    any more. One that the mail server refuses is given back, for a later run.

    Raises:
        OSError: what the mail server said.
    """
    mine = Digest.objects.filter(pk=digest.pk, sent_at=None)
    if not mine.update(sent_at=now):
        return False
    news = list(digest.watches.select_related("product").order_by("pk"))
    letter = letters.digest(digest, news)
    if letter is None:
        return False
    try:
        letter.send()
    except OSError:
        Digest.objects.filter(pk=digest.pk).update(sent_at=None)
        raise
    return True
