"""What members are written: by SMS it always fits, whatever the place is called."""

from datetime import UTC, datetime, timedelta

import pytest

from croqualim.groupbuy import letters
from croqualim.groupbuy.actions import ordering
from croqualim.groupbuy.models import Cycle, Popup
from croqualim.groupbuy.queries.due import Due
from croqualim.messages.models import Channel, Message
from croqualim.messages.rules import MAX_SEGMENTS, as_sms, segments
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db

# "août" is outside the alphabet of SMS, which halves their room
AUGUST = datetime(2026, 8, 12, 15, 30, tzinfo=UTC)
LONG_PLACE = "Salle du rez-de-chaussée, à côté de l’école, " * 4 + "au fond de la cour."


def in_august(month, place):
    Popup.objects.filter(pk=month.popup.pk).update(
        place=place, starts_at=AUGUST, ends_at=AUGUST + timedelta(hours=3)
    )
    month.popup.refresh_from_db()


def confirm(month, membership, person, quantity, now):
    return ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={month.offers[0].pk: quantity},
        actor=person,
        now=now,
    )


def fits(text):
    return segments(as_sms(text)) <= MAX_SEGMENTS


def test_who_has_only_a_telephone_orders_whatever_the_place_is_called(month):
    in_august(month, LONG_PLACE[:200])
    person, membership = month.member(email="", phone="+33612345678")

    order = confirm(month, membership, person, 1000, month.now)

    [told] = Message.objects.filter(key__startswith=f"order:{order.pk}:confirmed")
    assert told.channel == Channel.SMS
    for said in (order.reference, "mercredi 12 août 2026", "17\u00a0h\u00a030", "À payer"):
        assert said in told.body
    assert "école" not in told.body


def test_a_place_that_fits_is_said(month):
    in_august(month, "Centre social")
    person, membership = month.member(email="", phone="+33612345678")

    order = confirm(month, membership, person, 1000, month.now)

    assert "Centre social" in Message.objects.get(key__startswith=f"order:{order.pk}").body


def test_each_confirmation_is_said(month):
    person, membership = month.member()

    order = confirm(month, membership, person, 1000, month.now)
    confirm(month, membership, person, 1500, month.now + timedelta(minutes=2))

    told = Message.objects.filter(key__startswith=f"order:{order.pk}:confirmed")
    assert len({message.body for message in told}) == 2


def test_an_address_that_can_receive_nothing_keeps_nobody_from_ordering(month, caplog):
    person, membership = month.member(email="", phone="0612")

    order = confirm(month, membership, person, 1000, month.now)

    assert order.pk
    assert not Message.objects.filter(key__startswith=f"order:{order.pk}").exists()
    assert "cannot be sent" in caplog.text


def test_every_short_text_fits_an_sms(month):
    in_august(month, LONG_PLACE[:200])
    order = month.order({month.offers[0]: 1000})
    order.popup = month.popup
    cycle = Cycle(name="Û" * 80, closes_at=AUGUST)
    changes = [[f"Fenêtre n° {n} " + "û" * 60, "1 kg", "500 g"] for n in range(30)]

    for letter in (
        letters.order_confirmed(order, Due(order.due_cents, 100, None), closes_at=AUGUST),
        letters.shop_moved(order, month.popup),
        letters.orders_open(cycle, month.popup),
        letters.order_repriced(order, changes, due_before_cents=123456, opening="Peu."),
    ):
        assert fits(letter.short), letter.short


@pytest.fixture
def month():
    return open_month()
