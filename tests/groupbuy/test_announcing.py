"""When a cycle is announced, each household is told once, as its orders open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions import collectives, cycles, dates, joining
from croqualim.groupbuy.models import Popup
from croqualim.messages.models import Channel, Message
from tests.factories import PersonFactory, ProductFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


def announce(month):
    """Next month's cycle, made today, open in three days."""
    opens_at = month.now + timedelta(days=3)
    cycle = cycles.make_cycle(
        collective=month.collective,
        name="Avril 2026",
        opens_at=opens_at,
        closes_at=opens_at + timedelta(days=7),
        shops=[
            cycles.ShopPlan(
                month.group, "Ici", opens_at + timedelta(days=14), opens_at + timedelta(days=15)
            )
        ],
        actor=month.coordinator,
        now=month.now,
    )
    product = ProductFactory(buyer=month.collective.structure)
    cycles.set_offers(cycle=cycle, limits={product: None}, actor=month.coordinator, now=month.now)
    for _ in range(2):
        cycles.publish_cycle(cycle=cycle, actor=month.coordinator, now=month.now)
    return cycle


def test_each_household_gets_the_page_to_order_from_when_it_opens(month):
    month.member(phone="+33612345678")
    month.member(phone="", email="amina@croqualim.example")

    cycle = announce(month)

    popup = Popup.objects.get(cycle=cycle)
    told = Message.objects.filter(key__startswith=f"cycle:{cycle.pk}:open")
    assert {message.channel for message in told} == {Channel.SMS, Channel.EMAIL}
    for message in told:
        assert reverse("groupbuy:choose", args=[popup.pk]) in message.body
        assert message.due_at == cycle.opens_at


def test_whoever_left_or_cannot_be_reached_is_not_written_to(month):
    month.member(phone="")
    _, gone = month.member()
    joining.leave_group(membership=gone, now=month.now)
    PersonFactory()

    cycle = announce(month)

    assert not Message.objects.filter(key__startswith=f"cycle:{cycle.pk}").exists()


def move(month, cycle, **changes):
    """Change these dates of the cycle; its shops stay, `more` are added."""
    popup = Popup.objects.get(cycle=cycle, group=month.group)
    plan = cycles.ShopPlan(popup.group, popup.place, popup.starts_at, popup.ends_at)
    dates.change_dates(
        cycle=cycle,
        opens_at=changes.get("opens_at", cycle.opens_at),
        closes_at=changes.get("closes_at", cycle.closes_at),
        shops=[plan, *changes.get("more", [])],
        actor=month.coordinator,
        now=changes.get("now", month.now),
    )


def opening(cycle):
    return Message.objects.filter(key__startswith=f"cycle:{cycle.pk}:open")


def test_when_dates_move_before_the_opening_each_household_is_told_the_new_ones_once(month):
    month.member()
    cycle = announce(month)
    before = opening(cycle).get()
    day = timedelta(days=1)

    move(month, cycle, opens_at=cycle.opens_at + day, closes_at=cycle.closes_at + day)

    after = opening(cycle).get()
    assert after.due_at == before.due_at + day
    assert after.useful_until == before.useful_until + day
    assert after.body != before.body


def test_whoever_was_told_already_is_not_told_again(month):
    month.member()
    cycle = announce(month)
    opening(cycle).update(sent_at=cycle.opens_at, attempts=1)
    before = opening(cycle).get()

    move(
        month,
        cycle,
        closes_at=cycle.closes_at + timedelta(days=1),
        now=cycle.opens_at + timedelta(days=1),
    )

    assert opening(cycle).get().body == before.body


def test_a_shop_added_later_tells_its_own_members(month):
    month.member()
    cycle = announce(month)
    other = collectives.add_group(
        collective=month.collective, name="Monclar", commune=month.group.commune, place="Là"
    )
    somebody = PersonFactory()
    joining.join_group(group=other, household=somebody.household, now=month.now)
    assert opening(cycle).count() == 1

    ends_at = cycle.closes_at + timedelta(days=9)
    plan = cycles.ShopPlan(other, "Là", ends_at - timedelta(hours=2), ends_at)
    move(month, cycle, more=[plan])

    popup = Popup.objects.get(cycle=cycle, group=other)
    [told] = opening(cycle).filter(key__endswith=f":{somebody.pk}")
    assert reverse("groupbuy:choose", args=[popup.pk]) in told.body
    assert opening(cycle).count() == 2
