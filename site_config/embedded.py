"""PostgreSQL and Redis for a machine that has neither.

`ensure()` gives a process the URLs of running servers and starts them when needed; with
EMBEDDED_REPLICA=1 also that of a streaming replica.
A server lives as long as somebody uses it:

* every user holds a shared lock for as long as its process lives; the kernel lets go
  of it however the process ends, `kill -9` included;
* every server has a keeper, its parent, which waits until it can have that lock alone,
  and then stops the server and itself;
* a server whose keeper was killed is ended by the kernel (`die_with_parent`);
* a server and all its children hold a lock of their own, so that whoever gets it knows
  that nothing of an earlier life is left. Pid files prove nothing.
"""

import atexit
import errno
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from site_config.servers import locks
from site_config.servers.postgres import Postgres, has_replica
from site_config.servers.redis import Redis
from site_config.servers.replica import Replica
from site_config.servers.server import EmbeddedError, Server

__all__ = ["EmbeddedError", "ensure", "release", "stopped", "usable_var_dir"]

PROJECT = Path(__file__).resolve().parent.parent
SERVERS: dict[str, type[Server]] = {
    kind.name: kind for kind in (Postgres, Replica, Redis)
}
GIVE_UP_OLD_SERVER_S = 40
# So often in a row it must look as if others used a server, until we believe it.
SURELY_SHARED = 3


@dataclass
class Use:
    """This process's hold on a server: the open lock, and the keeper it started."""

    server: Server
    users_fd: int
    keeper: subprocess.Popen | None
    pid: int


_uses: dict[str, Use] = {}


def var_dir() -> Path:
    """`VAR_DIR`, else `var` in the project: everything written at run time."""
    return Path(os.environ.get("VAR_DIR") or PROJECT / "var").resolve()


def usable_var_dir() -> Path:
    """`var_dir()`, with the folders every process expects in it.

    Raises:
        EmbeddedError: it cannot be written to.
    """
    with told_plainly():
        for folder in ("log", "tmp", "embedded"):
            (var_dir() / folder).mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=var_dir() / "tmp") as file:
            file.write(b"full?")
    return var_dir()


def lock_folder() -> Path:
    """Where the locks of the demo are; those of a server are in its own folder."""
    return usable_var_dir() / "embedded"


def ensure() -> None:
    """Put `DATABASE_URL` and `REDIS_URL` into the environment, where not given.

    Starts the servers or joins the running ones, and keeps them until this process
    ends or calls `release()`.

    Raises:
        EmbeddedError: one sentence for the user.
    """
    atexit.unregister(release)
    atexit.register(release)
    for kind in SERVERS.values():
        if os.environ.get(kind.url_variable):
            continue
        if kind is Replica and not _is_replica_wanted():
            continue
        server = kind(usable_var_dir())
        with told_plainly():
            _uses[server.name] = _join(server)
            os.environ[server.url_variable] = server.url(server.running()["port"])


def _is_replica_wanted() -> bool:
    if has_replica() and Postgres.name not in _uses:
        raise EmbeddedError(
            "EMBEDDED_REPLICA is for a private PostgreSQL: unset DATABASE_URL, or name "
            "the replicas of your own in DATABASE_REPLICA_URLS."
        )
    return has_replica()


def release() -> None:
    """Let go of the servers; when nobody else uses them, return once they are gone."""
    left = [use for use in _uses.values() if use.pid == os.getpid()]
    _uses.clear()
    for use in left:
        fcntl.flock(use.users_fd, fcntl.LOCK_UN)
        os.close(use.users_fd)
        os.environ.pop(use.server.url_variable, None)
    for use in left:
        _wait_for_farewell(use)


def stopped() -> list[str]:
    """Names of the servers this process needs that are no longer running."""
    needed = [name for name, use in _uses.items() if use.server.is_needed]
    return [name for name in needed if not _is_kept(_uses[name].server)]


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the file system says into a sentence about VAR_DIR."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise EmbeddedError(f"No disk space is left in {var_dir()}.") from error
        where = f"{error.filename}: " if error.filename else ""
        raise EmbeddedError(
            f"VAR_DIR={var_dir()} cannot be used: {where}{error.strerror}."
        ) from error


def _join(server: Server) -> Use:
    # Others may pass through (another account may run the cluster for root), but what
    # is inside is for us.
    server.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    users_fd = locks.open_lock(server.folder, "users")
    try:
        # Waits here while a keeper that saw no users is stopping its server.
        fcntl.flock(users_fd, fcntl.LOCK_SH)
        with locks.locked(server.folder, "start"):
            keeper = None if _is_kept(server) else _start_keeper(server)
    except BaseException:
        os.close(users_fd)
        raise
    return Use(server, users_fd, keeper, os.getpid())


def _is_kept(server: Server) -> bool:
    """Is a keeper alive, and its server ready?"""
    return not locks.is_free(server.folder, "keeper") and bool(server.running())


def _start_keeper(server: Server) -> subprocess.Popen:
    _wait_for_old_server(server)
    answer_fd, report_fd = os.pipe()
    module = "site_config.servers.keeper"
    with server.open_log() as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", module, server.name, str(report_fd)],
            cwd=PROJECT,
            env=os.environ | {"VAR_DIR": str(var_dir())},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=[report_fd],
            start_new_session=True,
        )
    os.close(report_fd)
    with open(answer_fd) as answer:
        sentence = answer.read().strip()
    if sentence == "ready":
        return keeper
    keeper.wait()
    raise EmbeddedError(
        sentence or f"{server.name} did not start: see {server.log_path}"
    )


def _wait_for_old_server(server: Server) -> None:
    """A killed keeper's server may still be saving its work: seconds at most."""
    deadline = time.monotonic() + GIVE_UP_OLD_SERVER_S
    while not locks.is_free(server.folder, "server"):
        if time.monotonic() > deadline:
            raise EmbeddedError(
                f"An earlier {server.name} in {server.folder} does not stop: "
                "end it, then try again."
            )
        time.sleep(0.05)


def _wait_for_farewell(use: Use) -> None:
    """Return when the server we leave and its keeper have ended, or have other users.

    However long the keeper takes to see that it is alone: until then nobody has the
    users' lock, and then the keeper has it alone. Other users share it.
    """
    folder = use.server.folder
    give_up = time.monotonic() + GIVE_UP_OLD_SERVER_S
    shared_in_a_row = 0
    while not locks.is_free(folder, "server"):
        shared = locks.is_shared(folder, "users")
        shared_in_a_row = shared_in_a_row + 1 if shared else 0
        if shared_in_a_row == SURELY_SHARED or time.monotonic() > give_up:
            return
        time.sleep(0.01)
    if use.keeper:
        with suppress(subprocess.TimeoutExpired):
            use.keeper.wait(GIVE_UP_OLD_SERVER_S)
