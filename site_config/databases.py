"""How the shop is connected to PostgreSQL: every wait has an end."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

from site_config import env

# Longer than PostgreSQL lets a statement run: what is not here by then was lost.
ON_THE_WAY_S = 0.5
REPLICA_WAIT_S = 1

_here = threading.local()


@contextmanager
def bounded(limit_s: float) -> Iterator[None]:
    """Inside, in this thread, no answer is waited for any longer than that: PostgreSQL
    ends what takes too long, but it cannot say so through a network that is cut."""
    outside = getattr(_here, "limit_s", None)
    _here.limit_s = limit_s
    try:
        yield
    finally:
        _here.limit_s = outside


class BoundedConnection(psycopg.Connection[Any]):
    """A connection of the pool, which keeps within ``bounded``, and which does not die
    alone: connections are lost together, and the pool, which would find the dead ones
    one by one and rest in between, looks through them at once."""

    def wait(self, gen, *args, timeout=None, **kwargs):
        limit_s = getattr(_here, "limit_s", None) if timeout is None else timeout
        try:
            return super().wait(gen, *args, timeout=limit_s, **kwargs)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                # Whatever comes now would be taken for the answer to something else.
                self.close()
            elif self.closed and self._pool:
                self._pool.check()
            raise


def settings(url: str) -> dict[str, Any]:
    """An entry of DATABASES, with its limits from the environment."""
    return _entry(url, env.number("DATABASE_WAIT_S", 3, least=1))


def replicas(urls: list[str]) -> dict[str, dict[str, Any]]:
    """Entries of DATABASES for replicas, in which nothing is written. Nobody waits for
    a connection as long as for the primary's: there is always that one."""
    entries = {}
    for number, url in enumerate(urls, start=1):
        entry = _entry(url, REPLICA_WAIT_S)
        entry["OPTIONS"]["options"] += " -c default_transaction_read_only=on"
        entries[f"replica_{number}"] = entry | {"TEST": {"MIRROR": "default"}}
    return entries


def _entry(url: str, wait_s: int) -> dict[str, Any]:
    options: dict[str, Any] = {
        "connect_timeout": wait_s,
        # A host that has gone is noticed within a minute, also by a job.
        "keepalives_idle": 20,
        "tcp_user_timeout": 30_000,
        "options": (
            f"-c statement_timeout={_statement_s()}s -c lock_timeout=3s"
            " -c idle_in_transaction_session_timeout=10s"
        ),
    }
    if env.flag("DATABASE_POOL", True):
        options["pool"] = {
            "connection_class": BoundedConnection,
            "min_size": 1,
            "max_size": env.number("DATABASE_POOL_SIZE", 8, least=1),
            "timeout": wait_s,
            # Once a second while somebody waits. By default the pauses double, and a
            # database that is back after minutes would not be found for minutes.
            "reconnect_timeout": 2,
        }
    return env.database(url) | {
        # After a restart of PostgreSQL all connections that lie in the pool are dead.
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def answers_within_s() -> float:
    """After which the answer to a statement must have been lost."""
    return _statement_s() + ON_THE_WAY_S


def _statement_s() -> int:
    return env.number("DATABASE_STATEMENT_S", 5, least=1)
