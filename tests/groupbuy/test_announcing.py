"""When a cycle is announced, each household is told once, as its orders open."""

from datetime import timedelta

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions import cycles, joining
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
