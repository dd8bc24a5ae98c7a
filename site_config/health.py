"""For load balancers: is this process alive, and can it answer shoppers?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django_redis import get_redis_connection
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError


@never_cache
def healthz(request) -> JsonResponse:
    """200 as long as this process answers."""
    return JsonResponse({"status": "ok"})


@never_cache
def readyz(request) -> JsonResponse:
    """200 when database, migrations and cache are as they should be, else 503."""
    checks = {"database": _database(), "cache": _cache()}
    checks["migrations"] = checks["database"] and _migrations()
    ready = all(checks.values())
    answer = {"status": "ready" if ready else "not ready", "checks": checks}
    return JsonResponse(answer, status=200 if ready else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    try:
        return bool(get_redis_connection().ping())
    except (ConnectionInterrupted, RedisError):
        return False
