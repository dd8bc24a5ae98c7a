"""What the benchmark's own client counts, and when it refuses to."""

import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from site_config.bench import load, servers


@contextmanager
def a_server(status=200):
    """An address, and what was asked for there."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()


def test_every_answer_is_counted_and_a_fresh_address_is_asked_for_once():
    with a_server() as (address, asked):
        until = time.monotonic() + 0.1
        warm = load._ask(f"{address}/shop/?page=2", until, "")
        fresh = load._ask(f"{address}/shop/?page=2", time.monotonic() + 0.1, "t")

    assert warm + fresh == len(asked) > 2
    assert set(asked[:warm]) == {"/shop/?page=2"}
    assert len(set(asked[warm:])) == fresh
    assert asked[warm] == "/shop/?page=2&utm_source=t-0"


def test_a_server_that_does_not_answer_with_pages_is_not_measured():
    with a_server(status=500) as (address, _), pytest.raises(load.LoadError):
        load._ask(f"{address}/shop/", time.monotonic() + 1, "")


def test_a_server_that_is_not_installed_is_known_to_be_missing(monkeypatch):
    monkeypatch.setitem(servers.SERVERS, "granian", ["no_such_server"])

    assert servers.is_there("gunicorn gthread")
    assert not servers.is_there("granian")
