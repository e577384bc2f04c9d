"""Run one function in several real processes at the same moment, on the test database.

    @pytest.mark.django_db(transaction=True)  # others see only what is committed
    def test_…(at_once):
        results = at_once("tests.ledger.test_races:spend", 8, account_id=account.pk)

calls `spend(number=0, account_id=…)` to `spend(number=7, account_id=…)`, each in a Python of its
own with its own Django and connection, when all of them are ready. `results` holds what they
returned, in the order of their numbers. Arguments and results travel as JSON. What one of them
raises fails the test, with its traceback. Works on SQLite (a file, see conftest.py) and on
PostgreSQL. The processes stay for the next test: starting Django eight times is what takes long.
"""

import faulthandler
import json
import os
import subprocess
import sys
import traceback
from importlib import import_module
from urllib.parse import quote

import django
from django.db import connection

TIMEOUT_SECONDS = 120


class Processes:
    """Started when first needed; closed at the end of the session, by conftest.py."""

    def __init__(self) -> None:
        self.started: list[subprocess.Popen] = []

    def at_once(self, function: str, count: int, **arguments) -> list:
        """See the module. `function` is written "module:name"."""
        while len(self.started) < count:
            self.started.append(start())
        used = self.started[:count]
        for number, process in enumerate(used):
            tell(process, [function, {"number": number, **arguments}])
        for process in used:
            assert hear(process) == "ready"
        for process in used:
            tell(process, "go")
        answers = [hear(process) for process in used]
        for answer in answers:
            assert "raised" not in answer, answer["raised"]
        return [answer["returned"] for answer in answers]

    def close(self) -> None:
        for process in self.started:
            process.stdin.close()  # the end of what it listens to
            process.stdout.close()
            process.wait(TIMEOUT_SECONDS)


def start() -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.processes"],
        env={**os.environ, "DATABASE_URL": address()},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def address() -> str:
    """Where the test database is, for settings that know of no test."""
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{settings['NAME']}"
    user, password, host = (quote(settings[k], safe="") for k in ("USER", "PASSWORD", "HOST"))
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgres://{user}:{password}@{host}{port}/{settings['NAME']}"


def tell(process: subprocess.Popen, what) -> None:
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()


def hear(process: subprocess.Popen):
    line = process.stdout.readline()
    assert line, "A process died: what it said last is on the standard error."
    return json.loads(line)


def main() -> None:
    out, sys.stdout = sys.stdout, sys.stderr  # what the code under test prints is no answer
    django.setup()
    while line := sys.stdin.readline():
        faulthandler.dump_traceback_later(TIMEOUT_SECONDS, exit=True)
        function, arguments = json.loads(line)
        module, name = function.split(":")
        call = getattr(import_module(module), name)
        connection.ensure_connection()
        out.write('"ready"\n')
        out.flush()
        sys.stdin.readline()
        out.write(json.dumps(attempt(call, arguments)) + "\n")
        out.flush()
        faulthandler.cancel_dump_traceback_later()


def attempt(call, arguments: dict) -> dict:
    try:
        return {"returned": call(**arguments)}
    except Exception:
        return {"raised": traceback.format_exc()}
    finally:
        connection.close()  # nobody may be connected when the test database is dropped


if __name__ == "__main__":
    main()
