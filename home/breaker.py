"""Redis may be away or slow at any time, and so may a replica of the database; nothing
in them is needed. Whoever has found out spares everybody else in this process the wait,
for a few seconds.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from redis.exceptions import ConnectionError, TimeoutError

logger = logging.getLogger(__name__)

SKIP_S = 5

_here = threading.local()


class Breaker:
    """Open after a failure, for ``SKIP_S``. Then one caller tries; the others are
    turned away until it is back with an answer. ``name`` is for the log."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lock = threading.Lock()
        self._tried_again_at: float | None = None

    def turns_away(self) -> bool:
        if self._tried_again_at is None:
            return False
        with self._lock:
            now = time.monotonic()
            if self._tried_again_at is None or now >= self._tried_again_at:
                self._tried_again_at = now + SKIP_S
                return False
            return True

    def failed(self) -> None:
        with self._lock:
            if self._tried_again_at is None:
                words = "%s does not answer; the shop goes on without."
                logger.warning(words, self._name)
            self._tried_again_at = time.monotonic() + SKIP_S

    def worked(self) -> None:
        if self._tried_again_at is not None:
            self._tried_again_at = None
            logger.warning("%s answers again.", self._name)


@contextmanager
def insisting() -> Iterator[None]:
    """Inside, Redis is tried however often it has just failed: for what others would
    read wrongly if it were not told, such as that a price has changed."""
    outside = getattr(_here, "insists", False)
    _here.insists = True
    try:
        yield
    finally:
        _here.insists = outside


class BreakableRedis(redis.Redis):
    """The client of the cache: every command goes through the breaker of its server.

    Raises:
        ConnectionError: also when Redis was not asked.
    """

    @property
    def breaker(self) -> Breaker:
        """One for all threads, as the pool of connections is."""
        return vars(self.connection_pool).setdefault("breaker", Breaker("Redis"))

    def execute_command(self, *args, **options):
        breaker = self.breaker
        if not getattr(_here, "insists", False) and breaker.turns_away():
            raise ConnectionError("Redis is left alone for a moment.")
        try:
            answer = self._tried_once(*args, **options)
        except (ConnectionError, TimeoutError):
            breaker.failed()
            raise
        breaker.worked()
        return answer

    def _tried_once(self, *args, **options):
        """The answer. Redis-py would count and time the command as well, and hold it
        ready to be repeated, which takes as long as the command; here the breaker says
        when Redis is tried again. A connection that failed has closed itself."""
        connection = self.connection_pool.get_connection()
        try:
            connection.send_command(*args, **options)
            return self.parse_response(connection, args[0], **options)
        finally:
            self.connection_pool.release(connection)
