"""New rows of one model, one or many, by one statement.

They go as one text that the table's own types take apart. Django hands every value of
every row to its field first, and for a batch of orders that alone takes longer than all
that the database has to do.
"""

import json
from collections.abc import Callable, Sequence
from functools import cache
from operator import attrgetter

from django.db import connection
from django.db.models import Model

INSERT = """
INSERT INTO {table} ({names})
SELECT {names} FROM json_populate_recordset(NULL::{table}, %s)
RETURNING {key}
"""


def insert(rows: Sequence[Model]) -> None:
    """Write new objects of one model, in their order, and give each its key.

    Values go as they are: nothing of ``pre_save`` happens, and no signal is sent.

    Raises:
        DatabaseError
    """
    if not rows:
        return
    statement, columns, values_of = _of(type(rows[0]))
    text = json.dumps(
        [dict(zip(columns, values_of(row), strict=True)) for row in rows], default=str
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [text])
        keys = cursor.fetchall()
    for row, (key,) in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, connection.alias


@cache
def _of(model: type[Model]) -> tuple[str, list[str], Callable[[Model], tuple]]:
    """(statement, columns without the key, their values in an object)"""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    columns = [str(field.column) for field in fields]
    names = ", ".join(columns)
    statement = INSERT.format(table=meta.db_table, names=names, key=meta.pk.column)
    return statement, columns, attrgetter(*(field.attname for field in fields))
