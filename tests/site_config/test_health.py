import json
import logging

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from site_config import health
from site_config.logs import JsonFormatter

pytestmark = pytest.mark.django_db


def test_a_living_process_says_so_without_asking_anyone(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", _broken)

    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_shop_that_can_answer_is_ready(client):
    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {
        "database": True,
        "cache": True,
        "migrations": True,
    }


def test_no_database_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(connection, "cursor", _broken)

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] is False


def test_without_redis_the_shop_is_open_and_says_so(client, monkeypatch):
    monkeypatch.setattr(
        health, "get_redis_connection", lambda: _redis("redis://127.0.0.1:9/0")
    )

    answer = client.get("/readyz")

    assert answer.status_code == 200
    assert answer.json()["checks"]["cache"] is False


def test_a_missing_migration_is_not_ready(client):
    assert client.get("/readyz").status_code == 200
    MigrationRecorder(connection).record_unapplied("shop", "0001_initial")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"] is False


def test_migrations_are_read_from_disk_once(client, monkeypatch):
    client.get("/readyz")
    monkeypatch.setattr(MigrationLoader, "load_disk", _broken)

    assert client.get("/readyz").status_code == 200


def test_a_log_line_is_one_json_object():
    record = logging.LogRecord("shop", logging.INFO, "", 0, "Sold %d", (3,), None)

    line = json.loads(JsonFormatter().format(record))

    assert (line["message"], line["level"]) == ("Sold 3", "INFO")


def _broken(*args, **kwargs):
    raise OperationalError("gone")


def _redis(url):
    from redis import Redis

    return Redis.from_url(url, socket_connect_timeout=0.2)
