"""Promises of the evening: goods, money and words go together, and everything has a way back."""

from datetime import timedelta

import pytest

from croqualim.groupbuy.actions import books, till
from croqualim.groupbuy.actions.preparation import send_to_shop, undo_sending
from croqualim.groupbuy.models import (
    Event,
    EventKind,
    FreeSale,
    MembershipYear,
    Order,
    Payment,
    TillCount,
)
from croqualim.groupbuy.rules.till import Reason
from croqualim.kernel.money import in_euros
from croqualim.ledger.actions import reserve
from croqualim.ledger.models import AccountKind, Reservation, Transfer
from croqualim.stock.models import Movement
from croqualim.stock.queries import quantities_of
from tests.groupbuy.evening import open_evening, ready_to_prepare, wrong_books

pytestmark = pytest.mark.django_db
FEE = 100


@pytest.fixture
def evening():
    return open_evening()


@pytest.fixture
def order(evening):
    return evening.orders[0]


@pytest.fixture
def lentils(evening):
    return evening.month.offers[0]


def refusal(action, **arguments):
    with pytest.raises(till.ShopRefused) as refused:
        action(**arguments)
    return refused.value.problem


def counts():
    return Transfer.objects.count(), Movement.objects.count(), Event.objects.count()


class TestHandingOver:
    def test_goods_leave_the_shop_and_the_money_enters_the_box(self, evening, order, lentils):
        before = evening.there()[lentils.product_id]

        evening.pay(order)

        order.refresh_from_db()
        assert order.collected_at == evening.now
        assert evening.there()[lentils.product_id] == before - 2000
        assert evening.balance(AccountKind.CASH) == -(800 + FEE)
        assert evening.balance(AccountKind.INCOME) == FEE
        assert evening.balance(AccountKind.SALES) == 0  # paid what it cost
        assert not wrong_books(evening.month.collective)

    def test_a_reduced_price_leaves_the_rest_to_the_envelope(self):
        evening = open_evening(share_percent=50)

        evening.pay(evening.orders[0])

        assert evening.balance(AccountKind.CASH) == -(400 + FEE)
        assert evening.balance(AccountKind.SALES) == -400
        assert Reservation.objects.filter(key__startswith="order:").count() == 3

    def test_the_year_is_paid_once(self, evening, order):
        evening.pay(order)

        assert MembershipYear.objects.get(membership=order.membership).paid_at == evening.now
        assert evening.due(order) == order.due_cents

    def test_several_methods_pay_one_order(self, evening, order):
        till.hand_over(order=order, payments={"cheque": 600, "card": 300}, **evening.acting)

        assert evening.balance(AccountKind.CHEQUES) == -600
        assert sum(Payment.objects.values_list("amount_cents", flat=True)) == 900
        assert not wrong_books(evening.month.collective)

    def test_twice_has_one_effect_and_says_who_served(self, evening, order):
        evening.pay(order)
        before = counts()

        problem = refusal(till.hand_over, order=order, payments={"card": 900}, **evening.acting)

        assert (problem.reason, problem.at, problem.by) == (
            Reason.ALREADY_SERVED,
            evening.now,
            "Karim",
        )
        assert counts() == before

    @pytest.mark.parametrize("paid", [{}, {"cash": 899}, {"cash": 901}])
    def test_another_amount_than_what_is_due_is_refused(self, evening, order, paid):
        problem = refusal(till.hand_over, order=order, payments=paid, **evening.acting)

        assert (problem.reason, problem.amount_cents) == (Reason.AMOUNT_CHANGED, 900)
        assert not Payment.objects.exists()

    def test_an_order_of_which_nothing_came_costs_nothing(self):
        evening = ready_to_prepare(orders=1)
        order = evening.orders[0]
        order.lines.update(quantity=0, cost_cents=0, due_cents=0)
        Order.objects.filter(pk=order.pk).update(cost_cents=0, due_cents=0)
        MembershipYear.objects.update(paid_at=evening.now)
        send_to_shop(popup=evening.popup, **evening.acting)
        till.hand_over(order=order, payments={}, **evening.acting)

        order.refresh_from_db()
        assert order.collected_at
        assert not Payment.objects.exists()

    def test_nothing_is_handed_over_before_the_goods_are_there(self):
        evening = ready_to_prepare()

        problem = refusal(
            till.hand_over, order=evening.orders[0], payments={"cash": 900}, **evening.acting
        )

        assert problem.reason is Reason.NOT_PREPARED

    def test_goods_that_are_gone_are_named(self, evening, order, lentils):
        for other in evening.orders[1:]:
            till.mark_absent(order=other, **evening.acting)
        till.sell_freely(
            popup=evening.popup,
            quantities={lentils.pk: 4000},
            method="cash",
            nonce="all",
            **evening.acting,
        )
        Order.objects.filter(pk=evening.orders[1].pk).update(absent_at=None)
        evening.pay(order)

        problem = refusal(
            till.hand_over, order=evening.orders[1], payments={"cash": 900}, **evening.acting
        )

        assert problem.reason is Reason.GOODS_MISSING
        assert [(m.name, m.quantity) for m in problem.missing] == [(lentils.product.name, 2000)]
        assert not wrong_books(evening.month.collective)

    def test_undoing_sends_everything_back_and_lets_her_be_served_again(self, evening, order):
        evening.pay(order)
        before = evening.there()

        till.undo_hand_over(order=order, reason="mauvais sac", **evening.acting)

        order.refresh_from_db()
        assert order.collected_at is None
        assert evening.there() != before
        assert evening.balance(AccountKind.CASH) == evening.balance(AccountKind.INCOME) == 0
        assert evening.due(order) == 900
        assert not wrong_books(evening.month.collective)
        evening.pay(order, "card")
        till.undo_hand_over(order=order, reason="encore", **evening.acting)
        evening.pay(order, "cheque")
        assert evening.balance(AccountKind.CHEQUES) == -900
        assert not wrong_books(evening.month.collective)
        told = Event.objects.filter(order=order, kind=EventKind.COLLECTION_UNDONE)
        assert [event.reason for event in told] == ["mauvais sac", "encore"]

    def test_undoing_twice_undoes_once(self, evening, order):
        evening.pay(order)
        till.undo_hand_over(order=order, reason="erreur", **evening.acting)
        before = counts()

        till.undo_hand_over(order=order, reason="erreur", **evening.acting)

        assert counts() == before

    def test_undoing_says_why(self, evening, order):
        evening.pay(order)

        with pytest.raises(ValueError):
            till.undo_hand_over(order=order, reason=" ", **evening.acting)

    @pytest.mark.parametrize("products", [2, 12])
    def test_twelve_lines_take_no_more_queries_than_two(
        self, products, django_assert_max_num_queries
    ):
        evening = open_evening(orders=1, products=products)
        due = evening.due(evening.orders[0])

        with django_assert_max_num_queries(64):  # a first one: it opens the accounts it needs
            till.hand_over(order=evening.orders[0], payments={"cash": due}, **evening.acting)


