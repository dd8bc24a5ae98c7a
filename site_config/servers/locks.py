"""Locks on files in a server's folder. The kernel drops them with their process.

`users`   shared, by every process that uses the server, as long as it lives
`start`   by whoever looks whether the server runs, and starts it
`keeper`  by the keeper, as long as it lives
`server`  by the keeper and, inherited, by the server and all its children

In their parent folder, shared because two demos on two ports may use one VAR_DIR:

`demo`    by the demo, as long as it lives
`web`     by its web server and all children of that; `worker` likewise
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_lock(folder: Path, name: str) -> int:
    """A file descriptor to lock; closing it lets go."""
    return os.open(folder / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)


@contextmanager
def locked(folder: Path, name: str) -> Iterator[int]:
    fd = open_lock(folder, name)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield fd
    finally:
        os.close(fd)


@contextmanager
def shared(folder: Path, name: str) -> Iterator[int]:
    fd = open_lock(folder, name)
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
        yield fd
    finally:
        os.close(fd)


def is_free(folder: Path, name: str) -> bool:
    """Could the lock be had? It is had for an instant, so wait for it, never fail."""
    return _can_be_had(folder, name, fcntl.LOCK_EX)


def is_shared(folder: Path, name: str) -> bool:
    """Do others share the lock: could it be shared, but not be had alone?

    Someone who asks the same has it for an instant; so ask again before believing it.
    """
    return not is_free(folder, name) and _can_be_had(folder, name, fcntl.LOCK_SH)


def _can_be_had(folder: Path, name: str, how: int) -> bool:
    fd = open_lock(folder, name)
    try:
        fcntl.flock(fd, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(fd)
