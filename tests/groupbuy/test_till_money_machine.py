"""Whatever is tried with the money of an evening and after it, in whatever order: what may not be
is refused, and after each step nothing is below zero, nothing is lost, the box holds what it
should."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from croqualim.groupbuy.actions import (
    cash,
    containers,
    giving_back,
    refunds,
    settlement,
    till,
)
from croqualim.groupbuy.models import (
    CashMove,
    Container,
    Cycle,
    Fate,
    FreeSale,
    Payment,
    Payout,
    PayoutMethod,
    PayoutPurpose,
    Refund,
)
from croqualim.groupbuy.queries import payouts, takings
from croqualim.groupbuy.queries.cash import to_deposit_cents
from croqualim.groupbuy.queries.containers import out_of
from croqualim.ledger.actions import NotEnough
from croqualim.ledger.models import CLAIMS, HOLDINGS, Account, AccountKind
from tests.groupbuy.evening import wrong_books
from tests.groupbuy.test_till_machine import SHARES, evening_of_four

orders = st.sampled_from(range(len(SHARES)))
methods = st.sampled_from(["cash", "card", "cheque"])
amounts = st.sampled_from([1, 50, 700, 5000])
REFUSED = (till.ShopRefused, settlement.SettlementRefused, NotEnough)


class Money(RuleBasedStateMachine):
    evening = None

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.turn = 0
        self.collective = self.evening.month.collective
        jar = containers.add_container(collective=self.collective, name="bocal", deposit_cents=50)
        product = self.evening.month.offers[0].product
        containers.put_in_container(product=product, container=jar, holds_quantity=1000)

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, action, **arguments):
        """Do it if it may be done; refused, it has changed nothing."""
        before = self.balances()
        try:
            action(**arguments, **self.evening.acting)
        except REFUSED:
            assert self.balances() == before

    def balances(self):
        accounts = Account.objects.filter(keeper=self.collective.structure)
        return dict(accounts.exclude(balance_cents=0).values_list("pk", "balance_cents"))

    def nonce(self):
        self.turn += 1
        return f"turn {self.turn}"

    def order(self, n):
        order = self.evening.orders[n]
        order.refresh_from_db()
        return order

    @rule(n=orders, method=methods, aside=st.booleans())
    def is_served(self, n, method, aside):
        order = self.order(n)
        due = self.evening.due(order)
        on_account = takings.prepaid_cents(self.collective, order.membership.household)
        prepaid = min(due, on_account) if aside else 0
        parts = {"prepaid": prepaid, method: due - prepaid}
        payments = {how: cents for how, cents in parts.items() if cents}
        self.attempt(till.hand_over, order=order, payments=payments)

    @rule(n=orders)
    def was_not_served(self, n):
        self.attempt(till.undo_hand_over, order=self.order(n), reason="erreur")

    @rule(n=orders, method=methods, cents=amounts)
    def puts_money_aside(self, n, method, cents):
        self.attempt(
            till.top_up,
            popup=self.evening.popup,
            household=self.evening.orders[n].membership.household,
            method=method,
            amount_cents=cents,
            nonce=self.nonce(),
        )

    @rule()
    def takes_money_aside_back(self):
        if payment := Payment.objects.filter(purpose="top_up").last():
            self.attempt(till.undo_top_up, payment=payment, reason="erreur")

    @rule(n=orders, cents=amounts, here=st.booleans())
    def is_paid_back(self, n, cents, here):
        self.attempt(
            giving_back.pay_back_prepaid,
            membership=self.evening.orders[n].membership,
            popup=self.evening.popup if here else None,
            method=PayoutMethod.CASH if here else PayoutMethod.TRANSFER,
            amount_cents=cents,
            nonce=self.nonce(),
        )

    @rule()
    def was_not_paid_back(self):
        if payout := Payout.objects.filter(purpose=PayoutPurpose.PREPAID).last():
            self.attempt(giving_back.undo_pay_back, payout=payout, reason="erreur")

    @rule(
        n=orders,
        method=st.sampled_from(PayoutMethod),
        fate=st.sampled_from(Fate),
        part=st.sampled_from([1, 500, 1500]),
        here=st.booleans(),
    )
    def brings_food_back(self, n, method, fate, part, here):
        rows = payouts.returnable(self.order(n))
        if not rows:
            return
        row = rows[self.turn % len(rows)]
        self.attempt(
            refunds.refund,
            asked=refunds.Asked(
                row.line, min(part, row.bought.quantity), fate, method, "moisi", self.nonce()
            ),
            popup=self.evening.popup if here else None,
        )

    @rule()
    def keeps_it_after_all(self):
        if refund := Refund.objects.select_related("line").last():
            self.attempt(refunds.undo_refund, refund=refund, reason="erreur")

    @rule(number=st.integers(0, 3), n=st.none() | orders)
    def brings_jars_back(self, number, n):
        self.attempt(
            containers.take_containers_back,
            popup=self.evening.popup,
            back={Container.objects.get().pk: number},
            membership=None if n is None else self.evening.orders[n].membership,
            nonce=self.nonce(),
        )

    @rule()
    def brought_no_jar(self):
        if payout := Payout.objects.filter(purpose=PayoutPurpose.CONTAINERS).last():
            self.attempt(containers.undo_containers_back, payout=payout, reason="erreur")

    @rule(method=methods)
    def sells(self, method):
        offer = self.evening.month.offers[0]
        self.attempt(
            till.sell_freely,
            popup=self.evening.popup,
            quantities={offer.pk: offer.step_quantity},
            method=method,
            nonce=self.nonce(),
        )

    @rule()
    def takes_a_sale_back(self):
        if sale := FreeSale.objects.last():
            self.attempt(till.undo_free_sale, sale=sale, reason="rendu")

    @rule(cents=amounts)
    def brings_change(self, cents):
        self.attempt(
            cash.bring_change, popup=self.evening.popup, amount_cents=cents, nonce=self.nonce()
        )

    @rule()
    def moves_cash_back(self):
        if move := CashMove.objects.last():
            self.attempt(cash.undo_cash_move, move=move, reason="erreur")

    @rule(beside=st.sampled_from([-30, 0, 0, 40]), kept=st.sampled_from([0, 0, 700]))
    def counts_and_closes(self, beside, kept):
        popup = self.evening.popup
        counted = max(0, takings.expected_cash_cents(popup) + beside)
        self.attempt(till.count_till, popup=popup, counted_cents=counted, remark="")
        self.attempt(till.close_shop, popup=popup, lost={}, reason="", kept_cents=kept)

    @rule(cents=amounts, all_of_it=st.booleans())
    def goes_to_the_bank(self, cents, all_of_it):
        popup = self.evening.popup
        amount = to_deposit_cents(popup) if all_of_it else cents
        if amount:
            self.attempt(
                cash.deposit_cash, popup=popup, amount_cents=amount, slip="", nonce=self.nonce()
            )

    @rule()
    def settles(self):
        self.attempt(settlement.settle_cycle, cycle=self.evening.month.cycle)

    @rule()
    def settles_no_more(self):
        cycle = Cycle.objects.get(pk=self.evening.month.cycle.pk)
        self.attempt(settlement.undo_settlement, cycle=cycle, reason="erreur")

    # ------------------------------------------------------------------------ what always holds

    @invariant()
    def claims_are_not_below_zero_and_holdings_not_above(self):
        accounts = Account.objects.filter(keeper=self.collective.structure)
        for account in accounts:
            if account.kind in CLAIMS:
                assert account.balance_cents >= account.reserved_cents >= 0, account
            if account.kind in HOLDINGS:
                assert account.balance_cents <= 0, account

    @invariant()
    def the_books_add_up_to_nothing(self):
        assert sum(self.balances().values()) == 0
        assert wrong_books(self.collective) == []

    @invariant()
    def the_box_holds_what_it_should(self):
        popup = self.evening.popup
        held = -self.evening.balance(AccountKind.CASH)
        if popup.closed_at is None:
            assert held == takings.expected_cash_cents(popup) >= 0
        elif popup.cycle.settled_at:
            assert held == popup.kept_cents
        else:
            assert held == popup.kept_cents + to_deposit_cents(popup)

    @invariant()
    def what_is_held_for_containers_is_what_is_out(self):
        (jars,) = out_of(self.collective)
        assert jars.number >= 0
        assert self.evening.balance(AccountKind.DEPOSITS) == jars.cents


@pytest.mark.django_db
def test_the_money_of_an_evening():
    Money.evening = evening_of_four()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
