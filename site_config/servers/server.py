"""One server process of our own: its folder, its port, its birth and its end.

Nothing here imports Django: a server has to run before settings can be read.
"""

import ctypes
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

LOG_LIMIT_BYTES = 5_000_000
PR_SET_PDEATHSIG = 1

# Below the range from which Linux picks ports for outgoing connections, so that a
# remembered port is rarely found taken at the next start.
PORTS = range(20_000, 32_000)

_libc = ctypes.CDLL(None, use_errno=True)


class EmbeddedError(Exception):
    """Why PostgreSQL or Redis cannot be provided: one sentence a user can act on."""


class PortTaken(Exception):
    """Someone else took the port between our look at it and the server's."""


def die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends the signal when our process is gone.

    It is what ends a server whose keeper was killed with -9. Linux only.
    """

    def ask_kernel() -> None:
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, int(with_signal))

    return ask_kernel


class Server(ABC):
    """A server under `VAR_DIR/embedded/<name>`, listening on 127.0.0.1 only."""

    name: str
    url_variable: str
    # Whether the shop is closed without it.
    is_needed = True
    start_timeout_s: float = 60
    # Asked kindly, then firmly, then not at all: (signal, seconds it is given).
    farewells: tuple[tuple[signal.Signals, float], ...]

    def __init__(self, var_dir: Path) -> None:
        self.folder = var_dir / "embedded" / self.name
        self.log_path = var_dir / "log" / f"{self.name}.log"

    @abstractmethod
    def url(self, port: int) -> str:
        """Where it listens, with its password."""

    @abstractmethod
    def prepare(self) -> None:
        """Make whatever must exist before the first start. Safe to repeat."""

    @abstractmethod
    def spawn(self, port: int, *, lock_fd: int) -> subprocess.Popen:
        """Start the server; it inherits `lock_fd` and ends with this process."""

    @abstractmethod
    def is_ready(self, process: subprocess.Popen, port: int) -> bool:
        """Whether that process accepts connections."""

    def start(self, *, lock_fd: int) -> tuple[subprocess.Popen, int]:
        """Prepare, start and wait until connections are accepted: (process, port)."""
        self.prepare()
        for port in self._ports_to_try():
            process = self.spawn(port, lock_fd=lock_fd)
            try:
                self._wait_until_ready(process, port)
            except PortTaken:
                continue
            except EmbeddedError:
                self.stop(process)
                raise
            (self.folder / "port").write_text(f"{port}\n")
            return process, port
        raise EmbeddedError(f"No free port was found on 127.0.0.1 for {self.name}.")

    def stop(self, process: subprocess.Popen) -> None:
        for farewell, patience_s in self.farewells:
            if process.poll() is not None:
                return
            process.send_signal(farewell)
            with suppress(subprocess.TimeoutExpired):
                process.wait(patience_s)

    def running(self) -> dict:
        """`{"port", "pid", "keeper"}` of the running server, or nothing."""
        try:
            return json.loads((self.folder / "running.json").read_text())
        except (OSError, ValueError):
            return {}

    def remember_running(self, **state: int) -> None:
        draft = self.folder / "running.new"
        draft.write_text(json.dumps(state))
        draft.replace(self.folder / "running.json")

    def forget_running(self) -> None:
        (self.folder / "running.json").unlink(missing_ok=True)

    def password(self) -> str:
        """The password of this installation, made on first use, readable by us only."""
        path = self.folder / "password"
        if not path.exists():
            write_private(path, secrets.token_hex(24))
        return path.read_text().strip()

    def open_log(self):
        """The log, for appending; a large one is set aside first."""
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        if self.log_path.exists() and self.log_path.stat().st_size > LOG_LIMIT_BYTES:
            self.log_path.replace(self.log_path.with_suffix(".log.1"))
        return self.log_path.open("ab")

    def last_words(self) -> str:
        """The end of the log that says most, for an error sentence."""
        with suppress(OSError):
            lines = self.log_path.read_text(errors="replace").splitlines()[-40:]
            telling = [
                line
                for line in lines
                if "FATAL" in line or "error:" in line or "No space" in line
            ]
            return (telling or lines or [""])[-1].strip()
        return ""

    def _wait_until_ready(self, process: subprocess.Popen, port: int) -> None:
        deadline = time.monotonic() + self.start_timeout_s
        while time.monotonic() < deadline:
            if process.poll() is not None:
                if not is_free(port):
                    raise PortTaken(port)
                raise EmbeddedError(
                    f"{self.name} did not start: {self.last_words()} "
                    f"(see {self.log_path})"
                )
            if self.is_ready(process, port):
                return
            time.sleep(0.02)
        raise EmbeddedError(
            f"{self.name} was not ready after {self.start_timeout_s:.0f} s: "
            f"see {self.log_path}"
        )

    def _ports_to_try(self):
        with suppress(OSError, ValueError):
            remembered = int((self.folder / "port").read_text())
            if is_free(remembered):
                yield remembered
        yield from filter(is_free, random.sample(PORTS, 50))


def any_port() -> int:
    """One that is free at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # A connection that ended a moment ago is not a listener.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def write_private(path: Path, text: str) -> None:
    """Write a file that no other user can read, whole or not at all."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)


def wheel_folder(package: str) -> Path | None:
    """Where a wheel keeps its files; its Python code is not imported."""
    from importlib.util import find_spec

    spec = find_spec(package)
    locations = spec.submodule_search_locations if spec else None
    return Path(next(iter(locations))) if locations else None
