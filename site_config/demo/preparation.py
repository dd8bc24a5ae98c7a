"""Everything the demo needs before it opens; what is done already is skipped."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from site_config import embedded
from site_config.demo.failure import DemoError, tail
from site_config.demo.memory import SetupMemory
from site_config.servers.server import die_with_parent
from site_config.terminal import say

FULL_BYTES = 20_000_000


def prepare(port: int) -> None:
    """Servers, tables, static files and the demo shop, each step with its time."""
    products = str(whole_number("PRODUCTS", "10000", range(1, 10_000_000)))
    var_dir = embedded.usable_var_dir()
    os.environ |= {
        "DEMO": "1",
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(var_dir / "tmp"),
        "VAR_DIR": str(var_dir),
    }
    with step("PostgreSQL and Redis"):
        embedded.ensure()
    memory = SetupMemory(var_dir)
    with memory.when_changed("tables") as changed, step("Tables", changed):
        if changed:
            _manage("migrate", "--no-input")
    with memory.when_changed("static") as changed, step("Static files", changed):
        if changed:
            _manage("collectstatic", "--no-input", "--verbosity=0")
    title = f"Demo shop of {int(products):,} products"
    with memory.when_changed("shop", products) as changed, step(title, changed):
        if changed:
            _manage("seed_demo", f"--products={products}", is_shown=True)


@contextmanager
def step(title: str, is_needed: bool = True) -> Iterator[None]:
    began = time.monotonic()
    say(f"{title} ", end="")
    yield
    note = "" if is_needed else " (nothing to do)"
    say(f" {time.monotonic() - began:.1f} s{note}")


def whole_number(name: str, default: str, allowed: range) -> int:
    """The environment's value of `name`."""
    written = os.environ.get(name, "").strip() or default
    if not (written.isascii() and written.isdigit() and int(written) in allowed):
        raise DemoError(
            f"{name}={written} is not a whole number from {allowed.start} to "
            f"{allowed.stop - 1}."
        )
    return int(written)


def is_running(process: subprocess.Popen, wait_s: float) -> bool:
    """Does it still run, after waiting that long for its end?"""
    with suppress(subprocess.TimeoutExpired):
        process.wait(wait_s)
    return process.poll() is None


def _manage(*arguments: str, is_shown: bool = False) -> None:
    """Run a management command to its end: its output here, or a dot a second."""
    log_path = embedded.var_dir() / "log" / "setup.log"
    if is_shown:
        say()
    with log_path.open("ab") as log:
        command = subprocess.Popen(
            [sys.executable, "manage.py", *arguments],
            cwd=embedded.PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=None if is_shown else log,
            stderr=None if is_shown else log,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        try:
            while is_running(command, 1):
                if not is_shown:
                    say(".", end="")
        finally:
            _end(command)
    if command.returncode:
        _refuse_a_full_disk()
        shown = "" if is_shown else f":\n{tail(log_path)}"
        raise DemoError(f"manage.py {' '.join(arguments)} failed{shown}")


def _refuse_a_full_disk() -> None:
    """What failed says it in many words, and not in the last ones."""
    if shutil.disk_usage(embedded.var_dir()).free < FULL_BYTES:
        raise DemoError(f"No disk space is left in {embedded.var_dir()}.")


def _end(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.terminate()
        if is_running(process, 5):
            process.kill()
            process.wait()
