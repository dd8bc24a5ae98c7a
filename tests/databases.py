"""A PostgreSQL database and a Redis database for every test worker of every run.

Plain psycopg, because the names have to be known before Django reads its settings.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import psycopg
import redis
from django.utils.functional import cached_property
from psycopg import sql

from site_config import embedded

PREFIX = "vitrine_test_"
# Everything that decides what a freshly migrated database contains.
MIGRATED_BY = ["*/migrations/*.py", "requirements.lock", "site_config/settings.py"]
MIGRATED_BY += ["home/roles.py", "tests/databases.py"]


class WorkerDatabase:
    """One worker's database, cloned from a template that is migrated only once.

    `base_url` is the database we are given; it is only used to give orders from. A
    database whose worker is gone is known by its advisory lock, which is then free.
    """

    def __init__(self, base_url: str, run: str, worker: str) -> None:
        self.base_url = base_url
        self.name = f"{PREFIX}{run[:8]}_{worker}"
        self.url = _with_path(base_url, self.name)
        self._kept: psycopg.Connection | None = None

    def connection(self) -> psycopg.Connection:
        """To this database, and the same each time: a new one learns a hundred tables
        anew, which takes longer than to restore them. Unless a test has ended it."""
        if not (self._kept and _answers(self._kept)):
            self._kept = psycopg.connect(self.url, autocommit=True)
        return self._kept

    @cached_property
    def orders(self) -> psycopg.Connection:
        return psycopg.connect(self.base_url, autocommit=True)

    def create(self) -> None:
        with _one_at_a_time():
            self._drop_leftovers()
            template = self._template()
            self.orders.execute("SELECT pg_advisory_lock(hashtext(%s))", [self.name])
            self._order("CREATE DATABASE {} TEMPLATE {}", self.name, template)
        # A test database may lose its last commit in a power cut.
        self._order("ALTER DATABASE {} SET synchronous_commit = off", self.name)

    def drop(self) -> None:
        if self._kept:
            self._kept.close()
        self._throw_away(self.name)
        self.orders.close()

    def _template(self) -> str:
        """Name of the migrated template for today's migrations, made when missing."""
        name = f"{PREFIX}template_{self._fingerprint()}"
        names = self._names()
        if name in names:
            return name
        for outdated in (old for old in names if old.startswith(f"{PREFIX}template_")):
            self._order("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", outdated)
            self._throw_away(outdated)
        draft = f"{name}_draft"
        self._order("CREATE DATABASE {}", draft)
        _migrate(_with_path(self.base_url, draft))
        self._order("ALTER DATABASE {} RENAME TO {}", draft, name)
        # A connection to it would stop others from cloning it.
        self._order("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", name)
        return name

    def _fingerprint(self) -> str:
        digest = hashlib.sha256()
        for pattern in MIGRATED_BY:
            for path in sorted(embedded.PROJECT.glob(pattern)):
                digest.update(str(path.relative_to(embedded.PROJECT)).encode())
                digest.update(path.read_bytes())
        return digest.hexdigest()[:16]

    def _drop_leftovers(self) -> None:
        """Databases of runs that were killed: nobody holds their lock any more."""
        for name in self._names():
            if name.startswith(f"{PREFIX}template_"):
                continue
            query = "SELECT pg_try_advisory_lock(hashtext(%s))"
            if self.orders.execute(query, [name]).fetchone()[0]:
                self._throw_away(name)
                self.orders.execute("SELECT pg_advisory_unlock(hashtext(%s))", [name])

    def _throw_away(self, name: str) -> None:
        """Sends off whoever is connected first. ``WITH (FORCE)`` would do it, but wants
        more rights than ours where it meets autovacuum, which goes by itself."""
        query = (
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = %s AND usename = current_user"
        )
        self.orders.execute(query, [name])
        self._order("DROP DATABASE IF EXISTS {}", name)

    def _names(self) -> list[str]:
        query = "SELECT datname FROM pg_database WHERE starts_with(datname, %s)"
        return [row[0] for row in self.orders.execute(query, [PREFIX])]

    def _order(self, statement: str, *names: str) -> None:
        identifiers = [sql.Identifier(name) for name in names]
        self.orders.execute(sql.SQL(statement).format(*identifiers))


