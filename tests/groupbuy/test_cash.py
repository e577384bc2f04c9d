"""The box: what it begins with, what is counted, what stays in it and what goes to the bank."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.actions import cash, settlement, till
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.models import CashMove, Popup
from croqualim.groupbuy.queries.cash import floats_of, to_deposit_cents
from croqualim.groupbuy.queries.settlement import deposits_of
from croqualim.groupbuy.queries.takings import expected_cash_cents
from croqualim.groupbuy.rules.counting import Box, Counted, problem_with_counts, to_deposit
from croqualim.groupbuy.rules.till import Reason
from croqualim.ledger.models import AccountKind
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory
from tests.groupbuy.evening import Evening, open_evening, wrong_books
from tests.groupbuy.pages import plain

# ----------------------------------------------------------------------------------- the rules

cents = st.integers(0, 100_000)


@given(cents, cents, cents, cents)
def test_the_box_holds_what_came_less_what_went(left, brought, paid, given_back):
    box = Box(left, brought, paid, given_back)

    assert box.expected_cents + given_back == left + brought + paid


@given(counted=cents, kept=cents, deposited=cents)
def test_what_goes_to_the_bank_never_takes_the_float(counted, kept, deposited):
    assert to_deposit(counted_cents=counted, kept_cents=kept, deposited_cents=deposited) >= 0
    assert to_deposit(counted_cents=counted, kept_cents=counted, deposited_cents=0) == 0


def counted(by, amount, remark="", expected=1000):
    return Counted(by, amount, expected, remark)


@pytest.mark.parametrize(
    ("counts", "reason"),
    [
        ([], Reason.NOT_COUNTED),
        ([counted(1, 1000, expected=900)], Reason.NOT_COUNTED),
        ([counted(1, 990)], None),
        ([counted(1, 990), counted(2, 1000)], Reason.COUNTS_DIFFER),
        ([counted(1, 990), counted(2, 1000, "une pièce était tombée")], None),
        ([counted(1, 990), counted(1, 1000)], None),
        ([counted(1, 990), counted(2, 990)], None),
        ([counted(1, 990), counted(2, 1000), counted(1, 1000)], None),
        ([counted(1, 990, expected=900), counted(2, 1000)], None),  # money came in between
    ],
)
def test_two_people_find_the_same_or_say_why(counts, reason):
    problem = problem_with_counts(counts, 1000)

    assert (problem and problem.reason) == reason


# ------------------------------------------------------------------------------------ the books


@pytest.fixture
def evening(db) -> Evening:
    return open_evening()


def count(evening, amount=None, **who):
    till.count_till(
        popup=evening.popup,
        counted_cents=expected_cash_cents(evening.popup) if amount is None else amount,
        remark="",
        **{**evening.acting, **who},
    )


def close(evening, kept_cents=0):
    till.close_shop(
        popup=evening.popup, lost={}, reason="", kept_cents=kept_cents, **evening.acting
    )


def bring(evening, amount=5000, nonce="c"):
    return cash.bring_change(
        popup=evening.popup, amount_cents=amount, nonce=nonce, **evening.acting
    )


def deposit(evening, amount, nonce="d"):
    return cash.deposit_cash(
        popup=evening.popup, amount_cents=amount, slip="BX-12", nonce=nonce, **evening.acting
    )


def next_shop(evening) -> Popup:
    """The group's next one, a month later."""
    this = evening.popup
    cycle = this.cycle
    cycle.pk, cycle.settled_at, cycle.name = None, None, "Avril 2026"
    cycle.save(force_insert=True)
    location = this.location
    location.pk, location.subject = None, "next"
    location.save(force_insert=True)
    return Popup.objects.create(
        cycle=cycle,
        group=this.group,
        location=location,
        place=this.place,
        starts_at=this.starts_at + timedelta(days=30),
        ends_at=this.ends_at + timedelta(days=30),
    )


