"""SQLite's writers wait in a queue: a transaction holds the turn, and always gives it back."""

import fcntl
import os

import pytest
from django.db import DEFAULT_DB_ALIAS, OperationalError, connections
from django.db.utils import load_backend


@pytest.fixture
def database(tmp_path, django_db_blocker):
    """Another SQLite, whatever the engine of this run."""
    settings = {**connections[DEFAULT_DB_ALIAS].settings_dict, "NAME": str(tmp_path / "a.sqlite3")}
    settings["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 0}
    wrapper = load_backend("croqualim.storage.sqlite").DatabaseWrapper(settings, "apart")
    with django_db_blocker.unblock():
        yield wrapper
        wrapper.close()


def is_free(wrapper) -> bool:
    turn = os.open(f"{wrapper.settings_dict['NAME']}-turn", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(turn)
    return True


def begin(wrapper):
    wrapper.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def test_a_transaction_holds_the_turn_until_it_commits(database):
    begin(database)
    assert not is_free(database)
    database.commit()
    assert is_free(database)


def test_one_rolled_back_gives_it_back(database):
    begin(database)
    database.rollback()
    assert is_free(database)


def test_a_lost_connection_gives_it_back(database):
    begin(database)
    database.close()
    assert is_free(database)


def test_a_transaction_that_cannot_begin_gives_it_back(database):
    database.ensure_connection()
    other = load_backend("django.db.backends.sqlite3").DatabaseWrapper(
        database.settings_dict, "other"
    )  # who does not queue, as the shell does
    begin(other)
    with pytest.raises(OperationalError, match="locked"):
        begin(database)
    assert is_free(database)
    other.rollback()
    other.close()


def test_reading_waits_for_nobody(database):
    with database.cursor() as cursor:
        cursor.execute("SELECT 1")
        assert is_free(database)
