"""What people rely on when money moves."""

import pytest

from croqualim.ledger.actions import (
    AlreadyReversed,
    KeyReused,
    NotEnough,
    open_account,
    pay_reserved,
    release,
    reserve,
    reverse,
    transfer,
)
from croqualim.ledger.models import Account, AccountKind, Reservation, Transfer
from tests.conftest import NOON
from tests.factories import StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    return StructureFactory()


@pytest.fixture
def bank(keeper):
    return open_account(keeper=keeper, kind=AccountKind.BANK, name="Banque")


@pytest.fixture
def envelope(keeper):
    return open_account(keeper=keeper, kind=AccountKind.ENVELOPE, name="MMPT")


@pytest.fixture
def sales(keeper):
    return open_account(keeper=keeper, kind=AccountKind.SALES, name="Ventes")


def send(from_account, to_account, amount_cents, key="1"):
    return transfer(
        key=key,
        from_account=from_account,
        to_account=to_account,
        amount_cents=amount_cents,
        kind="test",
        reference="RADIS-42",
        now=NOON,
    )


def balance(account):
    account.refresh_from_db()
    return account.balance_cents


def test_what_leaves_one_account_reaches_the_other(bank, envelope):
    send(bank, envelope, 500)

    assert (balance(bank), balance(envelope)) == (-500, 500)


def test_the_same_key_moves_money_once(bank, envelope):
    first = send(bank, envelope, 500)

    assert send(bank, envelope, 500) == first
    assert balance(envelope) == 500


def test_the_same_key_for_something_else_is_refused(bank, envelope, sales):
    send(bank, envelope, 500)

    with pytest.raises(KeyReused):
        send(bank, envelope, 501)
    with pytest.raises(KeyReused):
        send(bank, sales, 500)
    assert balance(bank) == -500


def test_a_claim_pays_no_more_than_it_has(bank, envelope, sales):
    send(bank, envelope, 500)

    with pytest.raises(NotEnough) as refused:
        send(envelope, sales, 620, key="2")

    assert (refused.value.account, refused.value.missing_cents) == (envelope, 120)
    assert (balance(envelope), balance(sales)) == (500, 0)
    assert not Transfer.objects.filter(key="2").exists()


def test_nobody_is_paid_with_money_that_is_not_in_the_bank(bank, sales, keeper):
    producer = open_account(keeper=keeper, kind=AccountKind.PRODUCER, name="Ferme")
    send(sales, producer, 500)
    send(bank, sales, 200, key="2")

    with pytest.raises(NotEnough) as refused:
        send(producer, bank, 500, key="3")

    assert (refused.value.account, refused.value.missing_cents) == (bank, 300)
    assert (balance(producer), balance(bank)) == (500, -200)


@pytest.mark.parametrize("amount_cents", [0, -1])
def test_only_a_positive_amount_moves(bank, envelope, amount_cents):
    with pytest.raises(ValueError, match="positive"):
        send(bank, envelope, amount_cents)


def test_money_never_leaks_into_another_book(bank):
    elsewhere = open_account(keeper=StructureFactory(), kind=AccountKind.SALES, name="Ventes")

    with pytest.raises(ValueError, match="one book"):
        send(bank, elsewhere, 100)


def test_an_account_is_opened_once(keeper, bank):
    assert open_account(keeper=keeper, kind=AccountKind.BANK, name="Crédit coopératif") == bank
    other = open_account(keeper=keeper, kind=AccountKind.BANK, name="Livret", subject="livret")
    assert other != bank
    assert Account.objects.count() == 2


class TestReversal:
    def test_brings_the_balances_back_and_says_why(self, bank, envelope):
        first = send(bank, envelope, 500)
        back = reverse(transfer=first, key="back", reason="Saisi deux fois", now=NOON)

        assert (balance(bank), balance(envelope)) == (0, 0)
        assert (back.reverses, back.reason) == (first, "Saisi deux fois")

    def test_happens_once(self, bank, envelope):
        first = send(bank, envelope, 500)
        back = reverse(transfer=first, key="back", reason="Erreur", now=NOON)

        assert reverse(transfer=first, key="back", reason="Erreur", now=NOON) == back
        with pytest.raises(AlreadyReversed):
            reverse(transfer=first, key="again", reason="Erreur", now=NOON)
        assert balance(envelope) == 0

    def test_does_not_take_a_key_that_did_something_else(self, bank, envelope):
        first = send(bank, envelope, 500)

        with pytest.raises(KeyReused):
            reverse(transfer=first, key="1", reason="Erreur", now=NOON)

    def test_stays(self, bank, envelope):
        back = reverse(transfer=send(bank, envelope, 500), key="b", reason="Erreur", now=NOON)

        with pytest.raises(ValueError, match="stays"):
            reverse(transfer=back, key="bb", reason="Erreur", now=NOON)

    def test_has_a_reason(self, bank, envelope):
        with pytest.raises(ValueError, match="why"):
            reverse(transfer=send(bank, envelope, 500), key="b", reason=" ", now=NOON)

    def test_waits_for_money_that_has_gone_on(self, bank, envelope, sales):
        first = send(bank, envelope, 500)
        send(envelope, sales, 1, key="2")

        with pytest.raises(NotEnough):
            reverse(transfer=first, key="b", reason="Erreur", now=NOON)


