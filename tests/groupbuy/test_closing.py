"""Promises of the closing: all that was ordered is bought, once, and nothing else."""

from datetime import timedelta

import pytest

from croqualim.groupbuy.actions import cycles, ordering
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.models import Cycle, Event, EventKind, Offer, PurchaseOrder
from croqualim.groupbuy.rules.closing import stock_key
from croqualim.groupbuy.rules.ordering import Reason
from croqualim.groupbuy.rules.stages import Stage
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
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing, **more)


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
