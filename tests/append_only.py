"""How tests empty tables whose triggers let nobody delete.

Production has no switch for it: here the triggers are taken away and set again, as the owner of
the tables could, inside the one transaction that flushes the test database.
"""

from collections.abc import Callable

from django.db import connection


def around(sql_flush: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Django's `sql_flush`, its statements put between lifting the triggers and setting them."""

    def flush(*args, **kwargs) -> list[str]:
        statements = sql_flush(*args, **kwargs)
        lift, set_again = sqlite() if connection.vendor == "sqlite" else postgresql()
        return [*lift, *statements, *set_again] if statements else []

    return flush


def sqlite() -> tuple[list[str], list[str]]:
    triggers = rows("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    return [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]


def postgresql() -> tuple[list[str], list[str]]:
    triggers = rows(
        "SELECT tgrelid::regclass::text, tgname, tgenabled FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    enable = {"O": "ENABLE", "A": "ENABLE ALWAYS"}
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER {name}" for table, name, _ in triggers],
        [f"ALTER TABLE {table} {enable[how]} TRIGGER {name}" for table, name, how in triggers],
    )


def rows(query: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()