class TestTheBox:
    def test_change_comes_from_the_bank_once(self, evening):
        bank = evening.balance(AccountKind.BANK)

        bring(evening)
        bring(evening)

        assert expected_cash_cents(evening.popup) == 5000
        assert evening.balance(AccountKind.CASH) == -5000
        assert evening.balance(AccountKind.BANK) == bank + 5000
        assert wrong_books(evening.month.collective) == []

    def test_change_that_is_not_in_the_bank_is_not_brought(self, evening):
        with pytest.raises(ShopRefused) as refused:
            bring(evening, 100_000_000)
        assert refused.value.problem.reason is Reason.BANK_SHORT

    def test_change_given_away_is_not_undone(self, evening):
        move = bring(evening)
        cash.undo_cash_move(move=move, reason="erreur", **evening.acting)
        cash.undo_cash_move(move=move, reason="erreur", **evening.acting)
        assert expected_cash_cents(evening.popup) == 0

    def test_what_is_left_in_it_is_there_the_next_time(self, evening):
        bring(evening)
        evening.pay(evening.orders[0])
        count(evening)
        close(evening, kept_cents=5000)

        assert expected_cash_cents(next_shop(evening)) == 5000
        assert floats_of(evening.month.collective) == 5000

    def test_no_more_is_left_than_was_counted(self, evening):
        count(evening)
        with pytest.raises(ShopRefused) as refused:
            close(evening, kept_cents=1)
        assert refused.value.problem.reason is Reason.KEPT_TOO_MUCH

    def test_two_who_do_not_find_the_same_count_again(self, evening):
        evening.pay(evening.orders[0])
        other = RoleFactory(structure=evening.month.collective.structure, kind=RoleKind.TILL).person
        count(evening, 700)
        count(evening, 900, actor=other)

        with pytest.raises(ShopRefused) as refused:
            close(evening)
        assert refused.value.problem.reason is Reason.COUNTS_DIFFER

        count(evening, 900)
        close(evening)
        assert evening.popup.closed_at

    def test_a_great_difference_without_a_word_is_not_noted(self, evening):
        with pytest.raises(ShopRefused) as refused:
            count(evening, 501)
        assert refused.value.problem.reason is Reason.DIFFERENCE_UNSAID


class TestTheBank:
    @pytest.fixture
    def closed(self, evening):
        """50 € of float, 9 € paid, 1 € too much."""
        bring(evening)
        evening.pay(evening.orders[0])
        count(evening, 6000)
        close(evening, kept_cents=5000)
        return evening

    def test_what_is_taken_there_is_no_longer_in_the_box(self, closed):
        bank = closed.balance(AccountKind.BANK)

        deposit(closed, 600)
        deposit(closed, 600)

        assert closed.balance(AccountKind.CASH) == -5400
        assert closed.balance(AccountKind.BANK) == bank - 600
        assert to_deposit_cents(closed.popup) == 400

    def test_never_the_float(self, closed):
        deposit(closed, 600)
        with pytest.raises(ShopRefused) as refused:
            deposit(closed, 401, nonce="e")
        assert refused.value.problem.reason is Reason.NOT_IN_BOX

    def test_not_while_the_shop_is_open(self, evening):
        bring(evening)
        with pytest.raises(ShopRefused) as refused:
            deposit(evening, 100)
        assert refused.value.problem.reason is Reason.SHOP_OPEN

    def test_undone_it_is_still_to_be_taken(self, closed):
        move = deposit(closed, 1000)

        cash.undo_cash_move(move=move, reason="reporté", **closed.acting)

        assert to_deposit_cents(closed.popup) == 1000
        assert wrong_books(closed.month.collective) == []

    def test_the_settlement_banks_the_rest_and_leaves_the_float(self, closed):
        deposit(closed, 600)
        assert deposits_of(closed.month.cycle).cash_cents == 400

        settlement.settle_cycle(
            cycle=closed.month.cycle, actor=closed.month.coordinator, now=closed.now
        )

        assert closed.balance(AccountKind.CASH) == -5000
        assert to_deposit_cents(closed.popup) == 0

    def test_its_page_says_what_is_left_to_take(self, closed, client):
        client.force_login(closed.volunteer)
        page = reverse("groupbuy:deposit_cash", args=[closed.month.popup.pk])
        assert 'value="10,00"' in client.get(page).content.decode()

        typed = {"amount": "11", "slip": "", "nonce": "z"}
        assert "Il reste 10,00 € à porter" in plain(client.post(page, typed))
        said = plain(client.post(page, {**typed, "amount": "10", "slip": "BX-9"}, follow=True))

        assert "Noté : 10,00 € portés à la banque." in said
        assert "bordereau BX-9" in said
        assert CashMove.objects.filter(slip="BX-9").count() == 1