class TestArriving:
    def test_she_is_here_once(self, evening, order):
        for _ in range(2):
            till.check_in(order=order, **evening.acting)

        order.refresh_from_db()
        assert order.checked_in_at == evening.now
        assert Event.objects.filter(order=order, kind=EventKind.CHECKED_IN).count() == 1

    def test_it_was_somebody_else(self, evening, order):
        till.check_in(order=order, **evening.acting)
        till.undo_check_in(order=order, **evening.acting)

        order.refresh_from_db()
        assert order.checked_in_at is None

    def test_who_is_served_does_not_arrive_again(self, evening, order):
        evening.pay(order)

        assert refusal(till.check_in, order=order, **evening.acting).reason is Reason.ALREADY_SERVED
        assert (
            refusal(till.mark_absent, order=order, **evening.acting).reason is Reason.ALREADY_SERVED
        )


class TestAbsence:
    def test_the_envelope_holds_nothing_more_for_her(self):
        evening = open_evening(share_percent=50)

        till.mark_absent(order=evening.orders[0], **evening.acting)

        evening.month.envelope.account.refresh_from_db()
        assert evening.month.envelope.account.reserved_cents == 800  # the two others'

    def test_she_came_after_all(self):
        evening = open_evening(share_percent=50)
        order = evening.orders[0]
        till.mark_absent(order=order, **evening.acting)

        till.undo_absent(order=order, **evening.acting)
        evening.pay(order)

        evening.month.envelope.account.refresh_from_db()
        assert evening.month.envelope.account.reserved_cents == 1200

    def test_an_envelope_promised_elsewhere_meanwhile_is_not_promised_twice(self):
        evening = open_evening(share_percent=50)
        till.mark_absent(order=evening.orders[0], **evening.acting)
        account = evening.month.envelope.account
        account.refresh_from_db()
        free = account.balance_cents - account.reserved_cents
        reserve(key="elsewhere", account=account, amount_cents=free, now=evening.now)

        problem = refusal(till.undo_absent, order=evening.orders[0], **evening.acting)

        assert problem.reason is Reason.ENVELOPE_SHORT

    def sold_meanwhile(self, evening, order, sold):
        till.mark_absent(order=order, **evening.acting)
        till.sell_freely(
            popup=evening.popup, quantities=sold, method="cash", nonce="n", **evening.acting
        )

    def test_who_comes_late_is_here_and_gets_what_is_left(self, evening, order, lentils):
        self.sold_meanwhile(evening, order, {lentils.pk: 1500})

        missing = till.undo_absent(order=order, **evening.acting)

        order.refresh_from_db()
        line = order.lines.get(offer=lentils)
        assert [(m.name, m.quantity) for m in missing] == [(lentils.product.name, 1500)]
        assert (line.quantity, line.asked_quantity, line.due_cents) == (500, 2000, 160)
        assert order.checked_in_at == evening.now
        told = Event.objects.get(order=order, kind=EventKind.ORDER_REPRICED)
        assert told.details["lines"] == [[lentils.product.name, "2\u00a0kg", "500\u00a0g"]]
        evening.pay(order)
        assert not wrong_books(evening.month.collective)

    def test_what_is_left_is_given_by_steps_and_the_envelope_holds_the_new_share(self):
        evening = open_evening(share_percent=50)
        order, (lentils, *_others) = evening.orders[0], evening.month.offers
        lentils.step_quantity = 1000
        lentils.save()
        self.sold_meanwhile(evening, order, {lentils.pk: 1000})
        till.sell_freely(
            popup=evening.popup,
            quantities={evening.month.offers[1].pk: 500},
            method="cash",
            nonce="other",
            **evening.acting,
        )

        missing = till.undo_absent(order=order, **evening.acting)

        order.refresh_from_db()
        evening.month.envelope.account.refresh_from_db()
        assert [m.quantity for m in missing] == [1000, 500]
        assert (order.cost_cents, order.due_cents) == (320, 160)
        assert evening.month.envelope.account.reserved_cents == 800 + 160
        evening.pay(order)
        assert not wrong_books(evening.month.collective)

    def test_who_finds_nothing_left_pays_nothing_for_it(self, evening, order, lentils):
        self.sold_meanwhile(evening, order, {offer.pk: 500 for offer in evening.month.offers[1:]})
        till.sell_freely(
            popup=evening.popup,
            quantities={lentils.pk: 2000},
            method="cash",
            nonce="rest",
            **evening.acting,
        )

        till.undo_absent(order=order, **evening.acting)

        order.refresh_from_db()
        assert evening.due(order) == FEE
        evening.pay(order)
        assert not wrong_books(evening.month.collective)

    def test_coming_late_changes_nothing_when_all_is_there(self, evening, order):
        till.mark_absent(order=order, **evening.acting)

        assert till.undo_absent(order=order, **evening.acting) == ()

        order.refresh_from_db()
        assert (order.due_cents, order.absent_at) == (800, None)
        assert not Event.objects.filter(kind=EventKind.ORDER_REPRICED).exists()

    def test_all_who_are_not_here_at_once(self, evening, order):
        till.check_in(order=order, **evening.acting)

        assert till.mark_all_absent(popup=evening.popup, **evening.acting) == 2
        assert till.mark_all_absent(popup=evening.popup, **evening.acting) == 0

        order.refresh_from_db()
        assert order.absent_at is None
        assert Event.objects.filter(kind=EventKind.ABSENT).count() == 2

    def test_an_absent_order_is_not_handed_over(self, evening, order):
        till.mark_absent(order=order, **evening.acting)

        problem = refusal(till.hand_over, order=order, payments={"cash": 900}, **evening.acting)

        assert problem.reason is Reason.IS_ABSENT


