import pytest
from django.db import DataError, connection, connections, transaction

from home import prepared
from home.prepared import Prepared

pytestmark = pytest.mark.django_db

SHARE = Prepared("share", "int, int", "SELECT $1 / $2, '100%' AS of_all")
TWICE = Prepared("twice", "int", "SELECT 2 * $1")


@pytest.fixture(autouse=True)
def new_to_it():
    """A connection that has prepared nothing yet."""
    with connection.cursor() as cursor:
        cursor.execute("DEALLOCATE ALL")
    prepared._names.clear()


def known() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements")
        return {name for (name,) in cursor.fetchall()}


def test_it_is_one_statement_the_first_time_and_ever_after(
    django_assert_num_queries,
):
    for dividend in (6, 8):
        with django_assert_num_queries(1):
            assert SHARE.fetch(connection, dividend, 2) == [(dividend // 2, "100%")]
    with django_assert_num_queries(1):
        assert TWICE.fetch(connection, 4) == [(8,)]
    assert known() == {"share", "twice"}


@pytest.mark.parametrize("fails_at", ["first", "later"])
def test_after_an_error_it_starts_anew(fails_at):
    assert TWICE.fetch(connection, 4) == [(8,)]
    if fails_at == "later":
        SHARE.fetch(connection, 6, 2)
    with pytest.raises(DataError), transaction.atomic():
        SHARE.fetch(connection, 1, 0)

    assert SHARE.fetch(connection, 6, 2) == [(3, "100%")]
    assert TWICE.fetch(connection, 4) == [(8,)]
    assert known() == {"share", "twice"}


def test_every_connection_has_its_own():
    SHARE.fetch(connection, 6, 2)
    other = connections.create_connection("default")
    try:
        assert SHARE.fetch(other, 8, 2) == [(4, "100%")]
    finally:
        other.close()
