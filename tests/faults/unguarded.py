"""Guards taken away, for controls: what is left has to do damage."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from types import SimpleNamespace

from django.db import connection
from django.db.models import QuerySet


def throw_away_what_was_sold() -> None:
    """Carts and stock, with all that refers to them: the damage of a control."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE checkout_cart, shop_stock CASCADE")


@contextmanager
def without_unique(table: str, *columns: str) -> Iterator[None]:
    """The database keeps none of these columns unique, alone or with others. In the end
    what was sold is thrown away, and they are unique again."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE conrelid = %s::regclass AND contype = 'u'",
            [table],
        )
        found = [
            (name, words)
            for name, words in cursor.fetchall()
            if set(columns) & set(words.partition("(")[2].rstrip(")").split(", "))
        ]
        assert len(found) == len(columns)
        for name, _words in found:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            throw_away_what_was_sold()
            for name, words in found:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {words}")


def without_transaction(monkeypatch, room) -> None:
    """In this module every statement is committed by itself, and locks nothing."""
    by_itself = SimpleNamespace(atomic=lambda **more: nullcontext())
    monkeypatch.setattr(room, "transaction", by_itself)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **more: self)
