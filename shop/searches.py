"""What is searched for, counted for a report: words, days and numbers, nobody's name.

A search is counted when its page is made; one that is asked for again while caches keep
it is not. Counts gather in Redis and are written by a job, so that a search costs no
write; what Redis loses is missing from the report.
"""

import json
import re
from datetime import date

from django.db import connection
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from shop.words import LONGEST_QUERY, normal

GATHERED = "searches:gathered"
WRITING = "searches:writing"
# Somebody's address or number, typed into the wrong field.
PERSONAL = re.compile(r"@|(?:\d[\s-]?){7}")
MOST_GATHERED = 20_000
NOTE = """
if redis.call('HLEN', KEYS[1]) < tonumber(ARGV[3]) then
  redis.call('HINCRBY', KEYS[1], ARGV[1], 1)
  redis.call('HSET', KEYS[1] .. ':found', ARGV[1], ARGV[2])
end
"""
WRITE = """
INSERT INTO shop_searched AS s (words, day, times, found)
SELECT * FROM unnest(%s::text[], %s::date[], %s::int[], %s::int[])
ON CONFLICT (words, day)
DO UPDATE SET times = s.times + excluded.times, found = excluded.found
"""


def note(text: str, found: int, *, today: date) -> None:
    """Count a search. Without Redis it is not counted."""
    words = normal(text)[:LONGEST_QUERY]
    if not words or (not found and PERSONAL.search(text)):
        return
    name = json.dumps([words, today.isoformat()])
    try:
        # One round trip, which a page waits for.
        get_redis_connection().eval(NOTE, 1, GATHERED, name, found, MOST_GATHERED)
    except RedisError:
        return


def write() -> int:
    """Write what has gathered into the report. Returns how many searches."""
    redis = get_redis_connection()
    # What a job could not write that died, goes first.
    if redis.exists(GATHERED) and not redis.exists(WRITING):
        for kind in ("", ":found"):
            if redis.exists(f"{GATHERED}{kind}"):
                redis.rename(f"{GATHERED}{kind}", f"{WRITING}{kind}")
    times, found = redis.hgetall(WRITING), redis.hgetall(f"{WRITING}:found")
    if times:
        rows = [
            (*json.loads(n), int(t), int(found.get(n, 0))) for n, t in times.items()
        ]
        with connection.cursor() as cursor:
            cursor.execute(WRITE, [list(column) for column in zip(*rows, strict=True)])
    redis.delete(WRITING, f"{WRITING}:found")
    return len(times)
