"""For load balancers: is this process alive, and can it answer shoppers?"""

from functools import cache
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django_redis import get_redis_connection
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from home.breaker import insisting
from site_config import replicas


@never_cache
def healthz(request) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request) -> JsonResponse:
    """200 when database and migrations are as they should be, else 503. The cache is
    told of, too, and the replicas, by the bytes that each is behind: without them the
    shop is slower, and open."""
    checks: dict[str, Any] = {"database": _database(), "cache": _cache()}
    checks["migrations"] = checks["database"] and _migrations()
    if found := replicas.behind():
        checks["replicas"] = found
    ready = checks["database"] and checks["migrations"]
    answer = {"status": "ready" if ready else "not ready", "checks": checks}
    return JsonResponse(answer, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError):
        return False
    return True


def _migrations() -> bool:
    return _of_this_code() <= MigrationRecorder(connection).applied_migrations().keys()


@cache
def _of_this_code() -> frozenset[tuple[str, str]]:
    """(app, name) of every migration that this process was started with. To read them
    takes as long as ten pages, and whoever balances the load asks all the time."""
    return frozenset(MigrationLoader(None).graph.nodes)


def _cache() -> bool:
    try:
        with insisting():
            return bool(get_redis_connection().ping())
    except (ConnectionInterrupted, RedisError):
        return False
