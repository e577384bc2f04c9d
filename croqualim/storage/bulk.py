"""Many rows of one table, written by one statement sent again and again.

`bulk_create` and `bulk_update` write the SQL of each row anew, which takes ten times as long as
storing it: a list of 50,000 lines is where that is felt. The statement is prepared once, the
driver repeats it (`executemany`). No `save()`, no `auto_now`, no automatic keys come back.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import BooleanField, CharField, Field, IntegerField, Model

Row = Sequence[Any]


def insert_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """`names`: all the fields that have no default of the database's; a foreign key by its
    `_id`."""
    fields = [_field(model, name) for name in names]
    columns = ", ".join(_quoted(field) for field in fields)
    values = ", ".join("%s" for _ in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({columns}) VALUES ({values})"  # noqa: S608 (our own names)
    _repeat(statement, fields, rows)


def update_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Each row: the new values, in the order of `names`, then the primary key."""
    key = model._meta.pk
    fields = [_field(model, name) for name in names]
    settings = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"UPDATE {table} SET {settings} WHERE {_quoted(key)} = %s"  # noqa: S608 (as above)
    _repeat(statement, [*fields, key], rows)


def _repeat(statement: str, fields: Sequence["Field[Any, Any]"], rows: Iterable[Row]) -> None:
    changed = [(place, save) for place, field in enumerate(fields) if (save := _saving(field))]
    prepared = [_prepared(row, changed) for row in rows]
    if prepared:
        with connection.cursor() as cursor:
            cursor.executemany(statement, prepared)


def _prepared(row: Row, changed: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    values = list(row)
    for place, save in changed:
        values[place] = save(values[place])
    return values


def _saving(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    """How a value becomes the database's, where it is not so already: moments, JSON."""
    if field.is_relation or isinstance(field, CharField | IntegerField | BooleanField):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return fields[name]


def _quoted(field: "Field[Any, Any]") -> str:
    return connection.ops.quote_name(field.column or field.attname)
