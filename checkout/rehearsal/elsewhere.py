"""A database of its own for what would leave its orders behind."""

import os
import subprocess
import sys
from collections.abc import Sequence
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.db import connection


def database_url(name: str = "") -> str:
    """The address of the present database, or of another beside it."""
    known = {key: quote(str(value)) for key, value in connection.settings_dict.items()}
    known["NAME"] = name or known["NAME"]
    return "postgresql://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**known)


def run(*command: str) -> None:
    """Run a management command in a database that is made, migrated and dropped for it.

    Raises:
        subprocess.CalledProcessError
    """
    name = f"rehearsal_{os.getpid()}"
    with connection.cursor() as cursor:
        # A busy machine takes its time to make one, and to drop it.
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(f"CREATE DATABASE {name}")
        try:
            _manage(name, ["migrate", "-v0"])
            _manage(name, command)
        finally:
            # Not WITH (FORCE): where that meets autovacuum, which goes by itself, it
            # wants the rights of an administrator.
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = %s AND usename = current_user",
                [name],
            )
            cursor.execute(f"DROP DATABASE {name}")


def replicas(name: str) -> dict[str, str]:
    """Where the replicas have that database, too: they follow the whole server."""
    urls = os.environ.get("DATABASE_REPLICA_URLS", "").split(",")
    found = [urlsplit(url.strip())._replace(path=f"/{name}") for url in urls if url]
    return {"DATABASE_REPLICA_URLS": ",".join(url.geturl() for url in found)}


def _manage(name: str, command: Sequence[str]) -> None:
    words = [sys.executable, "manage.py", *command]
    process = subprocess.Popen(
        words,
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": database_url(name)} | replicas(name),
        # Of a session of its own, for it may step back behind what it starts.
        start_new_session=True,
    )
    try:
        if code := process.wait():
            raise subprocess.CalledProcessError(code, words)
    finally:
        # Asked, not killed: it has processes of its own to stop.
        process.terminate()
        process.wait()
