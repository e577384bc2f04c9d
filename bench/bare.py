"""The rows of an order and nothing around them: one connection, plain SQL, each in a commit."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

TABLES = {
    "bare_order": "id bigint PRIMARY KEY, membership bigint, reference text, due bigint",
    "bare_line": "order_id bigint, offer bigint, quantity bigint, cost bigint, due bigint",
    "bare_offer": "id bigint PRIMARY KEY, ordered bigint",
    "bare_event": "order_id bigint, kind text, details text",
    "bare_message": "key text PRIMARY KEY, address text, body text",
}
BODY = "Votre commande RADIS-42 est notée : 12,50 €, à retirer samedi 5 décembre, 10 h." * 2


def orders_per_second(count: int, lines: int) -> float:
    with _tables(), connection.cursor() as cursor:
        cursor.executemany("INSERT INTO bare_offer VALUES (%s, 0)", [(n,) for n in range(100)])
        started = time.perf_counter()
        for n in range(count):
            with transaction.atomic():
                _write(cursor, n, lines)
        return count / (time.perf_counter() - started)


def _write(cursor: object, n: int, lines: int) -> None:
    offers = [(n * 7 + line) % 100 for line in range(lines)]
    run, many = cursor.execute, cursor.executemany  # type: ignore[attr-defined]
    run("INSERT INTO bare_order VALUES (%s, %s, %s, %s)", [n, n, f"RADIS-{n}", 1250])
    many(
        "INSERT INTO bare_line VALUES (%s, %s, %s, %s, %s)",
        [(n, offer, 500, 160, 80) for offer in offers],
    )
    many("UPDATE bare_offer SET ordered = ordered + %s WHERE id = %s", [(500, o) for o in offers])
    run("INSERT INTO bare_event VALUES (%s, %s, %s)", [n, "order_placed", BODY])
    run("INSERT INTO bare_message VALUES (%s, %s, %s)", [f"order:{n}", "a@b.example", BODY])


@contextmanager
def _tables() -> Iterator[None]:
    with connection.cursor() as cursor:
        for name, columns in TABLES.items():
            cursor.execute(f"CREATE TABLE {name} ({columns})")
        yield
        for name in TABLES:
            cursor.execute(f"DROP TABLE {name}")
