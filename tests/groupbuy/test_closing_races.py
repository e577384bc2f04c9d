"""What only happens between two processes: closing at once, ordering while it closes."""

from datetime import timedelta

import pytest

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.ordering import OrderRefused, confirm_order
from croqualim.groupbuy.actions.reception import receive_delivery
from croqualim.groupbuy.models import (
    Cycle,
    DeliveryLine,
    Event,
    EventKind,
    Membership,
    Offer,
    Order,
    OrderLine,
    Popup,
    PurchaseOrder,
    PurchaseOrderLine,
)
from croqualim.groupbuy.queries.closing import ordered_offers, plan_of, seal_of
from croqualim.groupbuy.rules.closing import Choice
from croqualim.groupbuy.rules.reception import Received
from croqualim.ledger import queries as ledger
from croqualim.messages.models import Message
from croqualim.solvers.rounding import Rounding
from croqualim.stock import queries as stock
from tests.groupbuy.month import NOON, open_month

pytestmark = pytest.mark.django_db(transaction=True)

OVER = NOON + timedelta(days=8)


def close(number, cycle_id, actor_id):
    close_cycle(
        cycle=Cycle.objects.get(pk=cycle_id), actor=Person.objects.get(pk=actor_id), now=OVER
    )


def test_two_coordinators_close_once(at_once):
    month = open_month()
    month.order({month.offers[0]: 93_000})

    at_once(
        "tests.groupbuy.test_closing_races:close",
        4,
        cycle_id=month.cycle.pk,
        actor_id=month.coordinator.pk,
    )

    assert PurchaseOrder.objects.count() == 1
    assert PurchaseOrderLine.objects.get().packages == 4
    assert Event.objects.filter(kind=EventKind.CYCLE_BOUGHT).count() == 1


def order_or_close(number, popup_id, memberships, offers, actor_id):
    """The last of them closes; the others confirm an order begun before the closing time."""
    popup = Popup.objects.get(pk=popup_id)
    if number == len(memberships):
        close(number, popup.cycle_id, actor_id)
        return "closed"
    membership = Membership.objects.get(pk=memberships[number])
    person = Person.objects.get(household=membership.household_id)
    try:
        confirm_order(
            popup=popup,
            membership=membership,
            basket=dict.fromkeys(offers, 10_000),
            actor=person,
            now=NOON,
        )
    except OrderRefused:
        return "refused"
    return "ordered"


def test_an_order_in_flight_is_bought_or_refused(at_once):
    """Never noted and forgotten: what is bought is what the orders that stand ask for."""
    month = open_month(products=3)
    memberships = [month.member()[1].pk for _ in range(5)]

    said = at_once(
        "tests.groupbuy.test_closing_races:order_or_close",
        6,
        popup_id=month.popup.pk,
        memberships=memberships,
        offers=[offer.pk for offer in month.offers],
        actor_id=month.coordinator.pk,
    )

    assert said.count("ordered") + said.count("refused") == 5
    assert Order.objects.count() == said.count("ordered")
    asked = 10_000 * said.count("ordered")
    assert {o.ordered_quantity for o in Offer.objects.all()} == {asked}
    needed = [line.needed_quantity for line in PurchaseOrderLine.objects.all()]
    assert needed == ([asked] * 3 if asked else [])


def apply_preview(number, cycle_id, actor_id, offer_id, seen):
    return close_cycle(
        cycle=Cycle.objects.get(pk=cycle_id),
        choices={offer_id: Choice(Rounding.DOWN)},
        seen=seen,
        actor=Person.objects.get(pk=actor_id),
        now=OVER,
    )


