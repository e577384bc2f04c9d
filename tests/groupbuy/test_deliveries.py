"""Promises of bad days: two lorries, damaged sacks, another price; nothing is lost on the way."""

from datetime import date

import pytest

from croqualim.groupbuy.actions import refunds, till
from croqualim.groupbuy.actions.preparation import send_to_shop
from croqualim.groupbuy.actions.reception import receive_delivery
from croqualim.groupbuy.models import (
    Delivery,
    DeliveryLine,
    Event,
    EventKind,
    Fate,
    OrderLine,
    PayoutMethod,
)
from croqualim.groupbuy.queries.balance import balance_of
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.queries.purchasing import contents_of
from croqualim.groupbuy.queries.settlement import owed_to_producers
from croqualim.groupbuy.rules.reception import Reason, Received, ReceptionRefused, Rule
from croqualim.ledger.models import Account, AccountKind
from croqualim.stock.models import Lot
from tests.groupbuy.evening import wrong_books
from tests.groupbuy.month import open_month
from tests.groupbuy.test_closing import keep_in_warehouse
from tests.groupbuy.test_reception import (
    bought,
    bought_for_two_shops,
    in_warehouse,
    owed,
    receive,
    undo,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def lentils(month):
    return month.offers[0]


@pytest.fixture
def orders(month, lentils):
    """Four for 100 kg: 10, 20, 30 and 40, in that order."""
    return [month.order({lentils: kilos * 1000}) for kilos in (10, 20, 30, 40)]


@pytest.fixture
def purchase(month, orders):
    return bought(month)


def unload(month, purchase, *lots, number=1, is_last=True, rule=Rule.PRO_RATA):
    """One line, lot by lot."""
    line = purchase.lines.get()
    return receive_delivery(
        purchase_order=purchase,
        received={line.pk: lots},
        number=number,
        is_last=is_last,
        rule=rule,
        actor=month.coordinator,
        now=month.after_closing,
    )


def kilos(orders):
    lines = {line.order_id: line.quantity for line in OrderLine.objects.all()}
    return [lines[order.pk] // 1000 for order in orders]


def loss(month):
    return sum(
        Account.objects.filter(
            keeper=month.collective.structure, kind=AccountKind.LOSS
        ).values_list("balance_cents", flat=True)
    )


class TestTwoLorries:
    def test_nothing_is_cut_for_what_may_still_come(self, month, purchase, orders):
        assert receive(month, purchase, 60_000, is_last=False) == 0

        assert kilos(orders) == [10, 20, 30, 40]
        purchase.refresh_from_db()
        assert purchase.received_at is None
        assert contents_of(purchase).wanted[0].awaited_quantity == 40_000
        assert owed(month, purchase) == 60 * 320
        assert not wrong_books(month.collective)

    def test_the_second_one_completes_the_first(self, month, purchase, orders, lentils):
        receive(month, purchase, 60_000, is_last=False, lot_code="A")

        assert receive(month, purchase, 40_000, number=2, lot_code="B") == 0

        assert kilos(orders) == [10, 20, 30, 40]
        assert in_warehouse(month) == {lentils.product_id: 100_000}
        assert set(Lot.objects.values_list("code", flat=True)) == {"A", "B"}
        assert owed_to_producers(month.cycle) == [(purchase.producer, 100 * 320)]
        purchase.refresh_from_db()
        assert purchase.received_at

    def test_nothing_else_will_come_shares_out_what_came(self, month, purchase, orders):
        receive(month, purchase, 50_000, is_last=False)

        assert receive(month, purchase, 0, number=2) == 4

        assert kilos(orders) == [5, 10, 15, 20]
        event = Event.objects.filter(order=orders[0], kind=EventKind.ORDER_REPRICED).get()
        assert event.reason.startswith("Tout n’est pas arrivé.")
        assert "au prorata" in event.reason

    def test_what_comes_after_all_is_added_and_takes_from_nobody(self, month, purchase, orders):
        receive(month, purchase, 50_000)
        before = kilos(orders)

        receive(month, purchase, 25_000, number=2)

        assert kilos(orders) == [7, 15, 22, 30]  # 7,5 and 22,5
        assert all(after >= b for after, b in zip(kilos(orders), before, strict=True))
        assert not wrong_books(month.collective)

    def test_the_last_one_alone_is_undone_and_the_first_stands(self, month, purchase, orders):
        receive(month, purchase, 50_000)
        receive(month, purchase, 25_000, number=2)

        undo(month, purchase, number=2)

        assert kilos(orders) == [5, 10, 15, 20]
        assert owed(month, purchase) == 50 * 320
        purchase.refresh_from_db()
        assert purchase.received_at
        assert not wrong_books(month.collective)

    def test_undoing_the_news_that_nothing_will_come_gives_back_what_was_asked(
        self, month, purchase, orders
    ):
        receive(month, purchase, 50_000, is_last=False)
        receive(month, purchase, 0, number=2)

        undo(month, purchase, number=2)

        assert kilos(orders) == [10, 20, 30, 40]
        purchase.refresh_from_db()
        assert purchase.received_at is None

    def test_an_older_one_is_not_undone_under_a_younger(self, month, purchase):
        receive(month, purchase, 50_000, is_last=False)
        receive(month, purchase, 25_000, number=2)

        with pytest.raises(ReceptionRefused) as refused:
            undo(month, purchase, number=1)

        assert refused.value.reason is Reason.NOT_THE_LAST

    def test_a_page_left_open_before_an_undoing_notes_nothing(self, month, purchase):
        receive(month, purchase, 50_000)
        undo(month, purchase)

        with pytest.raises(ReceptionRefused) as refused:
            receive(month, purchase, 50_000)

        assert refused.value.reason is Reason.RECEIVED_OTHERWISE

    def test_the_same_that_is_no_longer_the_last_is_something_else(self, month, purchase):
        receive(month, purchase, 50_000)

        with pytest.raises(ReceptionRefused):
            receive(month, purchase, 50_000, is_last=False)

    def test_a_shop_waits_until_its_goods_are_there(self, month, purchase, orders):
        receive(month, purchase, 50_000, is_last=False)
        receive(month, purchase, 50_000, number=2)

        send_to_shop(popup=month.popup, actor=month.coordinator, now=month.after_closing)

        assert in_warehouse(month) == {}


class TestRules:
    @pytest.mark.parametrize(
        ("rule", "shared"),
        [
            (Rule.PRO_RATA, [5, 10, 15, 20]),
            (Rule.EQUAL_CEILING, [10, 13, 13, 13]),
            (Rule.FIRST_COME, [10, 20, 20, 0]),
            (Rule.SMALLEST_FIRST, [10, 20, 20, 0]),
        ],
    )
    def test_the_chosen_rule_is_the_one_applied(self, month, purchase, orders, rule, shared):
        receive(month, purchase, 50_000, rule=rule)

        assert kilos(orders) == shared
        assert Delivery.objects.get().rule == rule

    def test_what_somebody_pays_changes_nothing_to_what_she_gets(self, month, lentils):
        shares = (50, 100, 110)
        orders = [month.order({lentils: 10_000}, share_percent=share) for share in shares]
        purchase = bought(month)

        for number, rule in enumerate(Rule, start=1):
            receive(month, purchase, 15_000, rule=rule, number=number)
            fair = kilos(orders)
            undo(month, purchase, number=number)
            assert sorted(fair, reverse=True) == fair, rule


class TestDamage:
    def test_what_is_refused_is_neither_kept_nor_owed(self, month, purchase, orders, lentils):
        unload(month, purchase, Received(75_000, refused_quantity=25_000, damage="Sac mouillé"))

        assert in_warehouse(month) == {lentils.product_id: 75_000}
        assert owed(month, purchase) == 75 * 320
        assert kilos(orders)[3] == 30
        event = Event.objects.filter(order=orders[3], kind=EventKind.ORDER_REPRICED).get()
        assert "Abîmé : Sac mouillé." in event.reason

    def test_what_is_lost_is_owed_and_booked_as_a_loss(self, month, purchase, orders, lentils):
        unload(month, purchase, Received(100_000, lost_quantity=20_000, damage="Charançons"))

        assert in_warehouse(month) == {lentils.product_id: 80_000}
        assert owed(month, purchase) == 100 * 320
        assert -loss(month) == 20 * 320
        assert kilos(orders) == [8, 16, 24, 32]
        balance = balance_of(month.cycle)
        assert [(lost.reason, lost.cents) for lost in balance.losses] == [("Charançons", 20 * 320)]
        assert balance.bought_cents == 100 * 320
        assert not wrong_books(month.collective)

    def test_all_of_it_comes_back_when_undone(self, month, purchase, orders):
        unload(month, purchase, Received(100_000, lost_quantity=20_000, damage="Charançons"))

        undo(month, purchase)

        assert in_warehouse(month) == {}
        assert (owed(month, purchase), loss(month)) == (0, 0)
        assert not balance_of(month.cycle).losses
        assert kilos(orders) == [10, 20, 30, 40]
        assert not wrong_books(month.collective)

    def test_all_of_it_refused_leaves_no_lot(self, month, purchase, orders):
        unload(month, purchase, Received(0, refused_quantity=100_000, damage="Tout moisi"))

        assert not Lot.objects.exists()
        assert owed(month, purchase) == 0
        assert DeliveryLine.objects.get().refused_quantity == 100_000
        for order in orders:
            order.refresh_from_db()
            assert order.due_cents == 0

    def test_the_farm_reads_what_was_wrong(self, month, purchase):
        unload(month, purchase, Received(75_000, refused_quantity=25_000, damage="Sac mouillé"))

        assert contents_of(purchase).wanted[0].notes == ["25\u00a0kg refusés (Sac mouillé)"]


def test_two_lots_of_one_line_keep_their_codes_and_dates(month, purchase, lentils):
    unload(
        month,
        purchase,
        Received(60_000, "A", date(2027, 1, 1)),
        Received(40_000, "", date(2027, 6, 1)),
    )

    lots = dict(Lot.objects.values_list("code", "best_before_on"))
    assert lots == {"A": date(2027, 1, 1), f"{purchase.number}-1-1-2": date(2027, 6, 1)}
    assert in_warehouse(month) == {lentils.product_id: 100_000}
    assert owed(month, purchase) == 100 * 320


class TestPrice:
    def test_dearer_is_paid_by_the_collective(self, month, purchase, orders):
        unload(month, purchase, Received(100_000, price_cents=350))

        assert owed(month, purchase) == 100 * 350
        orders[0].refresh_from_db()
        assert orders[0].due_cents == 10 * 320
        assert not wrong_books(month.collective)

    def test_cheaper_is_cheaper_for_members_too(self, month, purchase, orders, lentils):
        unload(month, purchase, Received(100_000, price_cents=300))

        assert owed(month, purchase) == 100 * 300
        for order, kilos_asked in zip(orders, (10, 20, 30, 40), strict=True):
            order.refresh_from_db()
            assert order.due_cents == kilos_asked * 300
        lentils.refresh_from_db()
        assert (lentils.cost_price_cents, lentils.announced_price_cents) == (300, 320)

    def test_the_history_says_what_she_pays_now(self, month, purchase, orders, lentils):
        unload(month, purchase, Received(100_000, price_cents=300))

        event = Event.objects.get(order=orders[0], kind=EventKind.ORDER_REPRICED)
        assert event.details["lines"] == [[lentils.product.name, "32,00\u00a0€", "30,00\u00a0€"]]
        assert "son prix" in event.reason

    def test_the_dearest_lot_decides(self, month, purchase, orders, lentils):
        unload(month, purchase, Received(50_000, price_cents=200), Received(50_000))

        lentils.refresh_from_db()
        assert lentils.cost_price_cents == 320
        assert owed(month, purchase) == 50 * 200 + 50 * 320

    def test_undone_the_announced_price_is_back(self, month, purchase, orders, lentils):
        unload(month, purchase, Received(100_000, price_cents=300))

        undo(month, purchase)

        lentils.refresh_from_db()
        assert lentils.cost_price_cents == 320
        orders[0].refresh_from_db()
        assert orders[0].due_cents == 10 * 320

    def test_who_has_her_goods_at_the_shop_and_has_not_paid_pays_less_too(self, month, lentils):
        keep_in_warehouse(month, lentils.product, 10_000)
        prepared = month.order({lentils: 10_000})
        purchase = bought_for_two_shops(month, lentils)
        send_to_shop(popup=month.popup, actor=month.coordinator, now=month.after_closing)

        unload(month, purchase, Received(10_000, price_cents=300))

        prepared.refresh_from_db()
        assert prepared.due_cents == 10 * 300
        assert prepared.lines.get().quantity == 10_000


def test_what_came_back_bad_from_a_home_is_no_goods_for_the_others(month, lentils):
    served = month.order({lentils: 10_000})
    purchase = bought_for_two_shops(month, lentils)
    unload(month, purchase, Received(10_000), is_last=False)
    acting = {"actor": month.coordinator, "now": month.after_closing}
    send_to_shop(popup=month.popup, **acting)
    till.hand_over(order=served, payments={"cash": due(served, month)}, **acting)
    served.refresh_from_db()
    asked = refunds.Asked(
        served.lines.get(), 4_000, Fate.LOST, PayoutMethod.CASH, "mites", nonce="n"
    )
    refunds.refund(asked=asked, popup=month.popup, **acting)

    unload(month, purchase, Received(7_000), number=2)

    waiting = OrderLine.objects.exclude(order=served).get()
    assert waiting.quantity == 7_000
    assert in_warehouse(month) == {lentils.product_id: 7_000}
    assert not wrong_books(month.collective)


def due(order, month):
    return due_of(order, month.after_closing.date()).total_cents
