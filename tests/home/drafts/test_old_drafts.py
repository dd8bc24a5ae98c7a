"""Ten thousand old drafts in the tables: a visitor's page reads none of them."""

import json

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import HomePage, LayoutBlock, WorkspacePage
from tests.builders import NOON, a_workspace, an_announcement

pytestmark = pytest.mark.django_db
OLD = 10_000
TABLES = {LayoutBlock._meta.db_table, WorkspacePage._meta.db_table}


@pytest.fixture
def _old_drafts(editor):
    """A hundred workspaces of a hundred blocks and a hundred new pages each."""
    an_announcement("Free delivery.")
    workspaces = [a_workspace(f"Old {n}", editor) for n in range(100)]
    kind = HomePage.objects.get().cached_content_type
    LayoutBlock.all_objects.bulk_create(
        LayoutBlock(
            draft_session_key=workspace.key,
            position="home",
            title="Old",
            content="[]",
            live=False,
        )
        for workspace in workspaces
    )
    WorkspacePage.objects.bulk_create(
        WorkspacePage(
            workspace=workspace,
            content_type=kind,
            kind="create",
            title="Old",
            draft_slug="old",
            content={},
            updated_at=NOON,
        )
        for workspace in workspaces
    )
    a_hundred_of_each_old(LayoutBlock)
    of_its_own = {"uuid": "gen_random_uuid()", "draft_slug": "'old-' || n"}
    a_hundred_of_each_old(WorkspacePage, **of_its_own)
    assert LayoutBlock.all_objects.filter(title="Old").count() == OLD
    assert WorkspacePage.objects.filter(title="Old").count() == OLD
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")


def a_hundred_of_each_old(model, **differing: str) -> None:
    """By one statement; ``differing``: SQL of the columns that no two may share."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    values = {field.column: f'"{field.column}"' for field in fields} | differing
    columns = ", ".join(f'"{column}"' for column in values)
    insert = (
        f"INSERT INTO {model._meta.db_table} ({columns})"  # noqa: S608 - our own names
        f" SELECT {', '.join(values.values())} FROM {model._meta.db_table},"
        " generate_series(1, 99) n WHERE title = 'Old'"
    )
    with connection.cursor() as cursor:
        cursor.execute(insert)


def rows_read(sql: str) -> int:
    """How many rows of drafts and layout blocks a statement looks at."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
        plan = cursor.fetchone()[0]
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return sum(_rows(plan[0]["Plan"]))


def _rows(node: dict):
    if node.get("Relation Name") in TABLES:
        looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
        yield looked_at * node["Actual Loops"]
    for inner in node.get("Plans", ()):
        yield from _rows(inner)


def asked_by(client, path="/") -> list[str]:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in queries if query["sql"].startswith("SELECT")]


def looked_at_by(client) -> int:
    return sum(map(rows_read, asked_by(client)))


@pytest.mark.usefixtures("_old_drafts")
def test_a_cold_page_looks_at_no_old_draft_but_without_its_index_at_all(
    visitor, inside
):
    """One test, for ten thousand rows are not made in a moment."""
    # The demo's own blocks, and not one of ten thousand others.
    assert looked_at_by(visitor) < 100
    assert looked_at_by(inside) < 100

    # The control.
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    assert looked_at_by(visitor) > OLD
