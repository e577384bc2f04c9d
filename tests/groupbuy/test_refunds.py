"""A product comes back: money to who paid it, goods where they lie, the past untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.actions import giving_back, refunds, settlement, till
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.models import Event, EventKind, Fate, Offer, PayoutMethod, Refund
from croqualim.groupbuy.queries import payouts
from croqualim.groupbuy.queries.balance import balance_of
from croqualim.groupbuy.queries.envelopes import story_of
from croqualim.groupbuy.queries.takings import expected_cash_cents, prepaid_cents
from croqualim.groupbuy.rules.pricing import NOTHING
from croqualim.groupbuy.rules.refunds import Bought, refund_of
from croqualim.groupbuy.rules.till import Reason
from croqualim.ledger.models import AccountKind
from croqualim.messages.models import Message
from croqualim.stock.queries import quantities_of
from tests.groupbuy.evening import Evening, open_evening, wrong_books

# ------------------------------------------------------------------------------------ the rule

shares = st.sampled_from([10, 50, 75, 100, 110, 200])


@given(
    handfuls=st.lists(st.integers(1, 3000), min_size=1, max_size=8),
    price=st.integers(1, 5000),
    per=st.sampled_from([1, 250, 1000]),
    share=shares,
)
def test_refunding_handful_by_handful_gives_back_what_was_paid(handfuls, price, per, share):
    had = sum(handfuls)
    paid = Bought(had, price, per, share).amounts(had)
    back = NOTHING
    for handful in handfuls:
        back += refund_of(Bought(had, price, per, share), handful)
        had -= handful

    assert back == paid


@given(quantity=st.integers(1, 5000), had=st.integers(1, 5000), price=st.integers(0, 5000))
def test_a_reduced_share_refunds_no_more_than_it_paid(quantity, had, price):
    line = Bought(had, price, 1000, 50)
    if quantity > had:
        with pytest.raises(ValueError, match=str(quantity)):
            refund_of(line, quantity)
    else:
        back = refund_of(line, quantity)
        assert 0 <= back.due_cents <= line.amounts(had).due_cents
        assert back.subsidy_cents >= 0


# --------------------------------------------------------------------------- the month goes on


def asked(order, quantity=1000, *, fate=Fate.KEPT, method=PayoutMethod.CASH, nonce="n1", line=0):
    row = payouts.returnable(order)[line]
    return refunds.Asked(row.line, quantity, fate, method, "elles sont moisies", nonce)


def bring_back(evening: Evening, order, **how) -> Refund:
    order.refresh_from_db()
    return refunds.refund(asked=asked(order, **how), popup=evening.popup, **evening.acting)


def served_evening(*, share_percent: int = 100) -> tuple[Evening, object]:
    """2 kg at 3,20 € and 500 g more were taken and paid in cash."""
    evening = open_evening(share_percent=share_percent)
    order = evening.orders[0]
    evening.pay(order)
    order.refresh_from_db()
    return evening, order


def close_and_settle(evening: Evening) -> None:
    till.count_till(
        popup=evening.popup,
        counted_cents=expected_cash_cents(evening.popup),
        remark="",
        **evening.acting,
    )
    till.close_shop(popup=evening.popup, lost={}, reason="", **evening.acting)
    settlement.settle_cycle(
        cycle=evening.month.cycle, actor=evening.month.coordinator, now=evening.now
    )


@pytest.mark.django_db
class TestDuringTheMonth:
    def test_cash_comes_out_of_the_box_and_good_food_is_on_the_shelf_again(self):
        evening, order = served_evening()
        product_id = order.lines.first().offer.product_id
        paid, there = order.due_cents, evening.there()[product_id]
        in_box = expected_cash_cents(evening.popup)

        made = bring_back(evening, order)

        order.refresh_from_db()
        assert made.amount_cents == 320
        assert order.due_cents == paid - 320
        assert expected_cash_cents(evening.popup) == in_box - 320
        assert evening.balance(AccountKind.CASH) == -(in_box - 320)
        assert evening.there()[product_id] == there + 1000
        assert wrong_books(evening.month.collective) == []

    def test_a_reduced_share_gets_back_what_it_paid_and_the_envelope_is_freed(self):
        evening, order = served_evening(share_percent=50)
        account = evening.month.envelope.account
        account.refresh_from_db()
        held = account.reserved_cents

        made = bring_back(evening, order)

        account.refresh_from_db()
        assert made.amount_cents == 160
        assert account.reserved_cents == held - 160

    @pytest.mark.parametrize("price", [250, 410])
    def test_what_comes_back_is_paid_what_she_paid_not_the_price_of_a_later_delivery(self, price):
        evening, order = served_evening()
        paid, line = order.due_cents, order.lines.order_by("pk").first()
        Offer.objects.filter(pk=line.offer_id).update(cost_price_cents=price)

        some = bring_back(evening, order)
        rest = bring_back(evening, order, nonce="n2")

        order.refresh_from_db()
        assert (some.amount_cents, rest.amount_cents) == (320, 320)
        assert order.due_cents == paid - 640
        refunds.undo_refund(refund=rest, reason="elle le garde", **evening.acting)
        order.refresh_from_db()
        assert order.due_cents == paid - 320
        assert wrong_books(evening.month.collective) == []

    def test_bad_food_is_a_loss_of_the_month(self):
        evening, order = served_evening()
        before = balance_of(evening.month.cycle)

        bring_back(evening, order, fate=Fate.LOST)

        after = balance_of(evening.month.cycle)
        assert after.lost_cents == before.lost_cents + 320
        assert after.stocked_cents == before.stocked_cents
        assert after.members_cents == before.members_cents - 320
        assert wrong_books(evening.month.collective) == []

    def test_it_may_stay_on_her_account(self):
        evening, order = served_evening()
        in_box = expected_cash_cents(evening.popup)

        bring_back(evening, order, method=PayoutMethod.PREPAID)

        household = order.membership.household
        assert prepaid_cents(evening.month.collective, household) == 320
        assert expected_cash_cents(evening.popup) == in_box

    def test_a_second_press_gives_nothing_more(self):
        evening, order = served_evening()

        first = bring_back(evening, order)
        again = bring_back(evening, order)

        assert again == first
        assert Refund.objects.count() == 1

    def test_no_more_than_she_has(self):
        evening, order = served_evening()
        bring_back(evening, order, quantity=1500)

        with pytest.raises(ShopRefused) as refused:
            bring_back(evening, order, quantity=1000, nonce="n2")

        assert refused.value.problem.reason is Reason.TOO_MUCH_BACK
        assert refused.value.problem.left == 500

    def test_not_more_cash_than_is_in_the_box(self):
        evening = open_evening()
        order = evening.orders[0]
        evening.pay(order, "card")

        with pytest.raises(ShopRefused) as refused:
            bring_back(evening, order)

        assert refused.value.problem.reason is Reason.NOT_IN_BOX
        assert not Refund.objects.exists()

    def test_undone_she_has_her_food_again_and_the_box_its_money(self):
        evening, order = served_evening(share_percent=50)
        before = (order.due_cents, evening.there(), expected_cash_cents(evening.popup))
        for nonce, fate in (("a", Fate.KEPT), ("b", Fate.LOST)):
            made = bring_back(evening, order, nonce=nonce, fate=fate)
            refunds.undo_refund(refund=made, reason="c’était le voisin", **evening.acting)
            refunds.undo_refund(refund=made, reason="c’était le voisin", **evening.acting)

        order.refresh_from_db()
        after = (order.due_cents, evening.there(), expected_cash_cents(evening.popup))
        assert after == before
        assert wrong_books(evening.month.collective) == []

    def test_a_hand_over_is_undone_after_its_refunds(self):
        evening, order = served_evening()
        made = bring_back(evening, order)

        with pytest.raises(ShopRefused) as refused:
            till.undo_hand_over(order=order, reason="erreur", **evening.acting)
        assert refused.value.problem.reason is Reason.HAS_REFUNDS

        refunds.undo_refund(refund=made, reason="erreur", **evening.acting)
        till.undo_hand_over(order=order, reason="erreur", **evening.acting)
        assert expected_cash_cents(evening.popup) == 0
        assert wrong_books(evening.month.collective) == []

    def test_the_history_says_what_and_why_and_no_amount(self):
        evening, order = served_evening()

        bring_back(evening, order)

        event = Event.objects.get(order=order, kind=EventKind.REFUNDED)
        assert event.reason == "elles sont moisies"
        assert "€" not in str(event.details)

    def test_the_envelope_then_pays_only_what_was_kept(self):
        evening, order = served_evening(share_percent=50)
        bring_back(evening, order)

        close_and_settle(evening)

        order.refresh_from_db()
        assert story_of(evening.month.envelope).drawn_cents == order.cost_cents - order.due_cents
        assert wrong_books(evening.month.collective) == []


# ---------------------------------------------------------------------- the month is settled


def left_in(envelope) -> int:
    envelope.account.refresh_from_db()
    return story_of(envelope).left_cents


@pytest.mark.django_db
class TestAfterTheSettlement:
    def after(self, *, share_percent=100):
        evening, order = served_evening(share_percent=share_percent)
        close_and_settle(evening)
        return evening, order

    def by_transfer(self, evening, order, fate=Fate.LOST, **how):
        order.refresh_from_db()
        return refunds.refund(
            asked=asked(order, fate=fate, method=PayoutMethod.TRANSFER, **how),
            popup=None,
            actor=evening.month.coordinator,
            now=evening.now,
        )

    def test_the_month_stays_as_it_was(self):
        evening, order = self.after(share_percent=50)
        before = (order.due_cents, order.cost_cents, balance_of(evening.month.cycle))

        self.by_transfer(evening, order)

        order.refresh_from_db()
        assert (order.due_cents, order.cost_cents, balance_of(evening.month.cycle)) == before

    def test_each_gets_back_what_it_paid(self):
        evening, order = self.after(share_percent=50)
        envelope = evening.month.envelope
        left, bank = left_in(envelope), evening.balance(AccountKind.BANK)

        made = self.by_transfer(evening, order)

        assert made.amount_cents == 160
        assert left_in(envelope) == left + 160
        assert story_of(envelope).returned_cents == 160
        assert evening.balance(AccountKind.BANK) == bank + 160  # a holding: less is in it
        assert wrong_books(evening.month.collective) == []

    def test_what_a_solidarity_share_added_goes_back_too(self):
        evening, order = self.after(share_percent=110)
        left = left_in(evening.month.envelope)

        made = self.by_transfer(evening, order)

        assert made.amount_cents == 352
        assert left_in(evening.month.envelope) == left - 32

    def test_good_food_goes_to_the_warehouse(self):
        evening, order = self.after()
        product_id = payouts.returnable(order)[0].line.offer.product_id
        warehouse = evening.month.collective.warehouse
        there = quantities_of(warehouse).get(product_id, 0)

        self.by_transfer(evening, order, fate=Fate.KEPT)

        assert quantities_of(warehouse)[product_id] == there + 1000
        assert wrong_books(evening.month.collective) == []

    def test_no_more_than_what_is_left(self):
        evening, order = self.after()
        self.by_transfer(evening, order, quantity=2000)

        assert len(payouts.returnable(order)) == 1  # the other product

    def test_undone(self):
        evening, order = self.after(share_percent=50)
        left, bank = left_in(evening.month.envelope), evening.balance(AccountKind.BANK)
        for nonce, fate in (("a", Fate.KEPT), ("b", Fate.LOST)):
            made = self.by_transfer(evening, order, fate=fate, nonce=nonce)
            refunds.undo_refund(
                refund=made, reason="erreur", actor=evening.month.coordinator, now=evening.now
            )

        assert left_in(evening.month.envelope) == left
        assert evening.balance(AccountKind.BANK) == bank
        assert payouts.returnable(order)[0].bought.quantity == 2000
        assert wrong_books(evening.month.collective) == []

    def test_she_is_told(self):
        evening, order = self.after()

        self.by_transfer(evening, order)

        assert "3,20" in Message.objects.latest("pk").body

    def test_no_cash_away_from_a_shop(self):
        evening, order = self.after()
        with pytest.raises(ShopRefused) as refused:
            refunds.refund(
                asked=asked(order), popup=None, actor=evening.month.coordinator, now=evening.now
            )
        assert refused.value.problem.reason is Reason.NO_SHOP


# --------------------------------------------------------------------------- prepaid accounts


@pytest.mark.django_db
class TestPayingBackAnAccount:
    def with_money(self, method="cash"):
        evening = open_evening()
        membership = evening.orders[0].membership
        till.top_up(
            popup=evening.popup,
            household=membership.household,
            method=method,
            amount_cents=2000,
            nonce="t1",
            **evening.acting,
        )
        return evening, membership

    def pay_back(self, evening, membership, cents=500, nonce="p1", method=PayoutMethod.CASH):
        return giving_back.pay_back_prepaid(
            membership=membership,
            popup=evening.popup if method == PayoutMethod.CASH else None,
            method=method,
            amount_cents=cents,
            nonce=nonce,
            **evening.acting,
        )

    def left(self, evening, membership):
        return prepaid_cents(evening.month.collective, membership.household)

    def test_in_cash_at_the_shop_once(self):
        evening, membership = self.with_money()

        self.pay_back(evening, membership)
        self.pay_back(evening, membership)

        assert self.left(evening, membership) == 1500
        assert expected_cash_cents(evening.popup) == 1500

    def test_never_more_than_there_is(self):
        evening, membership = self.with_money()

        with pytest.raises(ShopRefused) as refused:
            self.pay_back(evening, membership, 2000, method=PayoutMethod.TRANSFER)
            self.pay_back(evening, membership, 1, nonce="p2", method=PayoutMethod.TRANSFER)

        assert refused.value.problem.reason is Reason.PREPAID_SHORT
        assert self.left(evening, membership) == 0

    def test_never_more_cash_than_the_box_holds(self):
        evening, membership = self.with_money("card")

        with pytest.raises(ShopRefused) as refused:
            self.pay_back(evening, membership)

        assert refused.value.problem.reason is Reason.NOT_IN_BOX

    def test_a_payment_is_not_undone_with_money_that_has_gone_out(self):
        evening, membership = self.with_money("card")
        order = evening.orders[1]
        evening.pay(order)
        self.pay_back(evening, membership, 500)

        with pytest.raises(ShopRefused) as refused:
            till.undo_hand_over(order=order, reason="erreur", **evening.acting)

        assert refused.value.problem.reason is Reason.NOT_IN_BOX

    def test_undone_the_money_is_hers_again(self):
        evening, membership = self.with_money()
        payout = self.pay_back(evening, membership)

        giving_back.undo_pay_back(payout=payout, reason="erreur", **evening.acting)
        giving_back.undo_pay_back(payout=payout, reason="erreur", **evening.acting)

        assert self.left(evening, membership) == 2000
        assert expected_cash_cents(evening.popup) == 2000
