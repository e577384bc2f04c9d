"""What can be read of money."""

from datetime import timedelta

import pytest

from croqualim.ledger.actions import (
    NotEnough,
    open_account,
    open_envelope,
    top_up_envelope,
    transfer,
)
from croqualim.ledger.models import Account, AccountKind, Envelope
from croqualim.ledger.queries import balance_said, statement
from tests.conftest import NOON
from tests.factories import StructureFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def keeper():
    return StructureFactory()


@pytest.fixture
def cash(keeper):
    return open_account(keeper=keeper, kind=AccountKind.CASH, name="Caisse")


@pytest.fixture
def sales(keeper):
    return open_account(keeper=keeper, kind=AccountKind.SALES, name="Ventes")


def send(from_account, to_account, amount_cents, day):
    return transfer(
        key=f"{day} {amount_cents}",
        from_account=from_account,
        to_account=to_account,
        amount_cents=amount_cents,
        kind="test",
        reference="RADIS-42",
        now=NOON + day * DAY,
    )


class TestStatement:
    @pytest.fixture(autouse=True)
    def three_days_at_the_till(self, cash, sales):
        """1 € on the first day, 3 € on the second, of which 2 € are given back; 5 € on the third"""
        send(cash, sales, 100, day=1)
        send(cash, sales, 300, day=2)
        send(sales, cash, 200, day=2)
        send(cash, sales, 500, day=3)
        cash.refresh_from_db()

    def test_tells_each_change_and_the_balance_after_it_as_people_say_them(self, cash):
        told = statement(cash)

        assert [line.change_cents for line in told.lines] == [100, 300, -200, 500]
        assert [line.balance_cents for line in told.lines] == [100, 400, 200, 700]
        assert (told.opening_cents, told.closing_cents) == (0, 700)
        assert balance_said(cash) == 700

    def test_begins_and_ends_when_it_is_asked_to(self, cash):
        told = statement(cash, since=NOON + 2 * DAY, until=NOON + 3 * DAY)

        assert [line.balance_cents for line in told.lines] == [400, 200]
        assert (told.opening_cents, told.closing_cents) == (100, 200)

    def test_of_a_quiet_time_keeps_the_balance(self, cash):
        told = statement(cash, since=NOON + 4 * DAY)

        assert (told.opening_cents, told.lines, told.closing_cents) == (700, [], 700)

    def test_of_a_claim_is_told_as_it_is(self, sales):
        sales.refresh_from_db()

        assert statement(sales).closing_cents == balance_said(sales) == 700

    def test_costs_two_queries(self, cash, sales, django_assert_num_queries):
        for day in range(10, 40):
            send(cash, sales, 1, day=day)

        with django_assert_num_queries(2):
            told = statement(cash, since=NOON + 2 * DAY)
            assert {line.transfer.to_account.name for line in told.lines} == {"Ventes", "Caisse"}


class TestEnvelope:
    def open(self, keeper, funder, **changes):
        said = {
            "name": "MMPT 2026",
            "funder": funder,
            "holder": keeper,
            "purpose": "Réduire le prix payé par les adhérents",
            "starts_on": NOON.date(),
            "ends_on": NOON.date() + 365 * DAY,
            "now": NOON,
        }
        return open_envelope(**(said | changes))

    @pytest.fixture
    def funder(self):
        return StructureFactory()

    def test_holds_what_the_funder_paid_into_the_bank(self, keeper, funder):
        envelope = self.open(keeper, funder)
        for _ in range(2):
            top_up_envelope(key="virement 1", envelope=envelope, amount_cents=50_000, now=NOON)

        account = Account.objects.get(pk=envelope.account_id)
        bank = Account.objects.get(keeper=keeper, kind=AccountKind.BANK)
        assert (account.balance_cents, balance_said(bank)) == (50_000, 50_000)

    def test_is_opened_once(self, keeper, funder):
        envelope = self.open(keeper, funder)

        assert self.open(keeper, funder) == envelope
        assert Envelope.objects.count() == 1

    def test_of_the_next_year_is_another(self, keeper, funder):
        envelope = self.open(keeper, funder)
        top_up_envelope(key="virement 1", envelope=envelope, amount_cents=50_000, now=NOON)

        other = self.open(keeper, funder, starts_on=NOON.date() + 10 * DAY)

        assert other.account != envelope.account
        assert other.account.balance_cents == 0

    def test_never_gives_more_than_it_has(self, keeper, funder, sales):
        envelope = self.open(keeper, funder)
        top_up_envelope(key="virement 1", envelope=envelope, amount_cents=100, now=NOON)

        with pytest.raises(NotEnough):
            send(envelope.account, sales, 101, day=1)

    def test_does_not_end_before_it_starts(self, keeper, funder):
        with pytest.raises(ValueError, match="ends"):
            self.open(keeper, funder, ends_on=NOON.date() - DAY)