class TestFreeSale:
    def sell(self, evening, quantities, nonce="n", method="cash"):
        return till.sell_freely(
            popup=evening.popup,
            quantities=quantities,
            method=method,
            nonce=nonce,
            **evening.acting,
        )

    def test_what_people_may_come_for_is_not_sold(self, evening, lentils):
        with pytest.raises(till.ShopRefused) as refused:
            self.sell(evening, {lentils.pk: 500})

        assert refused.value.problem.reason is Reason.NOT_ENOUGH_LEFT
        assert not FreeSale.objects.exists()

    def test_what_is_left_is_sold_at_its_cost(self, evening, order, lentils):
        till.mark_absent(order=order, **evening.acting)

        sale = self.sell(evening, {lentils.pk: 1500})

        assert sale.amount_cents == 480
        assert evening.balance(AccountKind.CASH) == -480
        assert evening.balance(AccountKind.SALES) == 0
        assert not wrong_books(evening.month.collective)

    def test_the_same_form_sent_twice_is_one_sale(self, evening, order, lentils):
        till.mark_absent(order=order, **evening.acting)
        sale = self.sell(evening, {lentils.pk: 500})

        assert self.sell(evening, {lentils.pk: 500}) == sale
        assert FreeSale.objects.count() == 1

    def test_undone_it_may_be_sold_again(self, evening, order, lentils):
        till.mark_absent(order=order, **evening.acting)
        sale = self.sell(evening, {lentils.pk: 2000})

        for _ in range(2):
            till.undo_free_sale(sale=sale, reason="rendu", **evening.acting)
        self.sell(evening, {lentils.pk: 2000}, nonce="again")

        assert evening.balance(AccountKind.CASH) == -640
        assert not wrong_books(evening.month.collective)


