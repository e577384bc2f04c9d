"""Promises of the closing: all that was ordered is bought, once, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from croqualim.groupbuy.actions import cycles, ordering
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.reception import receive_delivery, undo_reception
from croqualim.groupbuy.actions.subsidies import subsidy_key
from croqualim.groupbuy.models import Cycle, Event, EventKind, Offer, PurchaseOrder
from croqualim.groupbuy.queries.closing import ordered_offers, plan_of, seal_of
from croqualim.groupbuy.rules.closing import Choice, stock_key
from croqualim.groupbuy.rules.ordering import Reason
from croqualim.groupbuy.rules.reception import Received
from croqualim.groupbuy.rules.stages import Stage
from croqualim.ledger.models import Reservation as LedgerReservation
from croqualim.messages.models import Message
from croqualim.solvers.rounding import Rounding
from croqualim.stock import actions as stock
from croqualim.stock.models import LocationKind, Reservation
from croqualim.stock.queries import available_of, discrepancies
from tests.factories import StructureFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


def close(month, **more):
    return close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing, **more)


def keep_in_warehouse(month, product, quantity):
    """Goods left by an earlier month."""
    keeper = month.collective.structure
    farm = stock.open_location(keeper=keeper, kind=LocationKind.PRODUCER, name="Ferme")
    return stock.receive_lot(
        key=f"earlier:{product.pk}",
        product=product,
        from_location=farm,
        to_location=month.collective.warehouse,
        quantity=quantity,
        code="ANCIEN",
        best_before_on=None,
        price_cents=320,
        priced_quantity=1000,
        reference="hier",
        now=month.now,
    )


def bought(month):
    """product name -> (packages, quantity)."""
    return {
        line.offer.product.name: (line.packages, line.quantity)
        for order in PurchaseOrder.objects.filter(cycle=month.cycle)
        for line in order.lines.select_related("offer__product")
    }


def test_what_was_ordered_in_all_is_bought_in_whole_packagings(month):
    lentils = month.offers[0]
    month.order({lentils: 60_000})
    month.order({lentils: 33_000})

    close(month)

    assert bought(month) == {lentils.product.name: (4, 100_000)}
    assert month.cycle.stage(month.after_closing) is Stage.OVER  # the object at hand is as read
    assert Cycle.objects.get().stage(month.after_closing) is Stage.BOUGHT


def test_a_product_nobody_ordered_is_not_bought(month):
    month.order({month.offers[0]: 500})

    close(month)

    assert set(bought(month)) == {month.offers[0].product.name}


def test_a_month_without_orders_closes_and_buys_nothing(month):
    close(month)

    assert not bought(month)
    assert Cycle.objects.get().bought_at


def test_what_the_warehouse_holds_is_used_first_and_held(month):
    lentils = month.offers[0]
    keep_in_warehouse(month, lentils.product, 20_000)
    month.order({lentils: 93_000})

    close(month)

    assert bought(month) == {lentils.product.name: (3, 75_000)}
    lentils.refresh_from_db()
    assert lentils.from_stock_quantity == 20_000
    held = Reservation.objects.get(key=stock_key(month.cycle.pk, lentils.product_id))
    assert held.quantity == 20_000
    assert available_of(month.collective.warehouse) == {}
    assert not discrepancies()


def test_what_another_month_holds_is_not_used(month):
    lentils = month.offers[0]
    keep_in_warehouse(month, lentils.product, 20_000)
    stock.reserve(
        key="cycle:0:product:0",
        product=lentils.product,
        location=month.collective.warehouse,
        quantity=20_000,
        now=month.now,
    )
    month.order({lentils: 25_000})

    close(month)

    assert bought(month) == {lentils.product.name: (1, 25_000)}


def test_the_warehouse_alone_can_serve_a_product(month):
    lentils = month.offers[0]
    keep_in_warehouse(month, lentils.product, 20_000)
    month.order({lentils: 2_000})

    close(month)

    assert not PurchaseOrder.objects.exists()
    assert Reservation.objects.filter(key__startswith="cycle:").get().quantity == 2_000


def test_one_purchase_order_per_producer_with_a_number_of_its_own(month):
    farm = StructureFactory(name="GAEC du Test")
    first, second = month.offer(producer=farm), month.offer(producer=farm)
    month.order({first: 500, second: 500, month.offers[0]: 500})

    close(month)

    orders = PurchaseOrder.objects.filter(cycle=month.cycle)
    assert orders.count() == 2
    assert orders.get(producer=farm).lines.count() == 2
    numbers = [f"BC-{month.cycle.pk}-1", f"BC-{month.cycle.pk}-2"]
    assert [order.number for order in orders] == numbers


def test_a_withdrawn_product_that_was_ordered_is_still_bought(month):
    lentils = month.offers[0]
    month.order({lentils: 500})
    cycles.withdraw_offer(offer=lentils, reason="Trop cher", actor=month.coordinator, now=month.now)

    close(month)

    assert set(bought(month)) == {lentils.product.name}


def test_a_cancelled_order_is_not_bought(month):
    order = month.order({month.offers[0]: 500})
    ordering.cancel_order(order=order, actor=order.placed_by, now=month.now)

    close(month)

    assert not bought(month)


def test_closing_twice_is_closing_once(month):
    month.order({month.offers[0]: 500})

    close(month)
    close(month)

    assert PurchaseOrder.objects.count() == 1
    assert Event.objects.filter(kind=EventKind.CYCLE_BOUGHT).count() == 1


def test_nothing_is_bought_before_the_closing_time(month):
    month.order({month.offers[0]: 500})

    with pytest.raises(cycles.CycleRefused):
        close_cycle(
            cycle=month.cycle,
            actor=month.coordinator,
            now=month.cycle.closes_at - timedelta(seconds=1),
        )

    assert not PurchaseOrder.objects.exists()


def test_an_order_that_comes_after_the_closing_is_refused(month):
    close(month)

    with pytest.raises(ordering.OrderRefused) as refused:
        month.order({month.offers[0]: 500})  # its own clock says that it is still time

    assert [problem.reason for problem in refused.value.problems] == [Reason.NOT_OPEN]
    assert not Offer.objects.filter(ordered_quantity__gt=0).exists()


def test_the_history_says_what_was_bought(month):
    month.order({month.offers[0]: 30_000})

    close(month)

    event = Event.objects.get(kind=EventKind.CYCLE_BOUGHT)
    assert event.actor == month.coordinator
    said = event.details["lines"]
    assert said == [[month.offers[0].product.name, "", "2\u00a0sacs de 25\u00a0kg"]]


def ask(month, offer, quantity, *, extra=0, share_percent=100):
    """A new member orders, and would take so much more."""
    order = month.order({offer: quantity}, share_percent=share_percent)
    order.lines.update(extra_quantity=extra)
    return order


def rounded(month, rounding, **more):
    return {"choices": {month.offers[0].pk: Choice(rounding, **more)}}


def line_of(order):
    line = order.lines.get()
    return line.asked_quantity, line.agreed_quantity, line.quantity


def test_a_product_that_is_rounded_down_is_shared_under_one_ceiling(month):
    lentils = month.offers[0]
    lentils.rounding = Rounding.DOWN
    lentils.save()
    small, big = month.order({lentils: 3_000}), month.order({lentils: 30_000})

    assert close(month) == 1

    assert bought(month) == {lentils.product.name: (1, 25_000)}
    assert line_of(small) == (3_000, None, 3_000)
    assert line_of(big) == (30_000, 22_000, 22_000)
    big.refresh_from_db()
    assert (big.cost_cents, big.due_cents) == (7040, 7040)


def test_volunteers_complete_the_sack_and_are_told(month):
    lentils = month.offers[0]
    order, other = ask(month, lentils, 21_000, extra=5_000), ask(month, lentils, 2_000)

    assert close(month, **rounded(month, Rounding.VOLUNTEERS)) == 1

    assert bought(month) == {lentils.product.name: (1, 25_000)}
    assert line_of(order) == (21_000, 23_000, 23_000)
    assert line_of(other) == (2_000, None, 2_000)
    told = Message.objects.get(key__startswith=f"order:{order.pk}:closing")
    assert "23\u00a0kg au lieu de 21\u00a0kg" in told.body
    event = Event.objects.get(order=order, kind=EventKind.ORDER_REPRICED)
    assert "sacs" in event.reason


def test_what_was_chosen_for_this_month_is_in_its_history_with_who(month):
    lentils = month.offers[0]
    ask(month, lentils, 30_000)

    close(month, **rounded(month, Rounding.UP, packages=1))

    event = Event.objects.get(kind=EventKind.ROUNDING_CHOSEN)
    assert event.actor == month.coordinator
    words = [lentils.product.name, "arrondi au-dessus", "1\u00a0sac de 25\u00a0kg"]
    assert event.details["lines"] == [words]


def test_a_rule_that_is_not_changed_leaves_no_note(month):
    month.order({month.offers[0]: 30_000})

    close(month, **rounded(month, Rounding.UP))

    assert not Event.objects.filter(kind=EventKind.ROUNDING_CHOSEN).exists()


def test_what_all_get_is_what_is_delivered(month):
    """A volunteer's extra is waited for as what she asked is, received and received again."""
    lentils = month.offers[0]
    order = ask(month, lentils, 21_000, extra=5_000)
    ask(month, lentils, 2_000)
    close(month, **rounded(month, Rounding.VOLUNTEERS))
    purchase_order = PurchaseOrder.objects.get()
    line = purchase_order.lines.get()

    for number in (1, 2):
        receive_delivery(
            purchase_order=purchase_order,
            received={line.pk: [Received(25_000)]},
            number=number,
            actor=month.coordinator,
            now=month.after_closing,
        )
        assert line_of(order) == (21_000, 23_000, 23_000)
        undo_reception(
            delivery=purchase_order.deliveries.get(number=number),
            reason="Mauvais lot",
            actor=month.coordinator,
            now=month.after_closing,
        )
        assert line_of(order) == (21_000, 23_000, 23_000)
    assert not discrepancies()


