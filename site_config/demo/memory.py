"""What the demo has set up already, so that its second start takes seconds."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from site_config import embedded

SOURCES = {
    "tables": ["*/migrations/*.py", "requirements.lock"],
    "static": ["*/static/**/*", "site_config/static_storage.py", "requirements.lock"],
    "shop": [
        "*/management/commands/*.py",
        "*/demo.py",
        "home/roles.py",
        "shop/demo/**/*",
    ],
}


class SetupMemory:
    """Which sources each step last ran with, kept in `VAR_DIR/setup.json`."""

    def __init__(self, var_dir: Path) -> None:
        self.path = var_dir / "setup.json"
        self.var_dir = var_dir

    @contextmanager
    def when_changed(self, step: str, *settings: str) -> Iterator[bool]:
        """Gives whether the step has to run; remembers it when it ran through."""
        wanted = fingerprint(SOURCES[step], settings + self._surroundings(step))
        is_needed = self._read().get(step) != wanted or not self._is_still_there(step)
        yield is_needed
        if is_needed:
            done = fingerprint(SOURCES[step], settings + self._surroundings(step))
            self._write(self._read() | {step: done})

    def _surroundings(self, step: str) -> tuple[str, ...]:
        """What else the result depends on: the place it is written to."""
        if step == "static":
            return (os.environ.get("STATIC_ROOT", ""),)
        return (os.environ["DATABASE_URL"], *_applied_migrations())

    def _is_still_there(self, step: str) -> bool:
        if step == "static":
            root = os.environ.get("STATIC_ROOT") or self.var_dir / "static"
            return (Path(root) / "staticfiles.json").exists()
        return step == "tables" or (
            _has_products() and (self.var_dir / "media").exists()
        )

    def _read(self) -> dict[str, str]:
        try:
            return json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}

    def _write(self, steps: dict[str, str]) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_text(json.dumps(steps, indent=1))
        draft.replace(self.path)


def fingerprint(patterns: Iterable[str], words: Iterable[str] = ()) -> str:
    """One hash of the project's files that match, and of the words."""
    digest = hashlib.sha256("\0".join(words).encode())
    for pattern in patterns:
        for path in sorted(embedded.PROJECT.glob(pattern)):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(embedded.PROJECT)).encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _applied_migrations() -> tuple[str, ...]:
    """Asked of the database itself: someone may have put another one in its place."""
    query = "SELECT app || '.' || name FROM django_migrations ORDER BY id"
    try:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            return tuple(row[0] for row in connection.execute(query))
    except psycopg.errors.UndefinedTable:
        return ()


def _has_products() -> bool:
    try:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            found = connection.execute("SELECT FROM shop_product LIMIT 1")
            return found.fetchone() is not None
    except psycopg.errors.UndefinedTable:
        return False
