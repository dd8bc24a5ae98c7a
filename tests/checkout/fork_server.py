"""The processes of a flash sale, from a fork server: three that would each load the
shop from its files are forked from one that has.

Each runs the command that it would have been started with, in the same environment, as
the leader of a session of its own.
"""

import gc
import json
import os
import runpy
import signal
import subprocess
import sys
from types import SimpleNamespace

from site_config.embedded import PROJECT
from tests.waiting import until


class ForkServer(subprocess.Popen):
    """Forks the members of a crew that has one environment."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        super().__init__(
            [sys.executable, "-m", "tests.checkout.fork_server"],
            cwd=PROJECT,
            env=environment | {"DJANGO_SETTINGS_MODULE": "site_config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def member(self, command: list[str], log: str) -> "Member":
        self.stdin.write(json.dumps({"command": command, "log": log}) + "\n")
        self.stdin.flush()
        return Member(int(self.stdout.readline()))


class Member:
    """As much of ``subprocess.Popen`` as a crew asks for."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def wait(self, timeout: float) -> None:
        if not until(self._is_gone, timeout):
            raise subprocess.TimeoutExpired("a member", timeout)

    def _is_gone(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        return False


class Forked:
    """Stands in for ``subprocess`` where a crew starts its members."""

    DEVNULL, TimeoutExpired = subprocess.DEVNULL, subprocess.TimeoutExpired

    def __init__(self) -> None:
        self.server: ForkServer | None = None

    def Popen(self, command, *, cwd, env, stdin, stdout, stderr, start_new_session):
        assert (cwd, stdin, stderr) == (PROJECT, self.DEVNULL, stdout)
        assert start_new_session
        self.server = self.server or ForkServer(env)
        assert env == self.server.environment
        assert command[0] == sys.executable
        return self.server.member(command[1:], stdout.name)

    def end(self) -> None:
        if self.server:
            self.server.stdin.close()
            self.server.stdout.close()
            self.server.wait(20)


def main() -> None:
    load()
    # Nobody waits for those who end; they themselves do, for theirs.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = SimpleNamespace(**json.loads(line))
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            become(order.command, order.log)
            return


def load() -> None:
    """What they would load, and what the first answer of a shop would load."""
    import gunicorn.app.wsgiapp  # noqa: F401
    from django.urls import get_resolver

    import site_config.wsgi  # noqa: F401
    from checkout.rehearsal import bystanders

    _ = get_resolver().url_patterns
    # So few answers have no percentiles.
    bystanders.LOOKS = 1
    # What is here for good is neither looked through nor copied in each of them.
    gc.collect()
    gc.freeze()


def become(command: list[str], log: str) -> None:
    os.setsid()
    sys.stdout.write(f"{os.getpid()}\n")
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDONLY)
    said = os.open(log, os.O_WRONLY | os.O_APPEND)
    for ours, at in ((nothing, 0), (said, 1), (said, 2)):
        os.dup2(ours, at)
    match command:
        case "-m", module, *words:
            sys.argv = [module, *words]
            runpy.run_module(module, run_name="__main__", alter_sys=True)
        case script, *_words:
            sys.argv = command
            runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
