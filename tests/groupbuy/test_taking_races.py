"""Two people write in one household's basket at the same moment: every line is kept."""

import pytest

from croqualim.groupbuy.actions.favourites import keep_favourite
from croqualim.groupbuy.actions.taking import take_down
from croqualim.groupbuy.models import Basket, Favourite, Membership, Offer, Popup
from tests.groupbuy.month import NOON, open_month

pytestmark = pytest.mark.django_db(transaction=True)


def write_each(number, popup_id, membership_id, lines):
    """This process's own lines, one after the other."""
    popup = Popup.objects.select_related("cycle").get(pk=popup_id)
    membership = Membership.objects.get(pk=membership_id)
    for offer_id in lines[number]:
        take_down(popup=popup, membership=membership, changes={offer_id: 500}, now=NOON)


def like_each(number, membership_id, offer_id):
    household = Membership.objects.select_related("household").get(pk=membership_id).household
    product = Offer.objects.select_related("product").get(pk=offer_id).product
    for _ in range(3):
        keep_favourite(household=household, product=product, now=NOON)


def test_lines_written_at_once_are_all_kept(at_once):
    month = open_month(products=24)
    _, membership = month.member()
    offers = [offer.pk for offer in month.offers]

    at_once(
        "tests.groupbuy.test_taking_races:write_each",
        4,
        popup_id=month.popup.pk,
        membership_id=membership.pk,
        lines=[offers[number::4] for number in range(4)],
    )

    assert Basket.objects.get().quantities == {str(offer): 500 for offer in offers}


def test_a_favourite_pressed_on_four_telephones_is_one(at_once):
    month = open_month()
    _, membership = month.member()

    at_once(
        "tests.groupbuy.test_taking_races:like_each",
        4,
        membership_id=membership.pk,
        offer_id=month.offers[0].pk,
    )

    assert Favourite.objects.count() == 1