def test_a_preview_that_several_apply_is_applied_once(at_once):
    """One set of purchase orders, each order changed once, each household told once."""
    month = open_month()
    lentils = month.offers[0]
    changed = [month.order({lentils: 30_000}) for _household in range(3)]
    month.order({lentils: 1_000})
    plans = plan_of(month.cycle, ordered_offers(month.cycle), {lentils.pk: Choice(Rounding.DOWN)})

    said = at_once(
        "tests.groupbuy.test_closing_races:apply_preview",
        4,
        cycle_id=month.cycle.pk,
        actor_id=month.coordinator.pk,
        offer_id=lentils.pk,
        seen=seal_of(plans),
    )

    assert sorted(said) == [0, 0, 0, 3]
    assert PurchaseOrderLine.objects.get().packages == 3
    for kind, times in ((EventKind.CYCLE_BOUGHT, 1), (EventKind.ORDER_REPRICED, 3)):
        assert Event.objects.filter(kind=kind).count() == times
    for order in changed:
        assert Message.objects.filter(key__startswith=f"order:{order.pk}:closing").count() == 1
    assert sum(line.quantity for line in OrderLine.objects.all()) == 75_000


def edit_or_close(number, popup_id, memberships, offer_id, actor_id):
    """The last of them closes, rounding down; the others take twice what they had ordered."""
    popup = Popup.objects.get(pk=popup_id)
    if number == len(memberships):
        Offer.objects.filter(pk=offer_id).update(rounding=Rounding.DOWN)
        close(number, popup.cycle_id, actor_id)
        return "closed"
    membership = Membership.objects.get(pk=memberships[number])
    try:
        confirm_order(
            popup=popup,
            membership=membership,
            basket={offer_id: 20_000},
            actor=Person.objects.get(household=membership.household_id),
            now=NOON,
        )
    except OrderRefused:
        return "refused"
    return "changed"


def test_an_order_changed_during_the_closing_is_shared_as_it_stands_or_refused(at_once):
    month = open_month()
    lentils = month.offers[0]
    orders = [month.order({lentils: 10_000}) for _household in range(4)]

    said = at_once(
        "tests.groupbuy.test_closing_races:edit_or_close",
        5,
        popup_id=month.popup.pk,
        memberships=[order.membership_id for order in orders],
        offer_id=lentils.pk,
        actor_id=month.coordinator.pk,
    )

    asked = 10_000 * (4 + said.count("changed"))
    lines = list(OrderLine.objects.select_related("order"))
    assert sum(line.asked_quantity for line in lines) == asked
    assert Offer.objects.get(pk=lentils.pk).ordered_quantity == asked
    bought = sum(line.quantity for line in PurchaseOrderLine.objects.all())
    assert bought == asked // 25_000 * 25_000
    assert sum(line.awaited_quantity for line in lines) == bought
    assert all(line.quantity == line.awaited_quantity for line in lines)
    assert all(line.cost_cents == line.order.cost_cents for line in lines)


def receive(number, purchase_orders, actor_id):
    """Half of what was ordered came; each is noted by two people."""
    order = PurchaseOrder.objects.get(pk=purchase_orders[number % len(purchase_orders)])
    return receive_delivery(
        purchase_order=order,
        received={line.pk: [Received(5_000)] for line in order.lines.all()},
        number=1,
        actor=Person.objects.get(pk=actor_id),
        now=OVER,
    )


def test_two_lorries_and_four_people_count_each_delivery_once(at_once):
    month = open_month()
    order = month.order(dict.fromkeys(month.offers, 10_000), share_percent=50)
    close(0, month.cycle.pk, month.coordinator.pk)

    at_once(
        "tests.groupbuy.test_closing_races:receive",
        4,
        purchase_orders=[purchase.pk for purchase in PurchaseOrder.objects.all()],
        actor_id=month.coordinator.pk,
    )

    assert DeliveryLine.objects.count() == 2
    assert sum(stock.quantities_of(month.collective.warehouse).values()) == 10_000
    assert [line.quantity for line in OrderLine.objects.all()] == [5_000, 5_000]
    order.refresh_from_db()
    assert order.cost_cents == 10 * 320
    assert not ledger.discrepancies()
    assert not stock.discrepancies()
