"""The shop in a process of its own, with the pool and the limits of production.

Forked from the test's process, where Django is loaded already. What a test changes
about it, it changes in that process alone; the product has no points for it.
"""

import http.client
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from socketserver import ThreadingMixIn
from urllib.parse import urlencode, urlsplit, urlunsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from asgiref.sync import SyncToAsync
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from site_config import databases
from site_config.servers.server import die_with_parent


def forked(deed: Callable[[], object]) -> int:
    """Do something in a child; its process id. The child ends with the deed."""
    # Its sockets are not the child's to use.
    connections.close_all()
    pid = os.fork()
    if pid:
        return pid
    try:
        die_with_parent(signal.SIGKILL)()
        # Its thread has stayed behind.
        SyncToAsync.single_thread_executor = ThreadPoolExecutor(1)
        deed()
        os._exit(0)
    finally:
        os._exit(1)


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float

    @property
    def hidden(self) -> dict[str, str]:
        """The hidden fields of its forms."""
        fields = r'<input type="hidden" name="(\w+)" value="([^"]*)"'
        return dict(re.findall(fields, self.text))


class Visitor:
    """A browser without script: keeps cookies, follows nothing by itself."""

    def __init__(self, port: int, **cookies: str):
        self.port, self.cookies = port, cookies

    def get(self, path: str, **more) -> Answer:
        return self._ask("GET", path, **more)

    def post(self, path: str, fields: dict, **more) -> Answer:
        return self._ask("POST", path, urlencode(fields), **more)

    def _ask(self, method: str, path: str, body=None, timeout_s: float = 60) -> Answer:
        began = time.monotonic()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout_s)
        kept = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        headers = {"Cookie": kept, "Origin": f"http://127.0.0.1:{self.port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line.request(method, path, body, headers)
        response = line.getresponse()
        text = response.read().decode()
        line.close()
        for cookie in response.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(cookie).items():
                self.cookies[name] = morsel.value
        seconds = time.monotonic() - began
        return Answer(response.status, dict(response.headers), text, seconds)


class Shop:
    """Served to ``visitor()``s until ``stop``. Its database is at a port of ours."""

    def __init__(self, database_port: int, changed: Callable = lambda: None):
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = listener.getsockname()[1]

        def serve() -> None:
            use_database_at(database_port)
            changed()
            _Server(listener).serve_forever()

        self.pid = forked(serve)
        listener.close()

    def visitor(self, **cookies: str) -> Visitor:
        return Visitor(self.port, **cookies)

    def stop(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def use_database_at(port: int) -> None:
    """As ``settings`` would have it with a pool, and with a second of patience."""
    os.environ |= {
        "DATABASE_POOL": "1",
        "DATABASE_WAIT_S": "1",
        "DATABASE_STATEMENT_S": "1",
    }
    parts = urlsplit(os.environ["DATABASE_URL"])
    at_port = f"{parts.netloc.rpartition(':')[0]}:{port}"
    url = urlunsplit(parts._replace(netloc=at_port))
    entry = databases.settings(url)
    entry["OPTIONS"]["sslmode"] = "disable"
    connections.settings["default"].update(entry)
    settings.DATABASE_ANSWERS_WITHIN_S = databases.answers_within_s()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

    def __init__(self, listener: socket.socket):
        address = listener.getsockname()
        super().__init__(address, _Quiet, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = address
        self.setup_environ()
        self.set_app(WSGIHandler())


class _Quiet(WSGIRequestHandler):
    def log_message(self, *words) -> None:
        pass
