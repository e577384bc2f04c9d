"""What every test shares: a clock that stands still, and a database like the real one."""

from datetime import UTC, datetime

import hypothesis
import pytest
from django.db import connection

from tests.append_only import around
from tests.processes import Processes

# a busy machine is not a broken promise: time is measured in bench/
hypothesis.settings.register_profile(
    "steady", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("steady")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, tmp_path_factory):
    """SQLite's test database is a file, which other processes can open (see processes.py); each
    run and each xdist worker has its own."""
    if connection.vendor == "sqlite":
        file = tmp_path_factory.mktemp("database") / "test.sqlite3"
        connection.settings_dict["TEST"]["NAME"] = str(file)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """What a test committed is flushed after it, books included. The flush alone may do so."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection.ops, "sql_flush", around(connection.ops.sql_flush))
        yield


@pytest.fixture(scope="session")
def at_once(django_db_setup):
    """Run one function in several processes at the same moment: see processes.py."""
    processes = Processes()
    yield processes.at_once
    processes.close()
