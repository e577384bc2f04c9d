"""Several processes at once: money is spent once, and nobody waits for ever."""

import pytest

from croqualim.ledger.actions import (
    NotEnough,
    open_account,
    pay_reserved,
    release,
    reserve,
    transfer,
)
from croqualim.ledger.models import Account, AccountKind, Reservation, Transfer
from croqualim.ledger.queries import discrepancies
from tests.conftest import NOON
from tests.factories import StructureFactory

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 8


@pytest.fixture
def keeper():
    return StructureFactory()


@pytest.fixture
def sales(keeper):
    return open_account(keeper=keeper, kind=AccountKind.SALES, name="Ventes")


@pytest.fixture
def envelope(keeper, sales):
    """With 10 cents in it."""
    account = open_account(keeper=keeper, kind=AccountKind.ENVELOPE, name="MMPT")
    send("fill", sales.pk, account.pk, 10)
    return account


def send(key, from_id, to_id, amount_cents):
    return transfer(
        key=key,
        from_account=Account.objects.get(pk=from_id),
        to_account=Account.objects.get(pk=to_id),
        amount_cents=amount_cents,
        kind="test",
        reference="RADIS-42",
        now=NOON,
    ).pk


def attempts(count, attempt):
    """How many of these attempts are not refused."""
    done = 0
    for n in range(count):
        try:
            attempt(n)
            done += 1
        except NotEnough:
            pass
    return done


def spend(number, from_id, to_id):
    return attempts(10, lambda n: send(f"{number}/{n}", from_id, to_id, 1))


def hold(number, account_id):
    account = Account.objects.get(pk=account_id)
    return attempts(
        10, lambda n: reserve(key=f"{number}/{n}", account=account, amount_cents=1, now=NOON)
    )


def hold_same(number, account_id):
    account = Account.objects.get(pk=account_id)
    for n in range(5):
        reserve(key="only", account=account, amount_cents=(number + n) % 9 + 1, now=NOON)
        release(key="only")


def pay_held(number, from_id, to_id):
    """Half of them hold a cent and pay with it, half of them send a cent the other way."""
    if number % 2:
        for n in range(10):
            send(f"{number}/{n}", to_id, from_id, 1)
        return 0
    account, seller = (Account.objects.get(pk=pk) for pk in (from_id, to_id))

    def pay(n):
        key = f"{number}/{n}"
        reserve(key=key, account=account, amount_cents=1, now=NOON)
        pay_reserved(
            reservation_keys=[key],
            key=key,
            from_account=account,
            to_account=seller,
            amount_cents=1,
            kind="test",
            reference="RADIS-42",
            now=NOON,
        )

    return attempts(10, pay)


def send_once(number, from_id, to_id):
    return send("only", from_id, to_id, 7)


def cross(number, one_id, other_id):
    """Half of them one way, half of them the other."""
    from_id, to_id = (one_id, other_id) if number % 2 else (other_id, one_id)
    return attempts(20, lambda n: send(f"{number}/{n}", from_id, to_id, 1))


def open_same(number, keeper_id):
    keeper = StructureFactory._meta.model.objects.get(pk=keeper_id)
    return open_account(keeper=keeper, kind=AccountKind.CASH, name="Caisse").pk


def test_the_last_ten_cents_are_spent_once(envelope, sales, at_once):
    spent = at_once("tests.ledger.test_races:spend", PROCESSES, from_id=envelope.pk, to_id=sales.pk)

    envelope.refresh_from_db()
    assert (sum(spent), envelope.balance_cents) == (10, 0)
    assert discrepancies() == []


def test_the_last_ten_cents_are_held_once(envelope, at_once):
    held = at_once("tests.ledger.test_races:hold", PROCESSES, account_id=envelope.pk)

    envelope.refresh_from_db()
    assert (sum(held), envelope.reserved_cents, Reservation.objects.count()) == (10, 10, 10)
    assert discrepancies() == []


def test_one_key_holds_one_amount(envelope, at_once):
    at_once("tests.ledger.test_races:hold_same", PROCESSES, account_id=envelope.pk)

    envelope.refresh_from_db()
    assert (envelope.reserved_cents, Reservation.objects.count()) == (0, 0)
    assert discrepancies() == []


def test_paying_with_what_is_held_blocks_nobody(envelope, sales, at_once):
    paid = at_once(
        "tests.ledger.test_races:pay_held", PROCESSES, from_id=envelope.pk, to_id=sales.pk
    )

    envelope.refresh_from_db()
    came = 10 + PROCESSES // 2 * 10
    assert (envelope.balance_cents, envelope.reserved_cents) == (came - sum(paid), 0)
    assert discrepancies() == []


def test_one_key_moves_money_once(envelope, sales, at_once):
    at_once("tests.ledger.test_races:send_once", PROCESSES, from_id=envelope.pk, to_id=sales.pk)

    envelope.refresh_from_db()
    assert (Transfer.objects.filter(key="only").count(), envelope.balance_cents) == (1, 3)


def test_crossing_transfers_do_not_block_each_other(envelope, sales, keeper, at_once):
    bank = open_account(keeper=keeper, kind=AccountKind.INCOME, name="Produits")
    done = at_once("tests.ledger.test_races:cross", PROCESSES, one_id=bank.pk, other_id=sales.pk)

    assert sum(done) == PROCESSES * 20
    assert discrepancies() == []


def test_one_account_is_opened(keeper, at_once):
    opened = at_once("tests.ledger.test_races:open_same", PROCESSES, keeper_id=keeper.pk)

    assert len(set(opened)) == 1
