"""Replicas for tests: a made-up one, which is the test's own database under a second
name, and a real one that streams, with a primary of its own."""

import json
import os
import re
import signal
import subprocess
import time
from contextlib import contextmanager

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from site_config import databases
from site_config.servers import locks
from site_config.servers.binaries import find_program
from tests.site_config.processes import LONG_S, Run

ALIAS = "replica_1"
USES_A_REPLICA = """
import os, time
from site_config import embedded
try:
    embedded.ensure()
except embedded.EmbeddedError as error:
    raise SystemExit(str(error))
print(os.environ["DATABASE_URL"], os.environ["DATABASE_REPLICA_URLS"], flush=True)
time.sleep(600)
"""


@contextmanager
def a_replica_at(url: str):
    """Inside, Django knows that database as a replica, as by DATABASE_REPLICA_URLS. To
    be entered before Django's test case, which forbids what it does not know."""
    with _known_as(ALIAS, databases.replicas([url])[ALIAS]):
        yield


@contextmanager
def a_primary_at(url: str):
    """Inside, that database is the one that Django writes to."""
    with _known_as(DEFAULT_DB_ALIAS, databases.settings(url)):
        yield


@contextmanager
def _known_as(alias: str, entry: dict):
    before = connections.settings.get(alias)
    ours = connections[alias] if before else None
    filled = connections.configure_settings(settings.DATABASES | {alias: entry})
    connections.settings[alias] = filled[alias]
    connections[alias] = connections.create_connection(alias)
    try:
        yield
    finally:
        connections[alias].close()
        if connections[alias].settings_dict["OPTIONS"].get("pool"):
            connections[alias].close_pool()
        del connections[alias]
        del connections.settings[alias]
        if before:
            connections.settings[alias], connections[alias] = before, ours


@contextmanager
def asked():
    """{alias: SQL statements that were sent to it inside}."""
    found: dict[str, list[str]] = {DEFAULT_DB_ALIAS: [], ALIAS: []}

    def note(execute, sql, params, many, context):
        found[context["connection"].alias].append(sql)
        return execute(sql, params, many, context)

    with (
        connections[DEFAULT_DB_ALIAS].execute_wrapper(note),
        connections[ALIAS].execute_wrapper(note),
    ):
        yield found


class Pair:
    """A primary and its replica, as the demo has them with EMBEDDED_REPLICA."""

    def __init__(self, var_dir):
        self.var_dir = var_dir
        self.users: list[Run] = []
        self.primary_url, self.replica_url = self.start_replica()

    def start_replica(self) -> list[str]:
        """And the primary, unless it runs. Their addresses."""
        given = {"EMBEDDED_REPLICA": "1", "REDIS_URL": os.environ["REDIS_URL"]}
        user = Run(self.var_dir, "-c", USES_A_REPLICA, **given)
        self.users.append(user)
        urls = user.stdout.readline().split()
        if not urls:
            raise RuntimeError(user.communicate(timeout=LONG_S))
        return urls

    def kill_replica(self) -> None:
        """Without a word; when it returns, its address answers nobody."""
        folder = self.var_dir / "embedded" / "replica"
        running = json.loads((folder / "running.json").read_text())
        os.kill(running["pid"], signal.SIGKILL)
        deadline = time.monotonic() + LONG_S
        while not locks.is_free(folder, "keeper"):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def fill(self, url: str) -> None:
        """With what is in another database."""
        dump = subprocess.Popen(
            [find_program("pg_dump"), "--no-owner", f"--dbname={url}"],
            stdout=subprocess.PIPE,
        )
        load = [find_program("psql"), "--quiet", "--set=ON_ERROR_STOP=1"]
        load.append(f"--dbname={self.primary_url}")
        subprocess.run(load, stdin=dump.stdout, stdout=subprocess.DEVNULL, check=True)
        assert dump.wait() == 0

    def end(self) -> None:
        for user in self.users:
            user.terminate()
        for user in self.users:
            user.communicate(timeout=LONG_S)

    def order(self, statement: str) -> None:
        """Give the replica an order, past the shop."""
        url = re.sub(r"/\w+$", "/postgres", self.replica_url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def paused(self):
        """Inside, the replica receives what is committed, and shows nothing of it."""
        self.wait()
        self.order("SELECT pg_wal_replay_pause()")
        self._until("SELECT pg_get_wal_replay_pause_state() = 'paused'")
        try:
            yield
        finally:
            self.order("SELECT pg_wal_replay_resume()")
            self.wait()

    def wait(self) -> None:
        """Until the replica shows all that has been committed."""
        with psycopg.connect(self.primary_url, autocommit=True) as connection:
            query = "SELECT pg_current_wal_insert_lsn()"
            [position] = connection.execute(query).fetchone()
        self._until(f"SELECT pg_last_wal_replay_lsn() >= '{position}'")

    def _until(self, question: str) -> None:
        deadline = time.monotonic() + LONG_S
        with psycopg.connect(self.replica_url, autocommit=True) as connection:
            while not connection.execute(question).fetchone()[0]:
                assert time.monotonic() < deadline, question
                time.sleep(0.01)