class TestPrepaid:
    def top_up(self, evening, order, amount_cents=1000, nonce="n", method="cash"):
        till.top_up(
            popup=evening.popup,
            household=order.membership.household,
            method=method,
            amount_cents=amount_cents,
            nonce=nonce,
            **evening.acting,
        )

    def test_money_put_aside_pays_an_order(self, evening, order):
        for _ in range(2):
            self.top_up(evening, order)  # an impatient thumb

        evening.pay(order, "prepaid")

        account = books.prepaid(evening.month.collective, order.membership.household)
        assert account.balance_cents == 100
        assert evening.balance(AccountKind.CASH) == -1000
        assert not wrong_books(evening.month.collective)

    @pytest.mark.parametrize("other", [{"amount_cents": 2000}, {"method": "cheque"}])
    def test_a_page_that_noted_an_amount_notes_no_other(self, evening, order, other):
        self.top_up(evening, order)

        with pytest.raises(till.ShopRefused) as refused:
            self.top_up(evening, order, **other)

        assert refused.value.problem.reason is Reason.PAGE_USED
        assert evening.balance(AccountKind.PREPAID) == 1000

    def test_a_page_that_noted_an_amount_notes_none_for_another_household(self, evening, order):
        self.top_up(evening, order)
        _, membership = evening.month.member()

        problem = refusal(
            till.top_up,
            popup=evening.popup,
            household=membership.household,
            method="cash",
            amount_cents=1000,
            nonce="n",
            **evening.acting,
        )

        assert problem.reason is Reason.PAGE_USED

    def test_an_account_does_not_pay_more_than_it_holds(self, evening, order):
        self.top_up(evening, order, 899)

        problem = refusal(till.hand_over, order=order, payments={"prepaid": 900}, **evening.acting)

        assert problem.reason is Reason.PREPAID_SHORT
        assert evening.balance(AccountKind.PREPAID) == 899
        order.refresh_from_db()
        assert order.collected_at is None
        assert not wrong_books(evening.month.collective)

    def test_money_given_back(self, evening, order):
        self.top_up(evening, order)

        for _ in range(2):
            till.undo_top_up(payment=Payment.objects.get(), reason="erreur", **evening.acting)

        assert evening.balance(AccountKind.PREPAID) == evening.balance(AccountKind.CASH) == 0

    def test_money_that_was_spent_is_not_given_back(self, evening, order):
        self.top_up(evening, order)
        evening.pay(order, "prepaid")

        top_up = Payment.objects.get(purpose="top_up")
        problem = refusal(till.undo_top_up, payment=top_up, reason="erreur", **evening.acting)

        assert problem.reason is Reason.PREPAID_SHORT

    @pytest.mark.parametrize(("amount_cents", "method"), [(0, "cash"), (100, "prepaid")])
    def test_an_account_is_not_filled_with_nothing_nor_from_itself(
        self, evening, order, amount_cents, method
    ):
        with pytest.raises(ValueError):
            self.top_up(evening, order, amount_cents, method=method)

    def test_the_shops_history_does_not_say_whose_account(self, evening, order):
        self.top_up(evening, order)

        event = Event.objects.get(kind=EventKind.TOPPED_UP)
        assert event.order is None
        assert event.details == {"lines": [["", "", in_euros(1000)]]}


