"""Promises of the reception: what came is counted once, paid once, and shared out fairly."""

from datetime import date

import pytest
from django.db.models import Sum

from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.collectives import add_group
from croqualim.groupbuy.actions.preparation import send_to_shop
from croqualim.groupbuy.actions.reception import receive_delivery, undo_reception
from croqualim.groupbuy.actions.subsidies import subsidy_key
from croqualim.groupbuy.models import (
    Cycle,
    Delivery,
    DeliveryLine,
    Event,
    EventKind,
    Order,
    OrderLine,
    Popup,
    PurchaseOrder,
)
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.reception import Reason, Received, ReceptionRefused, Rule
from croqualim.ledger import actions as ledger
from croqualim.ledger import queries as ledger_queries
from croqualim.ledger.models import Account, Reservation, Transfer
from croqualim.messages.models import Message
from croqualim.messages.rules import MAX_SEGMENTS, as_sms, segments
from croqualim.stock import actions as stock
from croqualim.stock import queries as stock_queries
from croqualim.stock.models import LocationKind, Lot
from croqualim.stock.models import Reservation as HeldGoods
from tests.factories import CommuneFactory, StructureFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.test_closing import keep_in_warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def lentils(month):
    return month.offers[0]


def bought(month):
    """Close the month; its only purchase order."""
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    return PurchaseOrder.objects.get()


def receive(month, purchase_order, quantity, *, number=1, is_last=True, rule=None, **more):
    """The same quantity of each line."""
    return receive_delivery(
        purchase_order=purchase_order,
        received={line.pk: [Received(quantity, **more)] for line in purchase_order.lines.all()},
        number=number,
        is_last=is_last,
        rule=rule or Rule.PRO_RATA,
        actor=month.coordinator,
        now=month.after_closing,
    )


def undo(month, purchase_order, reason="Erreur de pesée", number=1):
    return undo_reception(
        delivery=purchase_order.deliveries.get(number=number),
        reason=reason,
        actor=month.coordinator,
        now=month.after_closing,
    )


def in_warehouse(month):
    return stock_queries.quantities_of(month.collective.warehouse)


def owed(month, purchase_order):
    return ledger_queries.balance_said(books.producer(month.collective, purchase_order.producer))


def assert_books_are_right():
    assert not ledger_queries.discrepancies()
    assert not stock_queries.discrepancies()


def test_what_came_as_ordered_changes_no_order(month, lentils):
    order = month.order({lentils: 20_000})
    purchase_order = bought(month)

    assert receive(month, purchase_order, 25_000) == 0

    before = (order.cost_cents, order.due_cents)
    order.refresh_from_db()
    assert (order.cost_cents, order.due_cents) == before
    assert in_warehouse(month) == {lentils.product_id: 25_000}
    assert owed(month, purchase_order) == 25 * 320
    assert_books_are_right()


