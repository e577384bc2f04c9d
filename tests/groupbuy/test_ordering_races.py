"""Households that order at the same moment: ten for sale are ten sold, whatever the engine."""

import pytest

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.ordering import OrderRefused, confirm_order
from croqualim.groupbuy.models import Membership, Offer, Order, OrderLine, Popup
from croqualim.groupbuy.rules.ordering import Reason
from croqualim.ledger import queries as ledger
from croqualim.ledger.models import Account
from tests.groupbuy.month import NOON, open_month

pytestmark = pytest.mark.django_db(transaction=True)

ORDER = "tests.groupbuy.test_ordering_races:order_each"


def order_each(number, popup_id, turns, baskets):
    """Confirm this process's own memberships' orders; say how each ended."""
    popup = Popup.objects.select_related("cycle").get(pk=popup_id)
    ended = []
    for membership_id in turns[number]:
        membership = Membership.objects.get(pk=membership_id)
        actor = Person.objects.get(household=membership.household_id)
        basket = {int(offer): quantity for offer, quantity in baskets[number].items()}
        try:
            confirm_order(popup=popup, membership=membership, basket=basket, actor=actor, now=NOON)
        except OrderRefused as refused:
            ended.append(refused.problems[0].reason.value)
        else:
            ended.append("sold")
    return ended


def test_ten_for_sale_are_ten_sold(at_once):
    month = open_month()
    scarce = month.offer(limit_quantity=10 * 500)
    # four households for each of eight processes, one step each: 32 want the 10
    turns = [[month.member()[1].pk for _ in range(4)] for _ in range(8)]

    ended = at_once(ORDER, 8, popup_id=month.popup.pk, turns=turns, baskets=[{scarce.pk: 500}] * 8)

    said = [how for process in ended for how in process]
    assert said.count("sold") == 10
    assert said.count(Reason.NOT_ENOUGH_LEFT.value) == 22
    assert Offer.objects.get(pk=scarce.pk).ordered_quantity == 5000
    assert sum(OrderLine.objects.filter(offer=scarce).values_list("quantity", flat=True)) == 5000


def test_one_household_on_many_telephones_has_one_order(at_once):
    month = open_month()
    _, membership = month.member()
    basket = {month.offers[0].pk: 1000}

    at_once(ORDER, 6, popup_id=month.popup.pk, turns=[[membership.pk]] * 6, baskets=[basket] * 6)

    assert Order.objects.count() == 1
    assert Offer.objects.get(pk=month.offers[0].pk).ordered_quantity == 1000


def test_crossed_baskets_never_wait_for_each_other_for_ever(at_once):
    month = open_month()
    lentils, rice = (offer.pk for offer in month.offers)
    turns = [[month.member()[1].pk for _ in range(4)] for _ in range(6)]
    crossed = [{lentils: 500, rice: 500}, {rice: 500, lentils: 500}] * 3

    at_once(ORDER, 6, popup_id=month.popup.pk, turns=turns, baskets=crossed)

    assert Order.objects.count() == 24
    assert {offer.ordered_quantity for offer in Offer.objects.all()} == {24 * 500}


def test_an_envelope_is_promised_once(at_once):
    month = open_month(bank_cents=10 * 80)
    # at half price, 500 g leave 80 cents to the envelope: it can stand behind ten
    turns = [[month.member(share_percent=50)[1].pk for _ in range(3)] for _ in range(6)]
    basket = {month.offers[0].pk: 500}

    ended = at_once(ORDER, 6, popup_id=month.popup.pk, turns=turns, baskets=[basket] * 6)

    said = [how for process in ended for how in process]
    assert said.count("sold") == 10
    assert said.count(Reason.ENVELOPE_SHORT.value) == 8
    assert Account.objects.get(pk=month.envelope.account_id).reserved_cents == 800
    assert ledger.discrepancies() == []
