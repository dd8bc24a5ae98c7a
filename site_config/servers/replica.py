"""A streaming replica of our own PostgreSQL, from the same programs: to try how the
shop runs on more than one server. Made anew with every start."""

import shutil
from pathlib import Path

from django.utils.functional import cached_property

from site_config.servers.binaries import Binaries
from site_config.servers.postgres import REPLICATING, REPLICATOR, Postgres
from site_config.servers.server import EmbeddedError


class Replica(Postgres):
    name = "replica"
    url_variable = "DATABASE_REPLICA_URLS"
    is_needed = False

    def __init__(self, var_dir: Path) -> None:
        super().__init__(var_dir)
        self.primary = Postgres(var_dir)
        # What reads on it is not broken off by what the primary tidies away.
        self.options = REPLICATING | {"hot_standby_feedback": "on"}

    @cached_property
    def binaries(self) -> Binaries:
        return self.primary.binaries

    def password(self) -> str:
        return self.primary.password()

    def prepare(self) -> None:
        if not self.primary.is_replicating():
            raise EmbeddedError(
                f"The PostgreSQL in {self.primary.folder} was started without a "
                "replica: stop everything that uses it, then start again."
            )
        draft = self.folder / "data.new"
        for folder in (draft, self.cluster):
            shutil.rmtree(folder, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.own(draft)
        self._run(
            *("pg_basebackup", "--pgdata", draft, "--checkpoint=fast"),
            *("--write-recovery-conf", "--no-password", "--host=127.0.0.1"),
            *(f"--port={self.primary.running()['port']}", f"--username={REPLICATOR}"),
            PGPASSWORD=self.password(),
        )
        draft.rename(self.cluster)
