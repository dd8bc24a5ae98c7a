"""The machinery below all other tests: it must not lie to them."""

import os

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connection
from wagtail.models import Page, Site

from shop.models import StockMovement
from tests.builders import a_product
from tests.databases import MigratedState, WorkerDatabase

committing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def plain(transactional_db):
    """A connection of our own to this worker's database, which is as migrated."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        yield connection


@committing
def test_what_a_test_commits_is_undone(plain):
    state = MigratedState(plain)
    a_product()
    get_user_model().objects.create(username="ada")
    Site.objects.all().delete()
    Page.objects.filter(depth=2).update(title="Changed")

    changed = state.restore(plain)

    assert {"wagtailcore_site", "wagtailcore_page", "shop_stockmovement"} < set(changed)
    assert Site.objects.count() == 1
    assert not get_user_model().objects.exists()
    assert not Page.objects.filter(title="Changed").exists()
    assert state.restore(plain) == []


@committing
def test_a_ledger_is_emptied_and_still_guarded_afterwards(plain):
    state = MigratedState(plain)
    a_product()
    assert StockMovement.objects.exists()

    state.restore(plain)
    a_product()

    with pytest.raises(psycopg.errors.RestrictViolation):
        plain.execute("DELETE FROM shop_stockmovement")


@committing
def test_jobs_that_were_deferred_are_gone(plain):
    state = MigratedState(plain)
    plain.execute(
        "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'a.task', 0, NULL,"
        " NULL, '{}', NULL)::procrastinate_job_to_defer_v1])"
    )

    state.restore(plain)

    assert plain.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)


@pytest.mark.parametrize("round", ["first", "second"])
@committing
def test_a_committing_test_finds_nothing_of_the_one_before(round):
    """Fails in its second round when the first one's rows are still there."""
    assert not get_user_model().objects.exists()
    get_user_model().objects.create(username="ada")


@committing
def test_a_kept_connection_that_a_test_has_ended_is_replaced(plain):
    database = WorkerDatabase(os.environ["TEST_DATABASE_URL"], "unused", "gw0")
    database.url = os.environ["DATABASE_URL"]
    kept = database.connection()
    assert database.connection() is kept

    plain.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.info.backend_pid])

    assert database.connection() is not kept
    database.connection().close()


@pytest.mark.parametrize("round", ["first", "second"])
def test_nothing_is_cached_when_a_test_starts(round):
    assert cache.get("left by the test before") is None
    cache.set("left by the test before", 1)
    assert cache.get("left by the test before") == 1


@pytest.mark.django_db
def test_this_worker_has_a_database_of_its_own():
    name = connection.settings_dict["NAME"]

    assert name.startswith("vitrine_test_")
    assert name.endswith(os.environ.get("PYTEST_XDIST_WORKER", "main"))


@pytest.mark.django_db
def test_databases_of_runs_that_died_are_dropped():
    given = os.environ["TEST_DATABASE_URL"]
    dead, living = WorkerDatabase(given, "deadbeef", "gw0"), None
    dead.create()
    dead.orders.close()
    try:
        living = WorkerDatabase(given, "f00dcafe", "gw0")
        living.create()
        assert dead.name not in living._names()
        assert connection.settings_dict["NAME"] in living._names()
    finally:
        if living:
            living.drop()
