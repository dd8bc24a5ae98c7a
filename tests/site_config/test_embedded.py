import json
import os
import shutil
import signal
import socket
import subprocess
from urllib.parse import urlsplit

import psycopg
import pytest
import redis

from site_config.servers import account, postgres
from site_config.servers.account import Account
from site_config.servers.binaries import find_binaries
from site_config.servers.locks import locked
from site_config.servers.postgres import Postgres
from site_config.servers.server import EmbeddedError
from tests.faults.repeats import times
from tests.site_config.processes import (
    LONG_S,
    a_refusal,
    a_user,
    alive,
    nothing_is_left,
)

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root has this problem")


@pytest.fixture(scope="module")
def user(tmp_path_factory):
    """The first on a machine, at the second attempt."""
    var_dir = tmp_path_factory.mktemp("embedded") / "var"
    half = var_dir / "embedded/postgres/data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")
    user = a_user(var_dir)
    user.var_dir = var_dir
    yield user
    end(user)
    assert nothing_is_left(var_dir)


@pytest.fixture(scope="module")
def _a_cluster(user):
    """Once the first user has gone. For all that follow: to make one takes a second."""
    end(user)
    assert nothing_is_left(user.var_dir)
    return user.var_dir


@pytest.fixture
def var_dir(_a_cluster):
    """A VAR_DIR whose servers have run before; none of them may survive the test."""
    yield _a_cluster
    assert nothing_is_left(_a_cluster)


@pytest.fixture
def version_file(var_dir):
    """Of the cluster; after the test as it was."""
    path = var_dir / "embedded/postgres/data/PG_VERSION"
    written = path.read_text()
    yield path
    path.write_text(written)


def state(var_dir, server="postgres") -> dict:
    return json.loads((var_dir / "embedded" / server / "running.json").read_text())


def end(user, with_signal=signal.SIGTERM) -> None:
    user.send_signal(with_signal)
    user.communicate(timeout=LONG_S)


def test_a_machine_with_nothing_gets_a_database_and_a_cache(user):
    with psycopg.connect(user.urls[0]) as connection:
        for extension in ("pg_trgm", "unaccent", "btree_gin"):
            connection.execute(f"CREATE EXTENSION {extension}")
        row = connection.execute("SELECT lower('ÀÉ'), current_setting('is_superuser')")
        assert row.fetchone() == ("àé", "off")
        connection.rollback()
    assert redis.from_url(user.urls[1]).ping()


def test_an_interrupted_first_start_is_begun_again(user):
    made = user.var_dir / "embedded" / "postgres"

    assert (made / "data" / "PG_VERSION").exists()
    assert not (made / "data.new").exists()


def test_nobody_gets_in_without_the_password(user):
    address = urlsplit(user.urls[0])
    anonymous = f"postgresql://postgres@127.0.0.1:{address.port}/postgres"

    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(anonymous)
    with pytest.raises(redis.AuthenticationError):
        redis.Redis(port=urlsplit(user.urls[1]).port).ping()
    passwords = list(user.var_dir.glob("embedded/*/password"))
    assert [oct(path.stat().st_mode)[-3:] for path in passwords] == ["600", "600"]


def test_a_replica_is_refused_where_it_would_be_of_another_server(user):
    running = {"DATABASE_URL": user.urls[0]}

    started_without = a_refusal(user.var_dir, EMBEDDED_REPLICA="1")
    given = a_refusal(user.var_dir, EMBEDDED_REPLICA="1", **running)

    assert "stop everything that uses it" in started_without
    assert "unset DATABASE_URL" in given


