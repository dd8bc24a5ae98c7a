"""What every test stands on: real PostgreSQL and Redis, and Chromium if there is one.

Each worker has a database of its own, cloned from a migrated template; a test that
commits (`transaction=True`) leaves it as migrated. Loading this file starts the
servers, before Django reads its settings.
"""

import gc
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from contextlib import suppress

import django
import pytest
import redis
from django.conf import settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from xdist.scheduler import LoadScopeScheduling

from site_config import embedded
from site_config.browser import find_browser
from site_config.demo.memory import SetupMemory
from tests import frugal
from tests.databases import MigratedState, WorkerDatabase, claim_redis

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
# Until all is collected (see `pytest_collection_finish`).
gc.disable()

# An example is right or wrong, however long a busy machine takes for it.
hypothesis_settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("patient")


def _enter_test_environment() -> WorkerDatabase:
    """Servers, folders and names, into the environment that settings are read from."""
    var_dir = embedded.usable_var_dir()
    os.environ["VAR_DIR"] = str(var_dir)
    os.environ["TMPDIR"] = tempfile.tempdir = str(var_dir / "tmp")
    if not WORKER:
        # Workers inherit these from the process that starts them.
        redis_is_given = bool(os.environ.get("REDIS_URL"))
        embedded.ensure()
        os.environ["TEST_DATABASE_URL"] = os.environ["DATABASE_URL"]
        os.environ["TEST_REDIS_URL"] = os.environ["REDIS_URL"]
        os.environ["TEST_REDIS_IS_OURS"] = "" if redis_is_given else "1"
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    database = WorkerDatabase(os.environ["TEST_DATABASE_URL"], run, WORKER or "main")
    os.environ |= {
        "DEMO": "1",
        "DATABASE_URL": database.url,
        # A race test opens as many connections as it has threads.
        "DATABASE_POOL": "0",
        "MEDIA_ROOT": str(var_dir / "tmp" / f"media-{database.name}"),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(var_dir / "tmp" / "hypothesis"),
        "DJANGO_SETTINGS_MODULE": "site_config.settings",
    }
    os.environ["REDIS_URL"], _ = claim_redis(
        os.environ["TEST_REDIS_URL"], is_ours=bool(os.environ["TEST_REDIS_IS_OURS"])
    )
    return database


def _collect_static() -> None:
    """Tests see the hashed, compressed files that shoppers get."""
    memory = SetupMemory(embedded.var_dir())
    with memory.when_changed("static") as is_needed:
        if is_needed:
            command = [
                sys.executable,
                "manage.py",
                "collectstatic",
                "--no-input",
                "-v0",
            ]
            subprocess.run(command, cwd=embedded.PROJECT, check=True)


try:
    DATABASE = _enter_test_environment()
except embedded.EmbeddedError as error:
    sys.exit(str(error))
if not WORKER:
    # Before Django is set up: from then on it knows by heart which files there are.
    _collect_static()
django.setup()
if settings.DATABASES["default"]["NAME"] != DATABASE.name:
    # Read before this file could say which database is for tests.
    sys.exit("Unset DJANGO_SETTINGS_MODULE: tests would run in the real database.")
frugal.settings().enable()
# Not for the workers to inherit: pytest-django would read settings before this file
# has told them which database is theirs.
os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    frugal.keep_what_is_imported()


def pytest_sessionfinish(session: pytest.Session) -> None:
    shutil.rmtree(os.environ["MEDIA_ROOT"], ignore_errors=True)
    if not WORKER:
        embedded.release()


# PostgreSQL and Redis


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    """Instead of pytest-django's: this worker's clone of the migrated template."""
    from django.db import connections
    from django.test import TransactionTestCase

    DATABASE.create()
    state = MigratedState(DATABASE.connection())

    def restore_migrated_state(test_case) -> None:
        state.restore(DATABASE.connection())

    with pytest.MonkeyPatch.context() as patch:
        case = TransactionTestCase
        patch.setattr(case, "_fixture_teardown", restore_migrated_state)
        patch.setattr(case, "_should_reload_connections", frugal.made_as_new)
        yield
    with django_db_blocker.unblock():
        connections.close_all()
    DATABASE.drop()


_once = frugal.once
_indexed = frugal.indexed
_sidebar = frugal.sidebar


@pytest.fixture(scope="module")
def module_db(django_db_setup, django_db_blocker):
    """What a module's fixtures build once: each test undoes its own changes, and the
    last leaves nothing. Every test that follows in the module meets what was built:
    not for modules with a test of an empty shop, or with one that commits.
    """
    from django.test import TestCase

    with django_db_blocker.unblock():
        around = TestCase._enter_atomics()
        yield
        TestCase._rollback_atomics(around)


@pytest.fixture(scope="session")
def _cache_server():
    return redis.from_url(os.environ["REDIS_URL"])


@pytest.fixture(autouse=True)
def _empty_cache(_cache_server):
    """Every test starts with nothing cached, in Redis and in this process."""
    from shop import bitmap_counts

    bitmap_counts.held.index = None
    with suppress(redis.ConnectionError):
        _cache_server.flushdb()


# The browser


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium; skipped without one.")
    config.addinivalue_line("markers", "indexed: Wagtail indexes what the test saves.")
    config.addinivalue_line("markers", "sidebar: of Wagtail's admin; looked at.")


TOGETHER = ("_races.py", "tests/shop/test_seed.py")
TOGETHER += ("drafts/test_leaks.py", "drafts/test_publish_faults.py")
TOGETHER += ("site_config/test_embedded.py",)


class NeighboursTogether(LoadScopeScheduling):
    """Gives workers single tests, but some tests together to one of them.

    All browser tests of a module, because they share a dressed shop; all races of a
    module, because two at once measure the machine and not the locks; and where what a
    module builds takes as long as a dozen other tests: a demo shop, a PostgreSQL, a
    process that is ready to publish. Those with a browser come first, so that a worker
    starts one for all of its modules.
    xdist's own groups are no help: xdist 3.8 forgets them under pytest 9.2
    (pytest-xdist issue 1386).
    """

    def _split_scope(self, nodeid: str) -> str:
        module = nodeid.split("::")[0]
        together = module.startswith("tests/browser/") or module.endswith(TOGETHER)
        return module if together else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log):
    config.option.loadscopereorder = False
    return NeighboursTogether(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What stays together first, and of that what needs a browser."""
    items.sort(key=_together)


def _together(item: pytest.Item) -> int:
    stays_together = item.nodeid.split("::")[0].endswith(TOGETHER)
    return 0 if item.get_closest_marker("browser") else 1 if stays_together else 2


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("browser") and not find_browser():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and no Chromium was found.", pytrace=False)
        pytest.skip("no Chromium")


def pytest_terminal_summary(terminalreporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum("no Chromium" in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.write_line(
            f"{count} browser tests were SKIPPED: no Chromium was found on PATH "
            "(Debian: apt install chromium-headless-shell). With REQUIRE_BROWSER=1 "
            "they fail instead.",
            yellow=True,
        )
