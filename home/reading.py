"""Which database is read here: the primary, or a replica of it that somebody has found
to know enough. Only the primary is ever written.

Nobody but ``site_config.replicas`` turns to a replica, and only for the view of a page
that is the same for everyone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS, connections, transaction

PRIMARY = DEFAULT_DB_ALIAS
_turned_to = ContextVar("turned_to", default=PRIMARY)
# Few rows, which Django and Wagtail keep for long once they have read them.
KEPT_BY_OTHERS = {
    "contenttypes.contenttype",
    "wagtailcore.locale",
    "wagtailcore.site",
}


def database() -> str:
    """The alias to read from. Inside a transaction it is the primary: what is read
    there may be written, or was written just now."""
    turned_to = _turned_to.get()
    if turned_to != PRIMARY and transaction.get_connection(PRIMARY).in_atomic_block:
        return PRIMARY
    return turned_to


def connection():
    """The connection to read from; for SQL of our own, which no router sees."""
    return connections[database()]


@contextmanager
def read_from(alias: str) -> Iterator[None]:
    token = _turned_to.set(alias)
    try:
        yield
    finally:
        _turned_to.reset(token)


@contextmanager
def primary() -> Iterator[None]:
    """Inside, the primary is read, and may be written: for what is kept longer than the
    page, or made once for all pages."""
    with read_from(PRIMARY):
        yield


class Router:
    """Django's questions, answered by the above. What writes in a page of a replica is
    led there, too, and refused by it: what the page has read may be old, and nothing
    may be decided by it."""

    def db_for_read(self, model, **hints) -> str:
        is_kept = model._meta.label_lower in KEPT_BY_OTHERS
        return PRIMARY if is_kept else database()

    def db_for_write(self, model, **hints) -> str:
        return database()

    def allow_relation(self, one, other, **hints) -> bool:
        """All are the same database."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints) -> bool:
        return db == PRIMARY
