"""The parent of a server: `python -m site_config.servers.keeper <name> <report>`.

It starts the server, waits until nobody uses it any more, stops it and ends.
"""

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from site_config import embedded
from site_config.servers.locks import locked, open_lock
from site_config.servers.server import EmbeddedError, Server

WAKING = (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT)


class Woken(Exception):
    """The server ended by itself, or someone asked the keeper to stop."""


def keep(server: Server, report: TextIO) -> None:
    """Run the server until nobody holds `users`; report when it is ready."""
    with locked(server.folder, "keeper"), locked(server.folder, "server") as lock_fd:
        server.forget_running()
        process, port = server.start(lock_fd=lock_fd)
        server.remember_running(port=port, pid=process.pid, keeper=os.getpid())
        _answer(report, "ready")
        with _alone_or_woken(server, process):
            server.forget_running()
            server.stop(process)


def _answer(report: TextIO, sentence: str) -> None:
    """Tell the process that started us, unless it is already gone."""
    with suppress(BrokenPipeError), report:
        report.write(sentence)


@contextmanager
def _alone_or_woken(server: Server, process: subprocess.Popen) -> Iterator[None]:
    """Wait until every user has gone, or the server has, or SIGTERM comes.

    Holds `users` for the block, so that a newcomer waits until the server has ended.
    """

    def wake(*_) -> None:
        # Once: nothing may interrupt the stopping.
        _listen(signal.SIG_IGN, signal.SIG_DFL)
        raise Woken

    users_fd = open_lock(server.folder, "users")
    try:
        _listen(wake, wake)
        if process.poll() is None:
            fcntl.flock(users_fd, fcntl.LOCK_EX)
        _listen(signal.SIG_IGN, signal.SIG_DFL)
    except Woken:
        if process.poll() is not None:
            sys.stderr.write(f"{server.name} ended by itself: {process.returncode}\n")
    yield
    os.close(users_fd)


def _listen(to_others, to_child) -> None:
    for number in WAKING:
        signal.signal(number, to_child if number == signal.SIGCHLD else to_others)


def main(name: str, report_fd: str) -> None:
    os.umask(0o077)
    server = embedded.SERVERS[name](embedded.var_dir())
    report = open(int(report_fd), "w")  # noqa: SIM115 - closed by its only answer
    try:
        with embedded.told_plainly():
            keep(server, report)
    except EmbeddedError as error:
        _answer(report, str(error))
        sys.exit(str(error))


if __name__ == "__main__":
    main(*sys.argv[1:])