def test_the_lot_says_where_it_comes_from_and_until_when(month, lentils):
    month.order({lentils: 20_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 25_000, lot_code="L-77", best_before_on=date(2027, 1, 31))

    lot = Lot.objects.get()
    assert (lot.code, lot.best_before_on) == ("L-77", date(2027, 1, 31))
    assert (lot.price_cents, lot.priced_quantity) == (320, 1000)


def test_a_lot_without_a_code_is_named_after_its_purchase_order(month, lentils):
    month.order({lentils: 20_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 25_000)

    assert Lot.objects.get().code == f"{purchase_order.number}-1"


def test_less_than_ordered_is_shared_out_pro_rata_by_steps(month, lentils):
    orders = [month.order({lentils: 10_000}) for _ in range(10)]
    purchase_order = bought(month)

    repriced = receive(month, purchase_order, 80_000)

    assert repriced == 10
    for order in orders:
        order.refresh_from_db()
        line = order.lines.get()
        assert (line.asked_quantity, line.quantity) == (10_000, 8_000)
        assert order.cost_cents == order.due_cents == line.due_cents == 8 * 320
    assert owed(month, purchase_order) == 80 * 320
    assert_books_are_right()


def test_the_first_who_ordered_gets_the_step_that_is_left(month, lentils):
    first, second = month.order({lentils: 500}), month.order({lentils: 500})
    Order.objects.filter(pk=second.pk).update(placed_at=month.now.replace(hour=11))
    purchase_order = bought(month)

    receive(month, purchase_order, 700)

    assert second.lines.get().quantity == 500
    assert first.lines.get().quantity == 0


def test_what_the_warehouse_held_counts_with_what_came(month, lentils):
    keep_in_warehouse(month, lentils.product, 20_000)
    order = month.order({lentils: 100_000})
    purchase_order = bought(month)  # four sacks for 80 kg

    receive(month, purchase_order, 75_000)

    assert order.lines.get().quantity == 95_000
    assert in_warehouse(month) == {lentils.product_id: 95_000}
    assert_books_are_right()


def test_what_the_rounding_up_bought_spares_the_orders(month, lentils):
    order = month.order({lentils: 93_000})
    purchase_order = bought(month)  # 100 kg

    assert receive(month, purchase_order, 95_000) == 0
    assert order.lines.get().quantity == 93_000


def test_more_than_ordered_is_taken_and_paid_too(month, lentils):
    month.order({lentils: 25_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 27_000)

    assert in_warehouse(month) == {lentils.product_id: 27_000}
    assert owed(month, purchase_order) == 27 * 320
    assert stock_queries.available_of(month.collective.warehouse) == {lentils.product_id: 2_000}


def test_what_came_is_held_for_those_who_ordered_it(month, lentils):
    month.order({lentils: 93_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 100_000)

    held = HeldGoods.objects.filter(key=stock_key(month.cycle.pk, lentils.product_id))
    assert held.aggregate(total=Sum("quantity"))["total"] == 93_000


def test_nothing_came_costs_nothing(month, lentils):
    order = month.order({lentils: 25_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 0)

    order.refresh_from_db()
    assert (order.cost_cents, order.due_cents) == (0, 0)
    assert not Lot.objects.exists()
    assert owed(month, purchase_order) == 0
    assert not DeliveryLine.objects.exists()
    assert Delivery.objects.get().is_last


def test_the_envelope_holds_what_the_orders_now_leave_it_to_pay(month, lentils):
    order = month.order({lentils: 10_000}, share_percent=50)
    full = month.order({lentils: 10_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 10_000)

    order.refresh_from_db()
    assert (order.cost_cents, order.due_cents) == (5 * 320, 5 * 160)
    assert Reservation.objects.get(key=subsidy_key(order)).amount_cents == 5 * 160
    assert not Reservation.objects.filter(key=subsidy_key(full)).exists()
    assert_books_are_right()


def test_an_order_keeps_its_envelope_when_the_collective_has_chosen_another(month, lentils):
    order = month.order({lentils: 10_000}, share_percent=50)
    purchase_order = bought(month)
    other = ledger.open_envelope(
        name="Autre fonds",
        funder=StructureFactory(),
        holder=month.collective.structure,
        purpose="",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        now=month.now,
    )
    month.collective.share_options.filter(share_percent=50).update(envelope=other)

    receive(month, purchase_order, 5_000)

    held = Reservation.objects.get(key=subsidy_key(order))
    assert held.account == month.envelope.account


def test_other_lines_of_an_order_stay_as_they_are(month, lentils):
    oil = month.offers[1]
    order = month.order({lentils: 10_000, oil: 1_000})
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    purchase_order = PurchaseOrder.objects.get(producer=lentils.product.producer)

    receive(month, purchase_order, 5_000)

    order.refresh_from_db()
    assert order.due_cents == 5 * 320 + 1 * 320
    assert order.lines.get(offer=oil).quantity == 1_000


def test_two_short_deliveries_of_one_month_both_count(month, lentils):
    oil = month.offers[1]
    order = month.order({lentils: 10_000, oil: 10_000})
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)

    for purchase_order in PurchaseOrder.objects.all():
        receive(month, purchase_order, 5_000)

    order.refresh_from_db()
    assert order.due_cents == 10 * 320


def test_each_household_is_told_what_changes(month, lentils):
    _person, membership = month.member(share_percent=50, email="amina@exemple.org")
    order = month.order({lentils: 10_000})
    Order.objects.filter(pk=order.pk).update(membership=membership)
    purchase_order = bought(month)
    Message.objects.all().delete()

    receive(month, purchase_order, 8_000)

    letter = Message.objects.get()
    assert letter.address == "amina@exemple.org"
    body = letter.body.replace("\u00a0", " ")
    assert "8 kg au lieu de 10 kg" in body
    assert "À payer : 25,60 € au lieu de 32,00 €." in body
    assert order.reference in letter.subject
    assert "%" not in letter.body


def test_a_text_message_stays_short_however_much_changes(month):
    farm = month.offers[0].product.producer
    offers = [month.offer(name=f"Pois chiches du Verdon n° {n}", producer=farm) for n in range(12)]
    month.order(dict.fromkeys(offers, 1_000))
    purchase_order = bought(month)
    Message.objects.all().delete()

    receive(month, purchase_order, 500)

    text = Message.objects.get(channel="sms").body
    assert segments(as_sms(text)) <= MAX_SEGMENTS
    assert "À payer" in text


def test_the_history_of_the_order_says_it_too(month, lentils):
    order = month.order({lentils: 10_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 8_000)

    event = Event.objects.get(order=order, kind=EventKind.ORDER_REPRICED)
    assert event.details["lines"] == [[lentils.product.name, "10\u00a0kg", "8\u00a0kg"]]
    received = Event.objects.get(kind=EventKind.DELIVERY_RECEIVED)
    assert received.details["lines"][0][0] == purchase_order.number


def test_receiving_twice_is_receiving_once(month, lentils):
    month.order({lentils: 20_000})
    purchase_order = bought(month)

    receive(month, purchase_order, 10_000)
    receive(month, purchase_order, 10_000)

    assert in_warehouse(month) == {lentils.product_id: 10_000}
    assert owed(month, purchase_order) == 10 * 320
    assert Event.objects.filter(kind=EventKind.DELIVERY_RECEIVED).count() == 1


def test_receiving_something_else_a_second_time_is_refused(month, lentils):
    month.order({lentils: 20_000})
    purchase_order = bought(month)
    receive(month, purchase_order, 10_000)

    with pytest.raises(ReceptionRefused) as refused:
        receive(month, purchase_order, 12_000)

    assert refused.value.reason is Reason.RECEIVED_OTHERWISE


@pytest.mark.parametrize(
    "other", [{"lot_code": "L2"}, {"best_before_on": date(2027, 1, 1)}, {"lot_code": ""}]
)
def test_another_lot_or_another_date_is_not_swallowed(month, lentils, other):
    month.order({lentils: 20_000})
    purchase_order = bought(month)
    said = {"lot_code": "L1", "best_before_on": date(2026, 12, 31)}
    receive(month, purchase_order, 10_000, **said)
    receive(month, purchase_order, 10_000, **said)

    with pytest.raises(ReceptionRefused) as refused:
        receive(month, purchase_order, 10_000, **{**said, **other})

    assert refused.value.reason is Reason.RECEIVED_OTHERWISE
    assert in_warehouse(month) == {lentils.product_id: 10_000}


def test_a_line_forgotten_is_refused(month, lentils):
    month.order({lentils: 20_000})
    purchase_order = bought(month)

    with pytest.raises(ReceptionRefused) as refused:
        receive_delivery(
            purchase_order=purchase_order,
            received={},
            number=1,
            actor=month.coordinator,
            now=month.after_closing,
        )

    assert refused.value.reason is Reason.NOT_ALL_LINES


def test_a_shop_that_has_its_goods_keeps_them(month, lentils):
    """What is prepared is gone: a delivery that comes short changes only who still waits."""
    keep_in_warehouse(month, lentils.product, 10_000)
    prepared = month.order({lentils: 10_000})
    purchase_order = bought_for_two_shops(month, lentils)
    send_to_shop(popup=month.popup, actor=month.coordinator, now=month.after_closing)

    receive(month, purchase_order, 4_000)

    assert prepared.lines.get().quantity == 10_000
    waiting = OrderLine.objects.exclude(order=prepared).get()
    assert waiting.quantity == 4_000
    assert_books_are_right()


def bought_for_two_shops(month, lentils):
    """A second shop, whose only order waits for the lorry."""
    first, month.popup = month.popup, second_shop(month)
    month.order({lentils: 10_000})
    month.popup = first
    return bought(month)


def second_shop(month):
    return Popup.objects.create(
        cycle=month.cycle,
        group=add_group(
            collective=month.collective, name="Griffeuille", commune=CommuneFactory(), place="Halle"
        ),
        place="Halle",
        starts_at=month.popup.starts_at,
        ends_at=month.popup.ends_at,
        location=stock.open_location(
            keeper=month.collective.structure,
            kind=LocationKind.POPUP,
            name="Griffeuille",
            subject="second",
        ),
    )


class TestUndoing:
    def test_goods_money_and_orders_are_as_before(self, month, lentils):
        orders = [
            month.order({lentils: 10_000}),
            month.order({lentils: 10_000}, share_percent=50),
        ]
        before = [(o.cost_cents, o.due_cents) for o in orders]
        held = list(Reservation.objects.values_list("key", "amount_cents"))
        purchase_order = bought(month)
        receive(month, purchase_order, 8_000)

        assert undo(month, purchase_order) == 2

        for order in orders:
            order.refresh_from_db()
        assert [(o.cost_cents, o.due_cents) for o in orders] == before
        assert [o.lines.get().quantity for o in orders] == [10_000, 10_000]
        assert list(Reservation.objects.values_list("key", "amount_cents")) == held
        assert in_warehouse(month) == {}
        assert owed(month, purchase_order) == 0
        purchase_order.refresh_from_db()
        assert purchase_order.received_at is None
        assert_books_are_right()

    def test_nothing_is_erased(self, month, lentils):
        month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 8_000)

        undo(month, purchase_order)

        assert Delivery.objects.get().undone_at
        assert DeliveryLine.objects.get().quantity == 8_000
        assert Transfer.objects.filter(reference=purchase_order.number).count() == 2
        event = Event.objects.get(kind=EventKind.DELIVERY_UNDONE)
        assert event.reason == "Erreur de pesée"

    def test_it_can_be_received_again_and_undone_again(self, month, lentils):
        order = month.order({lentils: 10_000})
        purchase_order = bought(month)
        for number, quantity in enumerate((8_000, 9_000), start=1):
            receive(month, purchase_order, quantity, number=number)
            undo(month, purchase_order, number=number)

        receive(month, purchase_order, 7_000, number=3)

        assert order.lines.get().quantity == 7_000
        assert in_warehouse(month) == {lentils.product_id: 7_000}
        assert owed(month, purchase_order) == 7 * 320
        assert_books_are_right()

    def test_what_the_warehouse_gives_is_held_again_on_the_old_lot(self, month, lentils):
        old = keep_in_warehouse(month, lentils.product, 5_000)
        month.order({lentils: 30_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 25_000, best_before_on=date(2026, 4, 1))

        undo(month, purchase_order)

        held = HeldGoods.objects.get(key=stock_key(month.cycle.pk, lentils.product_id))
        assert (held.level.lot, held.quantity) == (old, 5_000)

    def test_twice_is_once(self, month, lentils):
        month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 8_000)

        undo(month, purchase_order)
        undo(month, purchase_order)

        assert Event.objects.filter(kind=EventKind.DELIVERY_UNDONE).count() == 1

    def test_people_are_told(self, month, lentils):
        order = month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 8_000)
        Message.objects.all().delete()

        undo(month, purchase_order)

        assert f"Commande {order.reference}" in Message.objects.get().body

    def test_without_a_reason_it_is_refused(self, month, lentils):
        month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 8_000)

        with pytest.raises(ReceptionRefused) as refused:
            undo(month, purchase_order, reason="  ")

        assert refused.value.reason is Reason.NO_REASON

    def test_goods_that_have_left_cannot_go_back(self, month, lentils):
        month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 10_000)
        send_to_shop(popup=month.popup, actor=month.coordinator, now=month.after_closing)

        with pytest.raises(ReceptionRefused) as refused:
            undo(month, purchase_order)

        assert refused.value.reason is Reason.GOODS_GONE
        purchase_order.refresh_from_db()
        assert purchase_order.received_at
        assert_books_are_right()

    def test_what_is_paid_cannot_be_taken_back(self, month, lentils):
        month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 10_000)
        farm = books.producer(month.collective, purchase_order.producer)
        ledger.transfer(
            key="paid",
            from_account=farm,
            to_account=books.bank(month.collective),
            amount_cents=10 * 320,
            kind="payment",
            reference="BC",
            now=month.after_closing,
        )

        with pytest.raises(ReceptionRefused) as refused:
            undo(month, purchase_order)

        assert refused.value.reason is Reason.PRODUCER_PAID
        assert in_warehouse(month) == {lentils.product_id: 10_000}

    def test_an_envelope_that_has_promised_the_difference_refuses(self, month, lentils):
        month.order({lentils: 10_000}, share_percent=50)
        purchase_order = bought(month)
        receive(month, purchase_order, 5_000)
        account = Account.objects.get(pk=month.envelope.account_id)
        ledger.reserve(
            key="elsewhere",
            account=account,
            amount_cents=account.balance_cents - account.reserved_cents,
            now=month.after_closing,
        )

        with pytest.raises(ReceptionRefused) as refused:
            undo(month, purchase_order)

        assert refused.value.reason is Reason.ENVELOPE_SHORT
        assert in_warehouse(month) == {lentils.product_id: 5_000}

    def test_after_the_settlement_nothing_changes(self, month, lentils):
        month.order({lentils: 10_000})
        purchase_order = bought(month)
        receive(month, purchase_order, 5_000)
        Cycle.objects.update(settled_at=month.after_closing)

        with pytest.raises(ReceptionRefused) as refused:
            undo(month, purchase_order)

        assert refused.value.reason is Reason.SETTLED


def test_three_hundred_orders_cost_few_more_queries_than_three(django_assert_max_num_queries):
    month = open_month(bank_cents=100_000_000)
    lentils = month.offers[0]
    for n in range(300):
        month.order({lentils: 1_000}, share_percent=(50, 75, 100, 110)[n % 4])
    purchase_order = bought(month)

    with django_assert_max_num_queries(90):
        assert receive(month, purchase_order, 150_000) == 300
