"""The database itself refuses to change or erase what has been written down."""

import pytest
from django.db import IntegrityError, connection, transaction

from croqualim.stock.models import Movement


@pytest.fixture
def sent(places, lentils):
    places.receive(lentils, 500)


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


COLUMNS = (
    'id, "key", line, lot_id, from_location_id, to_location_id, quantity, kind, reference,'
    " reason, at"
)
STATEMENTS = {
    "update": "UPDATE stock_movement SET quantity = 1",
    "delete": "DELETE FROM stock_movement",
    "upsert": f"INSERT INTO stock_movement ({COLUMNS}) SELECT {COLUMNS} FROM stock_movement"
    " WHERE true ON CONFLICT (id) DO UPDATE SET quantity = 1",
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_a_movement_is_neither_changed_nor_erased(sent, statement):
    with pytest.raises(IntegrityError):
        execute(statement)

    assert Movement.objects.get().quantity == 500


@pytest.mark.django_db
def test_nor_replaced_nor_emptied(sent):
    if connection.vendor == "sqlite":
        row = f"{COLUMNS.replace('quantity', '1')}"
        statement = f"REPLACE INTO stock_movement ({COLUMNS}) SELECT {row} FROM stock_movement"
    else:
        statement = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE stock_movement CASCADE"

    with pytest.raises(IntegrityError):
        execute(statement)

    assert Movement.objects.get().quantity == 500


@pytest.mark.django_db
def test_no_session_setting_opens_the_books(sent):
    """What turns triggers and foreign keys off for a replica, or for a restore, is not enough."""
    setting = (
        "PRAGMA recursive_triggers = OFF"
        if connection.vendor == "sqlite"
        else "SET LOCAL session_replication_role = replica"
    )

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(setting)
        cursor.execute(STATEMENTS["delete"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "after a flush"])
def test_the_books_are_as_closed_after_the_flush_of_a_test(sent, time):
    assert Movement.objects.count() == 1
    with pytest.raises(IntegrityError):
        execute(STATEMENTS["delete"])
