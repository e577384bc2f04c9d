"""Out of season is said, to who chooses and to who composes; it forbids nothing."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from croqualim.kernel.period import MONTHS
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db
ALL_BUT = {month: [m for m in range(1, 13) if m != month] for month in range(1, 13)}


@pytest.fixture
def month():
    month = open_month(products=1, now=now() - timedelta(hours=1))
    here = localtime(month.popup.starts_at).month
    month.offer(name="Courgettes", season_months=[here])
    month.offer(name="Potimarrons", season_months=ALL_BUT[here])
    return month


def test_members_read_what_is_of_the_season(client, month):
    person, _ = month.member()
    client.force_login(person)

    said = plain(client.get(reverse("groupbuy:choose", args=[month.popup.pk])))

    assert said.count("de saison") == 1
    assert said.count("hors saison") == 1
    assert said.index("Courgettes") < said.index("de saison") < said.index("Potimarrons")


def test_the_page_of_a_product_says_its_months(client, month):
    person, _ = month.member()
    client.force_login(person)
    out = month.offers[-1]

    said = plain(client.get(reverse("groupbuy:choose_one", args=[month.popup.pk, out.pk])))

    assert f"hors saison en {MONTHS[localtime(month.popup.starts_at).month - 1]}" in said


def test_composing_warns_and_forbids_nothing(client, month):
    client.force_login(month.coordinator)
    page = reverse("groupbuy:cycle_offers", args=[month.cycle.pk])

    assert plain(client.get(page)).count("hors saison") == 1
    boxes = {f"offer-{offer.product_id}": "on" for offer in month.offers}
    assert client.post(page, boxes).status_code == 302
