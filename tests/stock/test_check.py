"""`croqualim check` says loudly what the movements do not add up to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from croqualim.ledger.actions import open_account, reserve, transfer
from croqualim.ledger.models import AccountKind
from croqualim.stock import actions as stock
from tests.conftest import NOON
from tests.processes import address


@pytest.fixture
def books(places, lentils):
    """500 cents in an envelope, 100 of them held; 1 kg in the warehouse, 200 g of it held."""
    bank = open_account(keeper=places.keeper, kind=AccountKind.BANK, name="Banque")
    envelope = open_account(keeper=places.keeper, kind=AccountKind.ENVELOPE, name="MMPT")
    transfer(
        key="1",
        from_account=bank,
        to_account=envelope,
        amount_cents=500,
        kind="test",
        reference="R",
        now=NOON,
    )
    reserve(key="1", account=envelope, amount_cents=100, now=NOON)
    places.receive(lentils, 1000)
    stock.reserve(key="1", product=lentils, location=places.warehouse, quantity=200, now=NOON)


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_right_books_are_said_right(books, capsys):
    call_command("check_books")

    said = capsys.readouterr().out
    assert said == "Les comptes et les stocks sont justes : 1 transfert, 1 mouvement.\n"


WRONG = {
    "UPDATE ledger_account SET balance_cents = 612 WHERE name = 'MMPT'": [
        "MMPT : écrit 6,12\u00a0€, recalculé 5,00\u00a0€",
        "somme des comptes : écrit 1,12\u00a0€, recalculé 0,00\u00a0€",
    ],
    "UPDATE ledger_account SET reserved_cents = 0": [
        "MMPT · réservé : écrit 0,00\u00a0€, recalculé 1,00\u00a0€",
    ],
    "UPDATE stock_level SET quantity = quantity + 5 WHERE has_floor": [
        "Lentilles · L1 · Dépôt (g) : écrit 1005, recalculé 1000",
        "Lentilles · L1 (g) · somme des lieux : écrit 5, recalculé 0",
    ],
    "UPDATE stock_level SET reserved_quantity = 1 WHERE has_floor": [
        "Lentilles · L1 · Dépôt (g) · réservé : écrit 1, recalculé 200",
    ],
}


@pytest.mark.parametrize(("statement", "told"), WRONG.items())
def test_a_figure_changed_behind_our_back_is_told(books, statement, told):
    execute(statement)

    with pytest.raises(CommandError) as refused:
        call_command("check_books")

    for sentence in told:
        assert sentence in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1 + len(told)


@pytest.mark.parametrize("table", ["ledger_transfer", "stock_movement"])
def test_a_table_that_lets_itself_be_changed_is_told(books, table):
    if connection.vendor == "sqlite":
        execute(f"DROP TRIGGER {table}_no_update")
    else:
        execute("SET CONSTRAINTS ALL IMMEDIATE")
        execute(f"ALTER TABLE {table} ENABLE REPLICA TRIGGER {table}_no_change")

    with pytest.raises(CommandError, match=table):
        call_command("check_books")


def croqualim(*arguments, database):
    command = str(Path(sys.executable).with_name("croqualim"))
    return subprocess.run(
        [command, *arguments],
        env={**os.environ, "DATABASE_URL": database, "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.django_db(transaction=True)
def test_the_command_runs_both_checks_and_fails_when_one_does(books):
    right = croqualim("check", database=address())
    execute("UPDATE ledger_account SET reserved_cents = 0")
    wrong = croqualim("check", database=address())
    django_alone = croqualim("check", "--fail-level=ERROR", database=address())

    assert right.returncode == 0, right.stderr
    assert "System check identified no issues" in right.stdout
    assert "sont justes" in right.stdout
    assert wrong.returncode == 1
    assert "MMPT · réservé" in wrong.stderr
    assert django_alone.returncode == 0, django_alone.stderr
    assert "justes" not in django_alone.stdout + django_alone.stderr
