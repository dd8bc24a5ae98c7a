"""The database's clock and locks, for deeds that several workers could do at the same
minute: their own clocks may disagree, the database has only one."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def alone(deed: str) -> bool:
    """Take the lock of a deed until the present transaction ends. False: another worker
    is at it, and nothing needs to be done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [deed])
        return cursor.fetchone()[0]