def test_more_is_held_on_the_envelope_for_whoever_takes_more(month):
    order = ask(month, month.offers[0], 21_000, extra=5_000, share_percent=50)

    close(month, **rounded(month, Rounding.VOLUNTEERS))

    order.refresh_from_db()
    held = LedgerReservation.objects.get(key=subsidy_key(order))
    assert held.amount_cents == order.cost_cents - order.due_cents == 25 * 320 // 2


def test_an_envelope_that_lacks_for_it_closes_nothing():
    month = open_month(bank_cents=21 * 320 // 2)
    order = ask(month, month.offers[0], 21_000, extra=5_000, share_percent=50)

    with pytest.raises(cycles.CycleRefused) as refused:
        close(month, **rounded(month, Rounding.VOLUNTEERS))

    assert refused.value.why == "envelope short"
    assert line_of(order) == (21_000, None, 21_000)
    assert not PurchaseOrder.objects.exists()


def test_nothing_else_is_done_than_what_was_seen(month):
    lentils = month.offers[0]
    month.order({lentils: 21_000})
    seen = seal_of(plan_of(month.cycle, ordered_offers(month.cycle), {}))
    keep_in_warehouse(month, lentils.product, 1_000)

    with pytest.raises(cycles.CycleRefused) as refused:
        close(month, seen=seen)

    assert refused.value.why == "changed"
    assert not PurchaseOrder.objects.exists()
    assert Cycle.objects.get().bought_at is None

    close(month, seen=seal_of(plan_of(month.cycle, ordered_offers(month.cycle), {})))

    assert Cycle.objects.get().bought_at


def test_fewer_are_needed_than_were_chosen(month):
    month.order({month.offers[0]: 21_000})

    with pytest.raises(cycles.CycleRefused) as refused:
        close(month, **rounded(month, Rounding.UP, packages=2))

    assert refused.value.why == "changed"


def closing_queries(products):
    """How many queries closing takes when every product changes orders and uses the warehouse."""
    month = open_month(products=products)
    for offer in month.offers:
        offer.rounding = Rounding.DOWN
        offer.save()
        keep_in_warehouse(month, offer.product, 1_000)
    for share_percent in (50, 100, 100):
        month.order(dict.fromkeys(month.offers, 10_000), share_percent=share_percent)
    with CaptureQueriesContext(connection) as queries:
        close(month)
    return len(queries)


def test_closing_sixty_products_takes_as_many_queries_as_three():
    assert closing_queries(60) == closing_queries(3)
