"""Processes to start, to kill and to look for, in a VAR_DIR of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from site_config.embedded import PROJECT

USES_THE_SERVERS = """
import os, time
from site_config import embedded
try:
    embedded.ensure()
except embedded.EmbeddedError as error:
    raise SystemExit(str(error))
print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
time.sleep({seconds})
"""


# For what takes a second, on a machine that is busy with a hundred other things.
LONG_S = 120


class Run(subprocess.Popen):
    """`python <arguments>` in the project, with nothing given but `VAR_DIR`."""

    def __init__(self, var_dir: Path, *arguments: str, **environment: str) -> None:
        given = ("DATABASE_URL", "REDIS_URL", "DEMO", "PORT", "MAKELEVEL")
        kept = {name: os.environ[name] for name in os.environ if name not in given}
        super().__init__(
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=kept | {"VAR_DIR": str(var_dir)} | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_ctrl_c,
        )


def _hear_ctrl_c() -> None:
    """A suite that runs in the background of a script ignores SIGINT, and so would
    every process it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def a_user(var_dir: Path, seconds: float = 60, **environment: str) -> Run:
    """A process that uses the servers; `urls` are theirs, or nothing when it failed."""
    user = Run(var_dir, "-c", USES_THE_SERVERS.format(seconds=seconds), **environment)
    user.urls = user.stdout.readline().split()
    return user


def a_refusal(var_dir: Path, **environment: str) -> str:
    """What a process says that cannot have the servers."""
    user = a_user(var_dir, **environment)
    _, sentence = user.communicate(timeout=LONG_S)
    assert user.returncode == 1, "it was given servers"
    return sentence.strip()


def alive(folder_of_ours: Path) -> list[str]:
    """Command lines of all processes in or about this folder; zombies do not count."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            started_with = (folder / "environ").read_bytes().decode(errors="replace")
            works_in = os.readlink(folder / "cwd")
        except OSError:
            continue
        # Redis writes over its environment, and shows no path on its command line.
        told = [command, works_in, started_with.replace("\0", " ")]
        is_ours = any(str(folder_of_ours) in text for text in told)
        if command and is_ours and int(folder.name) != os.getpid():
            found.append(f"{folder.name} {command}")
    return found


def nothing_is_left(folder: Path, within_s: float = LONG_S) -> bool:
    deadline = time.monotonic() + within_s
    while alive(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
