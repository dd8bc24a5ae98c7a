"""Statements that take longer to plan than to run: every connection plans them once."""

from dataclasses import dataclass
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper

# What each of psycopg's connections has prepared, by name.
_names: WeakKeyDictionary[object, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Prepared:
    """A statement that takes values of the types named, as ``$1``, ``$2`` and so on.

    PostgreSQL plans it for the first five times and then, while that promises no more
    work, keeps a plan for whatever is asked. It takes an array to hold ten values: to
    have it say so of a known one too, which else would always promise less, write
    ``= ANY(ARRAY(SELECT unnest($1)))``.
    """

    name: str
    types: str
    sql: str

    @property
    def preparation(self) -> str:
        return f"PREPARE {self.name} ({self.types}) AS {self.sql}"

    def fetch(self, connection: BaseDatabaseWrapper, *asked) -> list[tuple]:
        """Its rows. Where it is prepared first, that goes along: one statement, too.

        After an error nobody knows what a connection knows: it starts anew.
        """
        with connection.cursor() as cursor:
            known = _names.setdefault(cursor.connection, set())
            steps = [f"EXECUTE {self.name} ({', '.join(['%s'] * len(asked))})"]
            if self.name not in known:
                steps.insert(0, self.preparation.replace("%", "%%"))
            if not known:
                steps.insert(0, "DEALLOCATE ALL")
            names = known | {self.name}
            known.clear()
            cursor.execute("; ".join(steps), asked)
            while cursor.nextset():
                pass
            known |= names
            return cursor.fetchall()
