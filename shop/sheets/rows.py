"""Columns and relations of many rows, each by one statement."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection, models


def store(model: type[models.Model], name: str, values: Mapping[int, Any]) -> None:
    """Write {primary key: value} into one field, as ``bulk_update`` would in many times
    as long."""
    if not values:
        return
    field: Any = model._meta.get_field(name)
    kind = field.db_type(connection)
    statement = f"""
        UPDATE {model._meta.db_table} t SET {field.column} = n.value
        FROM unnest(%s::bigint[], %s::{kind}[]) n (id, value) WHERE t.id = n.id
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(values), list(values.values())])


def relate(
    model: type[models.Model],
    names: tuple[str, str],
    *,
    lost: Collection[tuple[int, int]],
    won: Collection[tuple[int, int]],
) -> None:
    """Take pairs of keys out of a table and put others in. ``names`` are its two
    columns."""
    if lost:
        one, other = names
        statement = f"""
            DELETE FROM {model._meta.db_table} t
            USING unnest(%s::bigint[], %s::bigint[]) n (one, other)
            WHERE t.{one} = n.one AND t.{other} = n.other
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, list(map(list, zip(*lost, strict=True))))
    model._default_manager.bulk_create(
        model(**dict(zip(names, pair, strict=True))) for pair in won
    )
