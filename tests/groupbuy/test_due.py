"""One amount to bring: goods at her share, deposits and the year in full, the same everywhere."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from croqualim.groupbuy.actions import containers, ordering
from croqualim.groupbuy.actions.joining import begin_year
from croqualim.groupbuy.models import MembershipYear
from croqualim.groupbuy.queries.due import collected_on, due_of, fee_on
from croqualim.messages.models import Message
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month(db):
    """A kilo of the first product is 1,60 € at half its price, in one jar at 0,50 €."""
    month = open_month(now=now())
    jar = containers.add_container(
        collective=month.collective, name="bocal d’un litre", deposit_cents=50
    )
    product = month.offers[0].product
    containers.put_in_container(product=product, container=jar, holds_quantity=1000)
    return month


@pytest.fixture
def here(client, month):
    person, membership = month.member(share_percent=50)
    client.force_login(person)
    client.membership = membership
    return client


def confirm(month, membership, grams):
    return ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={month.offers[0].pk: grams},
        actor=month.coordinator,
        now=now(),
    )


def test_each_page_and_letter_says_the_same_amount(here, month):
    ordering.fill_basket(
        popup=month.popup,
        membership=here.membership,
        quantities={month.offers[0].pk: 1500},
        now=now(),
    )
    choose = here.get(reverse("groupbuy:choose", args=[month.popup.pk]))
    check = here.get(reverse("groupbuy:check_answers", args=[month.popup.pk]))
    order = confirm(month, here.membership, 1500)
    shown = here.get(reverse("groupbuy:order", args=[order.pk]))
    here.force_login(month.coordinator)
    aloud = here.get(reverse("groupbuy:say_order", args=[order.pk]))
    letter = Message.objects.get(key__startswith=f"order:{order.pk}:confirmed")

    due = due_of(order, collected_on(order))
    assert (due.order_cents, due.deposit_cents, due.fee_cents) == (240, 100, 100)
    for said in (plain(choose), plain(check), plain(shown), plain(aloud)):
        assert "4,40 €" in said
    for said in (plain(check), plain(shown)):
        assert "2 bocaux d’un litre : 1,00 €" in said
        assert "À apporter : 4,40 €" in said
    letter_text = letter.body.replace("\u00a0", " ")
    assert "À payer : 4,40 €, dont 1,00 € de consigne et 1,00 € d’adhésion" in letter_text


def test_the_year_asked_before_ordering_is_the_year_taken_at_the_till(month):
    """Whatever years there are: none, one running, one that begins later, one that is over."""
    day = localdate(month.popup.starts_at)
    for begins in (None, day, day + timedelta(days=30), day - timedelta(days=400)):
        _, membership = month.member()
        MembershipYear.objects.filter(membership=membership).delete()
        if begins:
            begin_year(membership=membership, starts_on=begins)
        asked = fee_on(membership, day)

        order = confirm(month, membership, 1000)

        assert due_of(order, day).fee_cents == asked == 100
        MembershipYear.objects.filter(membership=membership).update(paid_at=now())
        assert due_of(order, day).fee_cents == fee_on(membership, day) == 0


def test_an_order_changed_says_so_and_one_cancelled_is_confirmed(month):
    _, membership = month.member()
    order = confirm(month, membership, 1000)
    confirm(month, membership, 2000)
    ordering.cancel_order(order=order, actor=month.coordinator, now=now())

    letters = Message.objects.filter(key__startswith=f"order:{order.pk}:").order_by("pk")
    first, changed, cancelled = (letter.body for letter in letters)
    assert f"Commande {order.reference} notée" in first
    assert f"Commande {order.reference} changée" in changed
    assert f"Commande {order.reference} annulée" in cancelled