def test_a_second_process_joins_the_servers_of_the_first(var_dir):
    first, second = a_user(var_dir), a_user(var_dir)

    assert first.urls == second.urls
    end(first, signal.SIGKILL)
    with psycopg.connect(second.urls[0]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    end(second)


# By SIGTERM end those of all other tests.
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_however_the_last_user_ends_no_server_is_left(var_dir, how):
    user = a_user(var_dir)
    assert len(alive(var_dir)) >= 5, "a user, two keepers, two servers"

    end(user, how)

    assert nothing_is_left(var_dir)


def test_leaving_takes_as_long_as_the_keeper_needs_to_notice(var_dir):
    user = a_user(var_dir)
    keepers = [state(var_dir, server)["keeper"] for server in ("postgres", "redis")]
    for keeper in keepers:
        os.kill(keeper, signal.SIGSTOP)

    try:
        user.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            user.wait(0.5)
    finally:
        for keeper in keepers:
            os.kill(keeper, signal.SIGCONT)
    user.communicate(timeout=LONG_S)

    assert alive(var_dir) == []


def test_a_server_dies_with_its_keeper_and_the_next_user_gets_a_new_one(var_dir):
    user, servers = a_user(var_dir), ("postgres", "redis")
    before = [state(var_dir, server) for server in servers]

    for one in before:
        os.kill(one["keeper"], signal.SIGKILL)
    newcomer = a_user(var_dir)

    assert newcomer.urls == user.urls
    for server, one in zip(servers, before, strict=True):
        assert state(var_dir, server)["pid"] != one["pid"]
    end(user)
    end(newcomer)


def test_after_everything_was_killed_the_data_is_there(var_dir):
    user = a_user(var_dir)
    with psycopg.connect(user.urls[0]) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    for pid in (state(var_dir)["keeper"], state(var_dir)["pid"], user.pid):
        os.kill(pid, signal.SIGKILL)
    user.communicate()
    # As after a reboot: the number in the pid file is somebody else's now.
    pid_file = var_dir / "embedded/postgres/data/postmaster.pid"
    _, rest = pid_file.read_text().split("\n", 1)
    pid_file.write_text(f"{os.getppid()}\n{rest}")

    user = a_user(var_dir)

    with psycopg.connect(user.urls[0]) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
    end(user)


def test_many_who_come_and_go_at_once_all_get_servers(var_dir):
    """Newcomers meet keepers that are just starting and just stopping."""
    for _ in range(times(2, 10)):
        users = [a_user(var_dir, seconds=0.05 * n) for n in range(3)]
        urls = [user.urls for user in users]
        failed = [
            user.communicate(timeout=LONG_S)[1] for user in users if user.wait(LONG_S)
        ]
        assert failed == []
        assert all(len(found) == 2 for found in urls)


def test_who_ends_waits_for_the_servers_end_and_their_ports_are_remembered(var_dir):
    first = a_user(var_dir, seconds=0)
    first.wait(LONG_S)
    assert alive(var_dir) == []
    again = a_user(var_dir, seconds=0)
    again.wait(LONG_S)
    assert again.urls == first.urls

    port = urlsplit(first.urls[0]).port
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        moved = a_user(var_dir, seconds=0)
        assert urlsplit(moved.urls[0]).port != port
        moved.wait(LONG_S)


# What cannot be helped is said in one sentence


def test_a_var_dir_that_is_a_file_is_refused(tmp_path):
    file = tmp_path / "var"
    file.write_text("")

    sentence = a_refusal(file)

    assert sentence.startswith(f"VAR_DIR={file} cannot be used: ")
    assert "\n" not in sentence


def test_a_var_dir_that_cannot_be_written_is_refused():
    assert "cannot be used" in a_refusal("/proc/nowhere")


def test_a_damaged_cluster_is_refused(var_dir, version_file):
    version_file.unlink()

    assert "is damaged" in a_refusal(var_dir)


def test_a_cluster_of_another_version_is_refused(var_dir, version_file):
    version_file.write_text("9\n")

    sentence = a_refusal(var_dir)

    assert "was made by PostgreSQL 9" in sentence
    assert "EMBEDDED_POSTGRES_BIN" in sentence


def test_a_machine_without_postgresql_is_told_what_to_install(tmp_path):
    sentence = a_refusal(tmp_path / "var", EMBEDDED_POSTGRES_BIN=str(tmp_path))

    assert sentence.startswith("No PostgreSQL 15 or newer was found")


def test_a_full_disk_is_noticed_before_the_cluster_is_made(tmp_path, monkeypatch):
    full = shutil._ntuple_diskusage(total=10**9, used=10**9 - 5, free=5)
    monkeypatch.setattr(postgres.shutil, "disk_usage", lambda _: full)
    server = Postgres(tmp_path)
    server.folder.mkdir(parents=True)

    with pytest.raises(EmbeddedError, match="No disk space"):
        server.prepare()


# PostgreSQL refuses to be root


@ROOT_ONLY
def test_root_starts_it_as_an_account_that_only_pretends(tmp_path):
    program = next(find_binaries()).path("postgres")

    chosen = Account.for_cluster(tmp_path / "data", program)

    told = chosen.popen(["id", "-u"], stdout=subprocess.PIPE).communicate()[0]
    assert int(told) != 0
    assert chosen.pretended or not account_namespaces_work()


def account_namespaces_work() -> bool:
    return Account(account._somebody(), pretended=True).can_use("/", "true")


@ROOT_ONLY
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_root_falls_back_to_a_real_account(tmp_path, monkeypatch, mode):
    """Also where only root may enter, as in its own home folder."""

    def refuse(uid):
        raise OSError(1, "not permitted")

    monkeypatch.setattr(account, "_enter_namespace", refuse)
    closed = tmp_path / "closed"
    closed.mkdir(mode=mode)
    server = Postgres(closed / "var")
    server.folder.mkdir(parents=True)

    with locked(server.folder, "server") as lock_fd:
        process, port = server.start(lock_fd=lock_fd)
        with psycopg.connect(server.url(port)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        owner = os.stat(f"/proc/{process.pid}").st_uid
        server.stop(process)

    assert owner != 0
    assert server.cluster.stat().st_uid == owner


@ROOT_ONLY
def test_root_leaves_an_ordinary_users_cluster_to_its_owner(tmp_path):
    cluster = tmp_path / "data"
    cluster.mkdir()
    os.chown(cluster, 4321, 4321)

    chosen = Account.for_cluster(cluster, "true")

    assert (chosen.uid, chosen.pretended) == (4321, False)