def claim_redis(url: str, *, is_ours: bool) -> tuple[str, int]:
    """URL of a Redis database no other worker uses, and the open lock that says so.

    In a Redis that is not our own only an empty database is taken.
    """
    folder = embedded.usable_var_dir() / "tmp"
    for number in range(1, 64):
        lock = os.open(folder / f"redis-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        claimed = _with_path(url, str(number))
        if _is_claimed(lock) and (is_ours or redis.from_url(claimed).dbsize() == 0):
            redis.from_url(claimed).flushdb()
            return claimed, lock
        os.close(lock)
    raise RuntimeError("No free Redis database was found for this test worker.")


def _is_claimed(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answers(connection: psycopg.Connection) -> bool:
    try:
        connection.execute("SELECT")
    except psycopg.OperationalError:
        return False
    return True


@contextmanager
def _one_at_a_time():
    """Between the workers of all runs: only one makes the template."""
    path = embedded.usable_var_dir() / "tmp" / "test-databases.lock"
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate(url: str) -> None:
    """With the roles, which nearly every test of a colleague needs."""
    _manage(url, "migrate", "--no-input")
    _manage(url, "ensure_roles")
    with psycopg.connect(url) as connection:
        keep_rows(connection)


def _manage(url: str, command: str, *options: str) -> None:
    answer = subprocess.run(
        [sys.executable, "manage.py", command, *options, "--verbosity=0"],
        cwd=embedded.PROJECT,
        env=os.environ | {"DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    if answer.returncode:
        raise RuntimeError(f"{command} failed:\n{answer.stderr[-3000:]}")


def _with_path(url: str, path: str) -> str:
    return urlsplit(url)._replace(path=f"/{path}").geturl()


# Back to the migrated state after a test that commits


def keep_rows(connection: psycopg.Connection, schema: str = "migrated") -> None:
    """Copy every table that is not empty (migrations filled it) into a new schema."""
    connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
    for table in _tables(connection):
        name = sql.Identifier(table)
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(name)
        if connection.execute(query).fetchone()[0]:
            copy = sql.SQL("CREATE TABLE {} AS TABLE {}")
            kept = sql.Identifier(schema, table)
            connection.execute(copy.format(kept, name))


class MigratedState:
    """Brings a database back to what it was after `migrate`, whatever was committed;
    or to what was kept in another schema (see `keep_rows`).

    Rows are deleted, not tables truncated: a test dirties a few tables of a hundred,
    and to delete nothing costs nothing. Triggers of our own (append-only ledgers)
    sleep meanwhile. A connection that is kept for it restores in a tenth of the time:
    it knows the tables, and has planned its questions.
    """

    def __init__(self, connection: psycopg.Connection, schema="migrated") -> None:
        self.schema = schema
        self.tables = _children_first(connection)
        self.filled = _filled(connection, schema)
        self.guarded = _with_triggers(connection)
        # What is altered is planned anew, and should be little.
        guarded = [table for table in self.tables if table in self.guarded]
        others = [table for table in self.tables if table not in self.guarded]
        self.questions = [
            self._ask_for_traces(part).as_string(connection)
            for part in (others, guarded)
        ]
        self.as_kept = self._traces(connection.cursor())

    def restore(self, connection: psycopg.Connection) -> list[str]:
        """Undo all changes in one transaction: the names of the changed tables."""
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '20s'")
            cursor.execute("SET LOCAL statement_timeout = '60s'")
            traces = self._traces(cursor)
            ordered = [t for t in self.tables if traces.get(t) != self.as_kept.get(t)]
            guarded = [table for table in ordered if table in self.guarded]
            _execute(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", guarded)
            _execute(cursor, "DELETE FROM {}", ordered)
            for table in reversed(ordered):
                self._refill(cursor, table)
            # Nothing may be pending when triggers are changed.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            _execute(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", guarded)
            if not self.filled.keys().isdisjoint(ordered):
                self.as_kept = self._traces(cursor)
        return ordered

    def _refill(self, cursor: psycopg.Cursor, table: str) -> None:
        if table in self.filled:
            columns = sql.SQL(", ").join(map(sql.Identifier, self.filled[table]))
            copy = "INSERT INTO {} ({c}) SELECT {c} FROM {}"
            names = [sql.Identifier(table), sql.Identifier(self.schema, table)]
            cursor.execute(sql.SQL(copy).format(*names, c=columns))

    def _traces(self, cursor: psycopg.Cursor) -> dict[str, str]:
        """Of every table with rows something that any change would change."""
        traces: dict[str, str] = {}
        for question in self.questions:
            traces |= cursor.execute(question, prepare=True).fetchall()
        return traces

    def _ask_for_traces(self, tables: list[str]) -> sql.Composed:
        """A row that is changed is written by a younger transaction than all others:
        how many rows, and the sum of their writers, tell of any change. Where there
        should be none, one is enough."""
        questions = []
        for table in tables:
            trace = "count(*) || ':' || sum(xmin::text::bigint) FROM {}"
            if table not in self.filled:
                trace = "'rows' WHERE EXISTS (SELECT FROM {})"
            question = sql.SQL("SELECT {}, " + trace)
            questions.append(question.format(table, sql.Identifier(table)))
        return sql.SQL(" UNION ALL ").join(questions)


def _execute(cursor: psycopg.Cursor, statement: str, tables: list[str]) -> None:
    """The same for each table, in one go and out of psycopg's sight: it would forget
    all that it has prepared when it meets an ALTER."""
    names = [sql.Identifier(table).as_string(cursor) for table in tables]
    deeds = "".join(f"{statement.format(name)}; " for name in names)
    cursor.execute(sql.SQL("DO {}").format(f"BEGIN {deeds} END"))


def _tables(connection: psycopg.Connection) -> list[str]:
    query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    return [row[0] for row in connection.execute(query)]


def _children_first(connection: psycopg.Connection) -> list[str]:
    """All tables; who refers to another by a key that cannot wait comes before it."""
    from graphlib import TopologicalSorter

    order = TopologicalSorter({table: set() for table in _tables(connection)})
    query = """
        SELECT child.relname, parent.relname
        FROM pg_constraint
        JOIN pg_class child ON child.oid = conrelid
        JOIN pg_class parent ON parent.oid = confrelid
        WHERE contype = 'f' AND NOT condeferrable AND conrelid <> confrelid
          AND connamespace = 'public'::regnamespace
    """
    for child, parent in connection.execute(query):
        order.add(parent, child)
    return list(order.static_order())


def _filled(connection: psycopg.Connection, schema: str) -> dict[str, list[str]]:
    """Columns to copy of every table that was not empty."""
    query = """
        SELECT kept.tablename, array_agg(column_name::text ORDER BY ordinal_position)
        FROM pg_tables kept
        JOIN information_schema.columns c
          ON c.table_name = kept.tablename AND c.table_schema = 'public'
        WHERE kept.schemaname = %s AND c.is_generated = 'NEVER'
        GROUP BY 1
    """
    return dict(connection.execute(query, [schema]).fetchall())


def _with_triggers(connection: psycopg.Connection) -> set[str]:
    query = """
        SELECT DISTINCT relname FROM pg_trigger
        JOIN pg_class ON pg_class.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
    """
    return {row[0] for row in connection.execute(query)}
