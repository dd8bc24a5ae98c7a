"""Application servers to choose from, each with two workers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from site_config.demo.children import status_of
from site_config.servers.server import any_port, die_with_parent

APPLICATION = "site_config.bench.wsgi:application"
WORKERS = 2
READY_WITHIN_S = 60
GUNICORN = [
    *("gunicorn", APPLICATION, "--bind=127.0.0.1:{port}", f"--workers={WORKERS}"),
    *("--log-level=warning", "--no-control-socket"),
]
# {name: module and arguments}
SERVERS = {
    "gunicorn gthread": [*GUNICORN, "--worker-class=gthread", "--threads=4"],
    "gunicorn sync": [*GUNICORN, "--worker-class=sync"],
    "granian": [
        *("granian", APPLICATION, "--interface=wsgi", "--host=127.0.0.1"),
        *("--port={port}", f"--workers={WORKERS}", "--blocking-threads=4"),
        *("--no-ws", "--log-level=warning"),
    ],
}


def is_there(name: str) -> bool:
    """Whether it is installed; only gunicorn comes with the shop."""
    return find_spec(SERVERS[name][0]) is not None


@contextmanager
def running(name: str, bodies: Path) -> Iterator[tuple[str, subprocess.Popen]]:
    """The address of the shop behind that server, and the server's process."""
    port = any_port()
    command = [part.format(port=port) for part in SERVERS[name]]
    process = subprocess.Popen(
        [sys.executable, "-m", *command],
        env=os.environ | {"BENCH_BODIES": str(bodies)},
        stdin=subprocess.DEVNULL,
        preexec_fn=die_with_parent(signal.SIGTERM),
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_until_ready(f"{address}/readyz", process)
        yield address, process
    finally:
        process.terminate()
        process.wait(20)


def memory_of_worker(process: subprocess.Popen) -> float:
    """Megabytes that a worker takes, its share of what workers have in common
    included; the largest processes of the server are its workers."""
    sizes = sorted(map(_size, _below(process.pid)), reverse=True)[:WORKERS]
    return sum(sizes) / max(len(sizes), 1)


def _wait_until_ready(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    while status_of(url) != 200:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not come up.")
        time.sleep(0.1)


def _below(pid: int) -> Iterator[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    for child in map(int, children):
        yield child
        yield from _below(child)


def _size(pid: int) -> float:
    told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    pss = next(line for line in told.splitlines() if line.startswith("Pss:"))
    return int(pss.split()[1]) / 1024
