"""Redis killed, deaf, emptied, full and slow: its own process, really done to it."""

import signal
import socket
import subprocess
import time
from contextlib import suppress

import pytest
import redis
from django.core.cache import caches
from django.test import Client

from checkout.models import Order
from home.breaker import SKIP_S, Breaker
from site_config.servers.redis import find_redis_server
from site_config.servers.server import die_with_parent
from tests.builders import a_colleague, a_product
from tests.checkout.ordering import a_shop_that_delivers, assert_invariants
from tests.checkout.test_pages import put, submit
from tests.faults.proxy import Proxy
from tests.faults.repeats import times
from tests.site_config.test_demo import a_free_port

pytestmark = pytest.mark.django_db(transaction=True)


class Server:
    """A redis-server of the test's own, at the end of a wire."""

    def __init__(self, folder):
        self.folder, self.port = folder, a_free_port()
        self.start()
        self.wire = Proxy("127.0.0.1", self.port)

    def start(self) -> None:
        self.process = subprocess.Popen(
            [find_redis_server(), "--port", str(self.port), "--save", ""],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            preexec_fn=die_with_parent(signal.SIGKILL),
        )
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.01)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.wire.keep_out()

    def come_back(self) -> None:
        self.start()
        self.wire.let_in()

    def deafen(self) -> None:
        self.process.send_signal(signal.SIGSTOP)

    def empty(self) -> None:
        redis.Redis(port=self.port).flushall()

    def fill(self) -> None:
        """No room for another key, and none is thrown out for it."""
        redis.Redis(port=self.port).config_set("maxmemory", 1)

    def slow_down(self, delay_s: float = 0.02) -> None:
        """Each question, and each answer, is that long on its way."""
        self.wire.delay_s = delay_s

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.wire.stop()


@pytest.fixture
def attached(tmp_path, settings):
    """Attaches the cache to a server, with something about it changed."""
    server = Server(tmp_path)

    def attach(**changed) -> Server:
        ours = settings.CACHES["default"]
        location = f"redis://127.0.0.1:{server.wire.port}/0"
        there = {"LOCATION": location, "OPTIONS": ours["OPTIONS"] | changed}
        settings.CACHES = {"default": ours | there}
        caches["default"].set("is there", 1)
        assert caches["default"].get("is there") == 1
        return server

    yield attach
    server.stop()


@pytest.fixture
def server(attached):
    return attached()


@pytest.fixture(autouse=True)
def _shop(transactional_db):
    a_shop_that_delivers()
    yield
    assert_invariants()


def a_colleague_at_work() -> Client:
    colleague = Client()
    colleague.force_login(a_colleague("Editors"))
    assert is_logged_in(colleague)
    return colleague


def is_logged_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.mark.parametrize("what", ["kill", "deafen", "empty", "fill", "slow_down"])
def test_whatever_becomes_of_redis_nobody_is_logged_out_and_everyone_can_buy(
    what, server
):
    product = a_product()
    colleague, shopper = a_colleague_at_work(), Client()
    pages = ["/", "/shop/", product.get_absolute_url(), "/search/?q=bowl", "/readyz"]
    for page in pages:
        shopper.get(page)

    getattr(server, what)()

    assert is_logged_in(colleague)
    assert [shopper.get(page).status_code for page in pages] == [200] * len(pages)
    assert put(shopper, product.variants.get()).status_code == 303
    assert shopper.get("/cart/").status_code == 200
    assert submit(shopper).status_code == 303
    assert Order.objects.get().status == Order.Status.CONFIRMED


@pytest.mark.parametrize("what", ["kill", "deafen", "fill"])
def test_control_a_shop_that_minds_what_redis_says_has_no_page(what, attached):
    server = attached(IGNORE_EXCEPTIONS=False)
    Client().get("/shop/")

    getattr(server, what)()

    with pytest.raises(redis.RedisError):
        Client().get("/shop/?sort=newest")


def test_control_sessions_in_redis_alone_are_gone_with_what_it_held(server, settings):
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    colleague = a_colleague_at_work()

    server.empty()

    assert not is_logged_in(colleague)


def answers_awaited(server: Server, monkeypatch) -> int:
    """How many late answers of Redis a page has waited for, which wants three."""
    shopper, heard = Client(), []
    shopper.get("/cart/")
    worked = Breaker.worked

    def counted(self):
        heard.append(1)
        worked(self)

    monkeypatch.setattr(Breaker, "worked", counted)
    server.slow_down(0.15)
    assert shopper.get("/cart/").status_code == 200
    return len(heard)


def test_a_redis_that_is_too_slow_is_not_waited_for(server, monkeypatch):
    assert answers_awaited(server, monkeypatch) == 0


def test_control_without_time_outs_a_page_takes_as_long_as_redis_does(
    attached, monkeypatch
):
    server = attached(SOCKET_TIMEOUT=None)

    assert answers_awaited(server, monkeypatch) > 0


def test_a_log_out_while_redis_is_deaf_is_one(server):
    """What Redis has kept of the session must not let anybody in afterwards."""
    colleague = a_colleague_at_work()
    cookie = colleague.cookies["sessionid"].value
    client = caches["default"].client.get_client()
    client.breaker.failed()

    colleague.post("/account/logout/")

    thief = Client()
    thief.cookies["sessionid"] = cookie
    client.breaker.worked()
    assert not is_logged_in(thief)


def waits(server: Server, monkeypatch, looks: int) -> tuple[int, float]:
    """How often so many looks at a basket, which want Redis three times each, waited
    for a deaf one; and their seconds."""
    failed, found_out = Breaker.failed, []

    def counted(self):
        found_out.append(1)
        failed(self)

    monkeypatch.setattr(Breaker, "failed", counted)
    shopper = Client()
    server.deafen()
    began = time.monotonic()
    for _ in range(looks):
        assert shopper.get("/cart/").status_code == 200
    return len(found_out), time.monotonic() - began


def test_a_redis_that_is_deaf_is_waited_for_once_in_seconds(server, monkeypatch):
    """Of twenty pages one, or none: the 95th in a hundred notices nothing."""
    waited, seconds = waits(server, monkeypatch, times(10, 400))

    assert 1 <= waited <= 1 + seconds / SKIP_S


def test_control_without_the_breaker_a_page_waits_for_all_it_wants(server, monkeypatch):
    monkeypatch.setattr(Breaker, "turns_away", lambda self: False)

    waited, seconds = waits(server, monkeypatch, 1)

    assert waited > 1 + seconds / SKIP_S


def test_redis_that_comes_back_is_used_again(server, monkeypatch):
    monkeypatch.setattr("home.breaker.SKIP_S", 0)
    server.kill()
    assert Client().get("/shop/").status_code == 200

    server.come_back()

    pages = [Client().get("/shop/")["X-Cache"] for _ in range(2)]
    assert pages == ["miss", "hit"]
