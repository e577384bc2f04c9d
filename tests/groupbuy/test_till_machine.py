"""Whatever happens in an evening, in whatever order: goods, money and promises add up."""

from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from croqualim.groupbuy.actions import till
from croqualim.groupbuy.actions.preparation import send_to_shop
from croqualim.groupbuy.models import FreeSale, Payment
from croqualim.kernel.quantity import price_of
from croqualim.ledger.models import AccountKind
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory
from tests.groupbuy.evening import Evening, receive_all, wrong_books
from tests.groupbuy.month import open_month

SHARES = [50, 75, 100, 110]
FEE = 100
orders = st.sampled_from(range(len(SHARES)))
methods = st.sampled_from(["cash", "card", "cheque", "prepaid"])


def evening_of_four():
    """Each at another share, of a product whose half kilo does not cost whole cents."""
    month = open_month(products=1)
    odd = month.offer(price_cents=333, priced_quantity=1000, packaging_quantity=3000)
    placed = [
        month.order({month.offers[0]: 1500, odd: 500}, share_percent=share) for share in SHARES
    ]
    receive_all(month)
    volunteer = RoleFactory(structure=month.collective.structure, kind=RoleKind.TILL).person
    send_to_shop(popup=month.popup, actor=volunteer, now=month.popup.starts_at)
    return Evening(month, volunteer, placed)