class TestCounting:
    def count(self, evening, counted_cents, remark=""):
        return till.count_till(
            popup=evening.popup, counted_cents=counted_cents, remark=remark, **evening.acting
        )

    @pytest.mark.parametrize("counted", [900, 700, 1100])
    def test_once_closed_the_books_say_what_is_in_the_box(self, evening, order, counted):
        evening.pay(order)

        count = self.count(evening, counted, "compté deux fois")
        assert (count.expected_cents, evening.balance(AccountKind.CASH)) == (900, -900)
        for _ in range(2):
            till.close_shop(popup=evening.popup, lost={}, reason="", **evening.acting)

        assert evening.balance(AccountKind.CASH) == -counted
        assert evening.balance(AccountKind.DIFFERENCES) == counted - 900
        assert not wrong_books(evening.month.collective)

    def test_the_last_count_holds(self, evening, order):
        evening.pay(order)
        self.count(evening, 700)
        self.count(evening, 700)
        assert TillCount.objects.count() == 1

        self.count(evening, 900)
        till.close_shop(popup=evening.popup, lost={}, reason="", **evening.acting)

        assert TillCount.objects.count() == 2
        assert evening.balance(AccountKind.CASH) == -900

    def test_what_is_paid_after_the_count_is_still_expected(self, evening, order):
        evening.pay(order)
        self.count(evening, 700)

        evening.pay(evening.orders[1])

        assert evening.balance(AccountKind.CASH) == -1800
        assert self.count(evening, 1600).expected_cents == 1800

    def test_only_cash_is_expected_in_the_box(self, evening, order):
        evening.pay(order, "card")

        assert self.count(evening, 0).expected_cents == 0


class TestClosing:
    def close(self, evening, lost=None, reason=""):
        till.close_shop(popup=evening.popup, lost=lost or {}, reason=reason, **evening.acting)

    def count(self, evening, counted_cents=0):
        till.count_till(
            popup=evening.popup, counted_cents=counted_cents, remark="", **evening.acting
        )

    def test_the_till_is_counted_first(self, evening, order):
        self.count(evening)
        evening.pay(order)

        with pytest.raises(till.ShopRefused) as refused:
            self.close(evening)

        assert refused.value.problem.reason is Reason.NOT_COUNTED
        assert evening.popup.closed_at is None

    def test_the_rest_goes_back_and_who_did_not_come_is_absent(self, evening, order, lentils):
        evening.pay(order, "card")
        warehouse = evening.month.collective.warehouse
        self.count(evening)

        self.close(evening)
        before = counts()
        self.close(evening)  # an impatient thumb

        assert counts() == before
        assert evening.there() == {}
        assert quantities_of(warehouse)[lentils.product_id] == 25_000 - 2000
        assert Order.objects.filter(absent_at__isnull=False).count() == 2
        assert not wrong_books(evening.month.collective)

    def test_what_is_lost_is_lost_at_what_it_cost(self, evening, lentils):
        self.count(evening)

        self.close(evening, {lentils.product_id: 1000}, "sac percé")

        assert evening.balance(AccountKind.LOSS) == -320
        event = Event.objects.get(kind=EventKind.GOODS_LOST)
        assert (event.reason, event.details["lines"][0][2]) == ("sac percé", "1\u00a0kg")
        assert not wrong_books(evening.month.collective)

    def test_nothing_happens_in_a_closed_shop(self, evening, order, lentils):
        evening.pay(order)
        self.count(evening, 900)
        self.close(evening)
        acting, other = evening.acting, evening.orders[1]
        before = counts()

        tries = [
            (till.undo_hand_over, {"order": order, "reason": "erreur"}),
            (till.hand_over, {"order": other, "payments": {"cash": 900}}),
            (till.check_in, {"order": other}),
            (till.undo_absent, {"order": other}),
            (till.mark_all_absent, {"popup": evening.popup}),
            (till.count_till, {"popup": evening.popup, "counted_cents": 1, "remark": ""}),
            (
                till.sell_freely,
                {
                    "popup": evening.popup,
                    "quantities": {lentils.pk: 500},
                    "method": "cash",
                    "nonce": "n",
                },
            ),
            (undo_sending, {"popup": evening.popup, "reason": "erreur"}),
        ]
        for action, arguments in tries:
            assert refusal(action, **arguments, **acting).reason is Reason.SHOP_CLOSED
        assert counts() == before

    def test_nothing_happens_after_the_settlement(self, evening, order):
        evening.month.cycle.settled_at = evening.now + timedelta(days=1)
        evening.month.cycle.save()

        assert refusal(till.check_in, order=order, **evening.acting).reason is Reason.SETTLED
