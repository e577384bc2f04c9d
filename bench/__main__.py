"""The ordering page and an order of twelve lines, in one process, beside the same rows in bare SQL.

    make bench            on SQLite
    python -m tools.with_postgres .venv/bin/python -m bench        on PostgreSQL

Builds one open cycle of 100 products in a database of its own, and throws it away.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable

ROUNDS = 200
LINES = 12


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ["ALLOWED_HOSTS"] = "testserver"
    with tempfile.TemporaryDirectory(prefix="croqualim-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django  # noqa: PLC0415 (settings read the environment made above)

        django.setup()
        from bench.ordering import measure  # noqa: PLC0415 (needs a set-up Django)

        measure(milliseconds, rounds=ROUNDS, lines=LINES)


def milliseconds(times: int, action: Callable[[int], object]) -> float:
    """Median over `times` calls, after three that do not count."""
    for n in range(3):
        action(-n - 1)
    taken = []
    for n in range(times):
        started = time.perf_counter()
        action(n)
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


if __name__ == "__main__":
    main()
