"""The hour when everybody orders, measured on the production server.

    make bench                                       1,000 orders, on SQLite then on PostgreSQL
    .venv/bin/python -m bench --orders 100000        on SQLite alone
    python -m tools.with_postgres .venv/bin/python -m bench

A town of households in a database of its own, thrown away at the end. Fails when an order was
oversold, lost or doubled.
"""

import argparse
import os
import secrets
import sys
import tempfile

from bench.timing import milliseconds


def main() -> int:
    wanted = _arguments()
    with tempfile.TemporaryDirectory(prefix="croqualim-bench-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="bench.settings",
            ALLOWED_HOSTS="testserver,127.0.0.1",
            DATA_DIR=folder,
            SECRET_KEY=secrets.token_urlsafe(50),
        )
        import django  # noqa: PLC0415 (settings read the environment made above)

        django.setup()
        from bench import ordering, rush  # noqa: PLC0415 (need a set-up Django)

        broken = rush.measure(
            orders=wanted.orders,
            people=wanted.people,
            workers=wanted.workers,
            threads=wanted.threads,
        )
        ordering.measure(milliseconds)
    print("\n".join(broken) or "Nothing oversold, nothing lost, nothing doubled.")
    return 1 if broken else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--orders", type=int, default=1000)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
