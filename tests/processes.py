"""Other processes on the test's own database, for what only happens between two of them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from urllib.parse import quote

from django.db import connection


def database_url(folder: Path) -> str:
    """The test database as another process can open it. Needs `transaction=True`: what is not
    committed is seen by nobody else. SQLite's lives in memory: others get a copy, in `folder`."""
    settings = connection.settings_dict
    if connection.vendor == "postgresql":
        return (
            f"postgres://{settings['USER']}:{quote(settings['PASSWORD'] or '', safe='')}"
            f"@{quote(settings['HOST'], safe='')}:{settings['PORT']}/{settings['NAME']}"
        )
    copy = folder / "copy.sqlite3"
    connection.ensure_connection()
    with closing(connect(copy)) as target:
        connection.connection.backup(target)
    return f"sqlite:///{copy}"


def croqualim(
    *arguments: str, folder: Path, url: str, env: Mapping[str, str]
) -> subprocess.Popen[str]:
    """Start the `croqualim` command there."""
    return subprocess.Popen(
        [sys.executable, "-c", "from config.cli import main; main()", *arguments],
        env={**os.environ, "DATABASE_URL": url, "DATA_DIR": str(folder), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