class Shop(RuleBasedStateMachine):
    """The model: who is where, what lies there, what was paid how, what is put aside."""

    evening: Evening

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        for order in self.evening.orders:  # the evening before may have made one smaller
            order.refresh_from_db()
        self.state = ["to come"] * len(SHARES)
        self.fee_due = [FEE] * len(SHARES)
        self.there = Counter(self.evening.there())
        self.paid = Counter()  # cents by method, of what is not undone
        self.payments = {}  # order -> what it was paid with
        self.prepaid = Counter()
        self.sales = {}  # sale -> (product, quantity, method, cents)
        self.top_ups = {}  # nonce -> (order, method, cents)
        self.wrong_count = 0  # what the last count said beside what was expected
        self.counted_at = None
        self.is_closed = False
        self.turn = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, may, action, **arguments):
        """Do it; True when it was done. The model says beforehand whether it may be."""
        try:
            action(**arguments, **self.evening.acting)
        except till.ShopRefused as refused:
            assert not may, refused.problem
            return False
        assert may
        return True

    def wanted(self, n):
        lines = self.evening.orders[n].lines
        return Counter(dict(lines.values_list("offer__product", "quantity")))

    def waiting(self, n):
        return self.state[n] in ("to come", "arrived")

    def free(self):
        due = sum((self.wanted(n) for n in range(len(SHARES)) if self.waiting(n)), Counter())
        return self.there - due

    @rule(n=orders)
    def arrives(self, n):
        may = not self.is_closed and self.waiting(n)
        if self.attempt(may, till.check_in, order=self.evening.orders[n]):
            self.state[n] = "arrived"

    @rule(n=orders, method=methods, second=st.none() | methods)
    def is_served(self, n, method, second):
        order = self.evening.orders[n]
        due = order.due_cents + self.fee_due[n]
        payments = Counter({method: due})
        if second:
            payments = Counter({method: due - 50}) + Counter({second: 50})
        has_enough = payments["prepaid"] <= self.prepaid[n]
        may = not self.is_closed and self.waiting(n) and has_enough
        if self.attempt(may, till.hand_over, order=order, payments=dict(payments)):
            self.state[n] = "served"
            self.there -= self.wanted(n)
            self.payments[n] = (payments, self.fee_due[n])
            self.paid.update(payments)
            self.prepaid[n] -= payments["prepaid"]
            self.fee_due[n] = 0

    @rule(n=orders)
    def was_not_served(self, n):
        may = not self.is_closed
        done = self.attempt(may, till.undo_hand_over, order=self.evening.orders[n], reason="erreur")
        if done and self.state[n] == "served":
            payments, fee = self.payments.pop(n)
            self.state[n] = "arrived"
            self.there += self.wanted(n)
            self.paid.subtract(payments)
            self.prepaid[n] += payments["prepaid"]
            self.fee_due[n] = fee

    @rule(n=orders)
    def does_not_come(self, n):
        may = not self.is_closed and self.state[n] != "served"
        if self.attempt(may, till.mark_absent, order=self.evening.orders[n]):
            self.state[n] = "absent"

    @rule()
    def nobody_else_comes(self):
        if self.attempt(not self.is_closed, till.mark_all_absent, popup=self.evening.popup):
            self.state = ["absent" if one == "to come" else one for one in self.state]

    @rule(n=orders)
    def comes_after_all(self, n):
        """She gets what is left, by whole steps of 500 g."""
        free, wanted = self.free(), self.wanted(n)
        was_absent = self.state[n] == "absent"
        done = self.attempt(not self.is_closed, till.undo_absent, order=self.evening.orders[n])
        if done and was_absent:
            left = {one: min(wanted[one], free[one] // 500 * 500) for one in wanted}
            assert self.wanted(n) == Counter(left)
            self.state[n] = self.seen(n)

    def seen(self, n):
        order = self.evening.orders[n]
        order.refresh_from_db()
        return "arrived" if order.checked_in_at else "to come"

    @rule(which=st.sampled_from([0, 1]), steps=st.integers(1, 3), method=methods)
    def sells(self, which, steps, method):
        if method == "prepaid":
            return
        offer = self.evening.month.offers[which]
        quantity = steps * offer.step_quantity
        may = not self.is_closed and quantity <= self.free()[offer.product_id]
        self.turn += 1
        if self.attempt(
            may,
            till.sell_freely,
            popup=self.evening.popup,
            quantities={offer.pk: quantity},
            method=method,
            nonce=f"sale {self.turn}",
        ):
            cents = price_of(quantity, offer.cost_price_cents, offer.priced_quantity)
            sale = FreeSale.objects.latest("pk")
            self.sales[sale.pk] = (offer.product_id, quantity, method, cents)
            self.there[offer.product_id] -= quantity
            self.paid[method] += cents

    @rule()
    def takes_the_last_sale_back(self):
        if not self.sales:
            return
        sale_id, (product_id, quantity, method, cents) = list(self.sales.items())[-1]
        sale = FreeSale.objects.get(pk=sale_id)
        if self.attempt(not self.is_closed, till.undo_free_sale, sale=sale, reason="rendu"):
            del self.sales[sale_id]
            self.there[product_id] += quantity
            self.paid[method] -= cents

    @rule(n=orders, method=methods, cents=st.sampled_from([50, 700, 5000]))
    def puts_money_aside(self, n, method, cents):
        if method == "prepaid":
            return
        self.turn += 1
        household = self.evening.orders[n].membership.household
        if self.attempt(
            not self.is_closed,
            till.top_up,
            popup=self.evening.popup,
            household=household,
            method=method,
            amount_cents=cents,
            nonce=f"top-up {self.turn}",
        ):
            self.top_ups[Payment.objects.latest("pk").pk] = (n, method, cents)
            self.prepaid[n] += cents
            self.paid[method] += cents

    @rule()
    def takes_the_last_money_aside_back(self):
        if not self.top_ups:
            return
        payment_id, (n, method, cents) = list(self.top_ups.items())[-1]
        may = not self.is_closed and cents <= self.prepaid[n]
        payment = Payment.objects.get(pk=payment_id)
        if self.attempt(may, till.undo_top_up, payment=payment, reason="erreur"):
            del self.top_ups[payment_id]
            self.prepaid[n] -= cents
            self.paid[method] -= cents

    @rule(beside=st.sampled_from([-30, 0, 0, 40]))
    def counts(self, beside):
        counted = max(0, self.paid["cash"] + beside)
        if self.attempt(
            not self.is_closed,
            till.count_till,
            popup=self.evening.popup,
            counted_cents=counted,
            remark="",
        ):
            self.wrong_count = counted - self.paid["cash"]
            self.counted_at = self.paid["cash"]

    @rule(lost=st.sampled_from([0, 500, 1000]))
    def closes(self, lost):
        product_id = self.evening.month.offers[0].product_id
        may = self.is_closed or (
            self.counted_at == self.paid["cash"] and lost <= self.there[product_id]
        )
        if (
            self.attempt(
                may,
                till.close_shop,
                popup=self.evening.popup,
                lost={product_id: lost},
                reason="sac percé",
            )
            and not self.is_closed
        ):
            self.is_closed = True
            self.there = Counter()
            self.state = [one if one == "served" else "absent" for one in self.state]

    @invariant()
    def the_books_add_up(self):
        assert wrong_books(self.evening.month.collective) == []

    @invariant()
    def the_goods_are_where_the_model_says(self):
        assert Counter(self.evening.there()) == +self.there

    @invariant()
    def each_box_holds_what_was_paid(self):
        aside = -self.paid["prepaid"] + sum(cents for _n, _method, cents in self.top_ups.values())
        difference = self.wrong_count if self.is_closed else 0
        assert self.evening.balance(AccountKind.CASH) == -(self.paid["cash"] + difference)
        assert self.evening.balance(AccountKind.CHEQUES) == -self.paid["cheque"]
        assert self.evening.balance(AccountKind.PREPAID) == aside

    @invariant()
    def the_envelope_holds_what_may_still_be_needed(self):
        account = self.evening.month.envelope.account
        account.refresh_from_db()
        assert account.reserved_cents == sum(
            order.cost_cents - order.due_cents
            for order, state in zip(self.evening.orders, self.state, strict=True)
            if order.share_percent < 100 and state != "absent"
        )


@pytest.mark.django_db
def test_an_evening():
    Shop.evening = evening_of_four()
    run_state_machine_as_test(
        Shop,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
