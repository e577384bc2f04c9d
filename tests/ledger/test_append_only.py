"""The database itself refuses to change or erase what has been written down."""

import pytest
from django.db import IntegrityError, connection, transaction

from croqualim.ledger.actions import open_account, transfer
from croqualim.ledger.models import AccountKind, Transfer
from tests.conftest import NOON
from tests.factories import StructureFactory


@pytest.fixture
def sent():
    keeper = StructureFactory()
    return transfer(
        key="1",
        from_account=open_account(keeper=keeper, kind=AccountKind.BANK, name="Banque"),
        to_account=open_account(keeper=keeper, kind=AccountKind.SALES, name="Ventes"),
        amount_cents=500,
        kind="test",
        reference="RADIS-42",
        now=NOON,
    )


def execute(sql):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


COLUMNS = 'id, "key", from_account_id, to_account_id, amount_cents, kind, reference, reason, at'
STATEMENTS = {
    "update": "UPDATE ledger_transfer SET amount_cents = 1",
    "delete": "DELETE FROM ledger_transfer",
    "upsert": f"INSERT INTO ledger_transfer ({COLUMNS}) SELECT {COLUMNS} FROM ledger_transfer"
    " WHERE true ON CONFLICT (id) DO UPDATE SET amount_cents = 1",
}


@pytest.mark.django_db
@pytest.mark.parametrize("statement", STATEMENTS.values(), ids=STATEMENTS)
def test_a_transfer_is_neither_changed_nor_erased(sent, statement):
    with pytest.raises(IntegrityError):
        execute(statement)

    assert Transfer.objects.get().amount_cents == 500


@pytest.mark.django_db
def test_nor_replaced_nor_emptied(sent):
    if connection.vendor == "sqlite":
        row = f"{COLUMNS.replace('amount_cents', '1')}"
        statement = f"REPLACE INTO ledger_transfer ({COLUMNS}) SELECT {row} FROM ledger_transfer"
    else:
        statement = "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE ledger_transfer CASCADE"

    with pytest.raises(IntegrityError):
        execute(statement)

    assert Transfer.objects.get().amount_cents == 500


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
    assert Transfer.objects.count() == 1
    with pytest.raises(IntegrityError):
        execute(STATEMENTS["delete"])
