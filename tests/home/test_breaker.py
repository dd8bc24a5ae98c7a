"""Redis that accepts and never answers: the worst that it can do."""

import socket
import threading
import time

import pytest
from django.core.cache import caches
from django_redis import get_redis_connection
from redis.exceptions import ResponseError

from home import breaker
from home.breaker import Breaker, insisting


class DeafServer:
    """Counts those who connect."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.callers = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self):
        while True:
            try:
                self.callers.append(self.listener.accept()[0])
            except OSError:
                return

    def stop(self):
        self.listener.close()
        for caller in self.callers:
            caller.close()


@pytest.fixture
def deaf():
    server = DeafServer()
    yield server
    server.stop()


@pytest.fixture
def cache(deaf, settings):
    ours = settings.CACHES["default"]
    timeout = ours["OPTIONS"] | {"SOCKET_TIMEOUT": 0.05}
    location = f"redis://127.0.0.1:{deaf.port}/0"
    settings.CACHES = {"default": ours | {"LOCATION": location, "OPTIONS": timeout}}
    return caches["default"]


def test_one_caller_finds_out_for_all(cache, deaf):
    answers = [cache.get("a", "none") for _ in range(5)]

    assert answers == ["none"] * 5
    assert len(deaf.callers) == 1


def test_control_without_the_breaker_everyone_waits(cache, deaf, monkeypatch):
    monkeypatch.setattr(Breaker, "turns_away", lambda self: False)

    for _ in range(5):
        cache.get("a")

    assert len(deaf.callers) == 5


def test_what_others_would_read_wrongly_is_told_all_the_same(cache, deaf):
    cache.get("a")

    with insisting():
        cache.set("price", 1)
    cache.set("page", 1)

    assert len(deaf.callers) == 2


def test_after_a_while_one_tries_again_and_all_follow(monkeypatch):
    now = time.monotonic()
    monkeypatch.setattr(breaker.time, "monotonic", lambda: now)
    ours = Breaker("Redis")
    assert not ours.turns_away()

    ours.failed()
    assert [ours.turns_away() for _ in range(3)] == [True] * 3

    now += breaker.SKIP_S
    assert [ours.turns_away() for _ in range(3)] == [False, True, True]

    ours.worked()
    assert not ours.turns_away()


def test_an_error_of_redis_itself_turns_nobody_away():
    """Full, or of another type: it has answered."""
    client = get_redis_connection()
    client.set("text", "no number")

    with pytest.raises(ResponseError):
        client.hget("text", "field")

    assert client.get("text") == b"no number"
    assert not client.breaker.turns_away()
