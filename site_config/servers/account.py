"""Whose rights PostgreSQL runs with. It refuses to run as root."""

import ctypes
import os
import pwd
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from site_config.servers.server import EmbeddedError, die_with_parent

CLONE_NEWUSER = 0x10000000

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Account:
    """Whose rights PostgreSQL gets: it refuses to run as root, or as nobody known.

    `uid` is the account it believes to be; None: ours will do. `pretended`: it only
    believes so, in a user namespace, and its files stay ours. Otherwise it really is
    that account, and so are its files; `enters_all` then lets it through folders that
    are closed to others, such as /root.
    """

    uid: int | None = None
    pretended: bool = False
    enters_all: bool = False

    @classmethod
    def for_cluster(cls, cluster: Path, program: str) -> "Account":
        """The first account that can use both; the owner of a cluster keeps it."""
        me = os.geteuid()
        owner = cluster.stat().st_uid if cluster.exists() else me
        if owner != me and me != 0:
            raise EmbeddedError(
                f"{cluster} belongs to {_name(owner)}: run as that user, or set "
                "VAR_DIR to a folder of your own."
            )
        if me != 0 and _is_known(me):
            return cls()
        for account in cls._instead_of(me, owner):
            if account.can_use(cluster.parent, program):
                return account
        raise EmbeddedError(
            f"PostgreSQL must not run as {_name(me)}, and no other account can use "
            f"{cluster.parent} and {program}: run as an ordinary user, or set VAR_DIR "
            "to a folder that every user can enter."
        )

    @classmethod
    def _instead_of(cls, me: int, owner: int) -> Iterator["Account"]:
        if owner == me:
            yield cls(_somebody(), pretended=True)
        if me == 0:
            uid = owner or _somebody()
            yield cls(uid)
            yield cls(uid, enters_all=True)

    def can_use(self, folder: Path, program: str) -> bool:
        """Tried, not asked: `test -x` does not know every right."""
        attempt = ["sh", "-c", 'cd "$0" && "$1" --version', folder, program]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        try:
            return self.popen(attempt, **quiet).wait() == 0
        except (OSError, subprocess.SubprocessError):
            return False

    def popen(self, command: list, **how) -> subprocess.Popen:
        """Start a program with these rights; it ends (fast shutdown) with us."""
        die = die_with_parent(signal.SIGINT)
        if self.uid is not None and self.enters_all:
            command = [*self._setpriv(self.uid), *command]
        elif self.uid is not None and not self.pretended:
            how |= {"user": self.uid, "group": _group(self.uid), "extra_groups": []}

        def enter() -> None:
            if self.uid is not None and self.pretended:
                _enter_namespace(self.uid)
            die()

        return subprocess.Popen(command, preexec_fn=enter, **how)

    def own(self, folder: Path) -> None:
        """Give the account the folder, when it is another one's than ours."""
        if self.uid is None or self.pretended or folder.stat().st_uid == self.uid:
            return
        for path in [folder, *folder.rglob("*")]:
            os.chown(path, self.uid, _group(self.uid), follow_symlinks=False)

    def _setpriv(self, uid: int) -> list[str]:
        return [
            *("setpriv", f"--reuid={uid}", f"--regid={_group(uid)}"),
            *("--clear-groups", "--inh-caps=+dac_override"),
            *("--ambient-caps=+dac_override", "--pdeathsig=INT", "--"),
        ]


def _enter_namespace(uid: int) -> None:
    """Become `uid` in a user namespace that maps it to who we are (unshare -U)."""
    real = os.geteuid()
    if _libc.unshare(CLONE_NEWUSER):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    with open("/proc/self/uid_map", "w") as uid_map:
        uid_map.write(f"{uid} {real} 1")


def _somebody() -> int:
    """An account that is not root: nobody, where there is one."""
    try:
        return pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return next(entry.pw_uid for entry in pwd.getpwall() if entry.pw_uid)


def _is_known(uid: int) -> bool:
    try:
        return bool(pwd.getpwuid(uid))
    except KeyError:
        return False


def _name(uid: int) -> str:
    return pwd.getpwuid(uid).pw_name if _is_known(uid) else f"user id {uid}"


def _group(uid: int) -> int:
    return pwd.getpwuid(uid).pw_gid if _is_known(uid) else uid
