"""How a test waits for others: until it is so, and not for a time that will do."""

import time
from collections.abc import Callable

from django.db import connection

WAITED_FOR = """
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))
    )
"""


def until(is_so: Callable[[], object], within_s: float = 20) -> bool:
    """Whether it came to be so in time."""
    end = time.monotonic() + within_s
    while not (is_it := is_so()) and time.monotonic() < end:
        time.sleep(0.01)
    return bool(is_it)


def is_waited_for() -> bool:
    """Whether somebody wants what this thread's transaction has locked."""
    with connection.cursor() as cursor:
        cursor.execute(WAITED_FOR)
        return cursor.fetchone()[0]