class TestReservation:
    @pytest.fixture(autouse=True)
    def ten_euros(self, bank, envelope):
        send(bank, envelope, 1000, key="ten euros")

    def held(self, envelope):
        envelope.refresh_from_db()
        return envelope.reserved_cents

    def test_what_is_held_cannot_be_spent(self, envelope, sales):
        reserve(key="a", account=envelope, amount_cents=700, now=NOON)

        with pytest.raises(NotEnough) as refused:
            send(envelope, sales, 400)
        assert refused.value.missing_cents == 100
        send(envelope, sales, 300)

    def test_is_exactly_the_last_amount_said(self, envelope):
        for amount_cents in (700, 900, 200, 200):
            reserve(key="a", account=envelope, amount_cents=amount_cents, now=NOON)
            assert self.held(envelope) == amount_cents
        reserve(key="a", account=envelope, amount_cents=0, now=NOON)
        assert self.held(envelope) == 0
        assert not Reservation.objects.exists()

    def test_never_holds_more_than_there_is(self, envelope):
        reserve(key="a", account=envelope, amount_cents=700, now=NOON)

        with pytest.raises(NotEnough) as refused:
            reserve(key="b", account=envelope, amount_cents=301, now=NOON)
        assert refused.value.missing_cents == 1
        with pytest.raises(NotEnough) as refused:
            reserve(key="a", account=envelope, amount_cents=1002, now=NOON)
        assert refused.value.missing_cents == 2
        assert self.held(envelope) == 700

    def test_is_let_go_once(self, envelope):
        reserve(key="a", account=envelope, amount_cents=700, now=NOON)
        reserve(key="b", account=envelope, amount_cents=100, now=NOON)

        release(key="a")
        release(key="a")

        assert self.held(envelope) == 100

    def test_belongs_to_one_account(self, envelope, keeper):
        other = open_account(keeper=keeper, kind=AccountKind.PREPAID, name="Foyer")
        reserve(key="a", account=envelope, amount_cents=700, now=NOON)

        with pytest.raises(KeyReused):
            reserve(key="a", account=other, amount_cents=0, now=NOON)

    def test_makes_no_sense_without_a_floor(self, sales, envelope):
        with pytest.raises(ValueError, match="claim"):
            reserve(key="a", account=sales, amount_cents=1, now=NOON)
        with pytest.raises(ValueError, match="claim"):
            reserve(key="a", account=envelope, amount_cents=-1, now=NOON)

    @pytest.mark.parametrize("amount_cents", [500, 800, 1000])
    def test_becomes_a_payment_of_less_or_more(self, envelope, sales, amount_cents):
        reserve(key="a", account=envelope, amount_cents=300, now=NOON)
        reserve(key="b", account=envelope, amount_cents=500, now=NOON)

        self.pay(envelope, sales, amount_cents)

        assert self.held(envelope) == 0
        assert balance(envelope) == 1000 - amount_cents
        assert balance(sales) == amount_cents

    def test_stays_when_the_payment_is_refused(self, envelope, sales):
        reserve(key="a", account=envelope, amount_cents=300, now=NOON)

        with pytest.raises(NotEnough):
            self.pay(envelope, sales, 1001)

        assert self.held(envelope) == 300

    def test_is_not_let_go_again_by_a_second_go(self, envelope, sales):
        reserve(key="a", account=envelope, amount_cents=300, now=NOON)
        first = self.pay(envelope, sales, 300)
        reserve(key="a", account=envelope, amount_cents=50, now=NOON)

        assert self.pay(envelope, sales, 300) == first
        assert self.held(envelope) == 50

    def pay(self, envelope, sales, amount_cents):
        return pay_reserved(
            reservation_keys=["a", "b", "never held"],
            key="pay",
            from_account=envelope,
            to_account=sales,
            amount_cents=amount_cents,
            kind="solidarity",
            reference="cycle 12",
            now=NOON,
        )


def test_an_order_paid_costs_few_queries(bank, envelope, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):  # savepoint, insert, two updates, savepoint
        send(bank, envelope, 500)
