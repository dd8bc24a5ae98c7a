"""Rows into a table by COPY: many times as quick as INSERT, in the same transaction."""

from collections.abc import Iterable, Sequence

from django.db import connection, models


def draw_ids(model: type[models.Model], count: int) -> list[int]:
    """That many primary keys from the table's own sequence."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id'))"
            " FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy(
    model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence]
) -> None:
    """Write rows whose values stand in the order of ``names`` (fields' attnames).

    Every other column gets its field's default, as ``bulk_create`` would give it.
    """
    columns = {field.attname: field for field in model._meta.concrete_fields}
    rest = [
        field
        for name, field in columns.items()
        if name not in names and not field.primary_key and not field.generated
    ]
    defaults = tuple(
        field.get_db_prep_save(field.get_default(), connection) for field in rest
    )
    written = [columns[name] for name in names] + rest
    quoted = ", ".join(connection.ops.quote_name(str(f.column)) for f in written)
    statement = f"COPY {model._meta.db_table} ({quoted}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(statement) as sheet:
        for row in rows:
            sheet.write_row((*row, *defaults))
