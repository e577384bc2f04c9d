"""Last month again: the same offers at today's prices, and what changed said first."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from croqualim.catalogue import actions as catalogue
from croqualim.groupbuy.actions import cycles
from croqualim.groupbuy.models import Cycle, Event, EventKind, Offer, Popup
from croqualim.groupbuy.rules.recurrence import monthly_day_of
from tests.factories import ProductFactory, StructureFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def month():
    """Its shop is at noon: it ends the same day."""
    return open_month(now=now().replace(hour=11, minute=0, second=0, microsecond=0) - HOUR)


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def address(month):
    return reverse("groupbuy:repeat_cycle", args=[month.cycle.pk])


def shown(answer):
    """What the browser would send if nothing were changed."""
    sent = {}
    for form in (answer.context["dates"], answer.context["form"]):
        for bound in form:
            value = bound.value()
            if value is True:
                sent[bound.html_name] = "on"
            elif value not in (False, None):
                sent[bound.html_name] = bound.field.widget.format_value(value) or ""
    return sent


def made(month):
    return Cycle.objects.exclude(pk=month.cycle.pk).get()


def test_kept_as_it_is_shown_it_is_last_month_one_month_on(desk, month):
    limited = month.offer(name="Œufs", limit_quantity=60_000)

    answer = desk.post(address(month), shown(desk.get(address(month))))

    cycle = made(month)
    assert answer.url == reverse("groupbuy:publish_cycle", args=[cycle.pk])
    assert cycle.published_at is None
    offers = {offer.product_id: offer.limit_quantity for offer in cycle.offers.all()}
    assert offers == {o.product_id: o.limit_quantity for o in month.offers}
    assert offers[limited.product_id] == 60_000
    was, is_now = localtime(month.popup.starts_at), localtime(cycle.popups.get().starts_at)
    assert is_now.time() == was.time()
    assert monthly_day_of(is_now.date()).weekday == monthly_day_of(was.date()).weekday
    assert is_now > was


def test_made_twice_it_is_made_once(desk, month):
    sent = shown(desk.get(address(month)))

    desk.post(address(month), sent)
    desk.post(address(month), sent)

    cycle = made(month)
    assert Popup.objects.filter(cycle=cycle).count() == 1
    kinds = list(Event.objects.filter(cycle=cycle).values_list("kind", flat=True))
    assert kinds.count(EventKind.CYCLE_MADE) == 1


def test_what_changed_is_said_before_it_is_made(desk, month):
    dearer, gone = (offer.product for offer in month.offers)
    catalogue.set_price(
        product=dearer, price_cents=340, priced_quantity=1000, actor=None, now=month.now
    )
    catalogue.retire_product(product=gone)
    smaller = month.offer(name="Pois chiches")
    catalogue.change_product(product=smaller.product, packaging_quantity=20_000)
    catalogue.add_product(
        buyer=month.collective.structure,
        producer=StructureFactory(),
        actor=None,
        now=month.now + HOUR,
        name="Miel nouveau",
        sku="",
        family="sweet",
        unit="g",
        step_quantity=500,
        packaging_quantity=6000,
        price_cents=900,
        priced_quantity=500,
    )

    answer = desk.get(address(month))
    said = plain(answer)

    assert "3,20\xa0€ le kilo → 3,40\xa0€ le kilo (+6\xa0%)".replace("\xa0", " ") in said
    assert "25 kg → 20 kg" in said
    assert "1 produit n’est plus au catalogue" in said
    assert said.index("Nouveaux au catalogue") < said.index("Miel nouveau")
    desk.post(address(month), shown(answer))
    offers = made(month).offers
    assert set(offers.values_list("product", flat=True)) == {dearer.pk, smaller.product_id}
    assert offers.get(product=dearer).farmer_price_cents == 340


def test_a_line_is_left_out_another_is_added(desk, month):
    other = ProductFactory(buyer=month.collective.structure, name="Sarrasin")
    sent = shown(desk.get(address(month)))
    left = month.offers[0].product_id
    del sent[f"offer-{left}"]
    sent[f"offer-{other.pk}"] = "on"
    sent[f"limit-{other.pk}"] = "40 kg"

    desk.post(address(month), sent)

    offers = dict(made(month).offers.values_list("product", "limit_quantity"))
    assert offers == {month.offers[1].product_id: None, other.pk: 40_000}


def test_what_was_withdrawn_is_not_taken_up_by_itself(desk, month):
    cycles.withdraw_offer(
        offer=month.offers[0], reason="Rupture", actor=month.coordinator, now=month.now
    )
    answer = desk.get(address(month))

    assert "retiré le mois dernier" in plain(answer)
    desk.post(address(month), shown(answer))
    assert [offer.product_id for offer in made(month).offers.all()] == [month.offers[1].product_id]


def test_a_wrong_date_loses_nothing_of_what_was_chosen(desk, month):
    sent = shown(desk.get(address(month)))
    left = month.offers[0].product_id
    del sent[f"offer-{left}"]
    sent["closes_at"] = "2020-01-01T10:00"

    answer = desk.post(address(month), sent)

    assert answer.status_code == 200
    assert Cycle.objects.count() == 1
    assert "La clôture vient après l’ouverture." in plain(answer)
    assert answer.context["form"][f"offer-{left}"].value() is False


def test_the_month_it_is_made_from_does_not_change(desk, month):
    before = list(Offer.objects.filter(cycle=month.cycle).values())

    desk.post(address(month), shown(desk.get(address(month))))

    assert list(Offer.objects.filter(cycle=month.cycle).values()) == before


@pytest.mark.parametrize("products", [3, 100])
def test_its_page_costs_the_same_for_any_catalogue(client, products, django_assert_num_queries):
    month = open_month(now=now(), products=products)
    client.force_login(month.coordinator)

    with django_assert_num_queries(13):
        client.get(address(month))
