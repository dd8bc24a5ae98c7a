"""The web server and the worker of the demo."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from site_config import embedded
from site_config.demo.failure import DemoError, tail
from site_config.demo.mail_reader import MailReader
from site_config.demo.preparation import is_running, whole_number
from site_config.servers import locks
from site_config.servers.server import die_with_parent

READY_WITHIN_S = 120
STOPPED_WITHIN_S = 8


@dataclass
class Child:
    """A process that leads a group of its own and ends with us, however we end."""

    name: str
    process: subprocess.Popen
    log: Path

    @classmethod
    def started(cls, name: str, *arguments: str) -> "Child":
        """Its output goes to `VAR_DIR/log/<name>.log`; mails in it are shown here.

        It holds the lock of its name until it and all its own children have ended.
        """
        log_path = embedded.var_dir() / "log" / f"{name}.log"
        lock = locks.shared(embedded.lock_folder(), name)
        with log_path.open("wb") as log, lock as lock_fd:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=embedded.PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                pass_fds=[lock_fd],
                preexec_fn=die_with_parent(signal.SIGTERM),
            )
        return cls(name, process, log_path)

    def ask_to_stop(self) -> None:
        with suppress(ProcessLookupError):
            self.process.terminate()

    def stop_now(self) -> None:
        """End whatever is left of it and of its own children."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(2)


class Children(list[Child]):
    def start(self, port: int) -> None:
        """Start both; back when the shop answers that it is ready."""
        workers = whole_number("WEB_CONCURRENCY", "2", range(1, 257))
        self.append(Child.started("web", *_gunicorn(port, workers)))
        self.append(Child.started("worker", "manage.py", "work"))
        for child in self:
            if child.process.stdout:
                MailReader(child.process.stdout, child.log).start()
        self._wait_until_ready(port)

    def watch(self) -> None:
        """Stay until a process ends that should not: a DemoError says which."""
        while True:
            self._notice_deaths()
            time.sleep(0.5)

    def stop(self) -> None:
        """Ask all, wait a bounded time, insist."""
        for child in self:
            child.ask_to_stop()
        deadline = time.monotonic() + STOPPED_WITHIN_S
        for child in self:
            is_running(child.process, max(0.0, deadline - time.monotonic()))
        for child in self:
            child.stop_now()

    def _wait_until_ready(self, port: int) -> None:
        deadline = time.monotonic() + READY_WITHIN_S
        answer: int | str = ""
        while time.monotonic() < deadline:
            self._notice_deaths()
            answer = status_of(f"http://127.0.0.1:{port}/readyz")
            if answer == 200:
                return
            time.sleep(0.1)
        raise DemoError(
            f"The shop was not ready after {READY_WITHIN_S} s (/readyz: {answer}):\n"
            f"{tail(self[0].log)}"
        )

    def _notice_deaths(self) -> None:
        for child in self:
            if child.process.poll() is not None:
                raise DemoError(
                    f"The {child.name} process ended unexpectedly (exit code "
                    f"{child.process.returncode}):\n{tail(child.log)}"
                )
        for name in embedded.stopped():
            log = embedded.var_dir() / "log" / f"{name}.log"
            raise DemoError(f"{name} ended unexpectedly:\n{tail(log)}")


def _gunicorn(port: int, workers: int) -> list[str]:
    return [
        *("-m", "gunicorn", "site_config.wsgi:application"),
        *(f"--bind=127.0.0.1:{port}", f"--workers={workers}"),
        *("--worker-class=gthread", "--threads=4", "--graceful-timeout=4"),
        # By default both would be outside the project and VAR_DIR.
        *(f"--worker-tmp-dir={os.environ['TMPDIR']}", "--no-control-socket"),
    ]


def status_of(url: str, timeout_s: float = 5) -> int | str:
    try:
        answer = urllib.request.urlopen(url, timeout=timeout_s)  # noqa: S310 - our own
        with answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError as error:
        return str(error)
