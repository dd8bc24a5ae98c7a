"""Time for what no page waits for, such as filling a shop or looking at all of a large
one: the limits that protect shoppers are off."""

from contextlib import contextmanager

from django.db import connection

LIMITS = ("statement_timeout", "idle_in_transaction_session_timeout")


@contextmanager
def patient():
    """No statement of this thread's connection is too slow inside the block."""
    with connection.cursor() as cursor:
        for limit in LIMITS:
            cursor.execute(f"SET {limit} = 0")
    yield
    with connection.cursor() as cursor:
        for limit in LIMITS:
            cursor.execute(f"RESET {limit}")
