"""Home answers one question for each role: what do I have to do now?"""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import collectives, cycles, joining
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.purchasing import hand_over_otherwise
from croqualim.groupbuy.models import Cycle, Popup, PurchaseOrder
from croqualim.ledger.actions import open_envelope
from croqualim.network.models import RoleKind
from croqualim.pages.queries import parts_for
from tests.factories import CommuneFactory, PersonFactory, RoleFactory, StructureFactory
from tests.groupbuy.month import Month, open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month() -> Month:
    """Open since yesterday: pages read the clock."""
    return open_month(now=now())


@pytest.fixture
def bought(month: Month) -> Month:
    """Closed an hour ago; its purchase orders wait."""
    month.order(dict.fromkeys(month.offers, 1000))
    Cycle.objects.update(opens_at=now() - timedelta(days=9), closes_at=now() - timedelta(hours=1))
    month.cycle.refresh_from_db()
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=now())
    return month


@pytest.fixture
def home(client):
    """Somebody's home: its words, and where its buttons lead by their words."""

    def read(person: Person) -> tuple[str, dict[str, str]]:
        client.force_login(person)
        answer = client.get("/")
        links = re.findall(r'<a class="button[^"]*" href="([^"]*)">([^<]*)</a>', answer.text)
        return plain(answer), {words: href for href, words in links}

    return read


# ----------------------------------------------------------------------------- role by role


def test_a_visitor_reads_what_this_is_and_how_to_come_in(client):
    answer = client.get("/")

    assert "Bien manger, ensemble" in answer.text
    assert reverse("groupbuy:groups") in answer.text
    assert reverse("accounts:sign_in") in answer.text
    assert "Démonstration" not in answer.text


def test_somebody_of_no_group_is_shown_the_way_to_one(home):
    words, buttons = home(PersonFactory(given_name="Amina"))

    assert "Bonjour Amina" in words
    assert buttons == {"En trouver un": reverse("groupbuy:groups")}


def test_a_member_orders_while_orders_are_open(home, month):
    person, _membership = month.member()

    words, buttons = home(person)

    assert "Les commandes sont ouvertes" in words
    assert "Rien n’oblige à commander" in words
    assert buttons["Commander"] == reverse("groupbuy:choose", args=[month.popup.pk])


def test_a_member_who_ordered_reads_what_to_collect_and_where(home, month):
    order = month.order({month.offers[0]: 500})

    words, buttons = home(order.placed_by)

    assert f"Commande {order.reference}" in words
    assert month.popup.place in words
    assert buttons["Voir ma commande"] == reverse("groupbuy:order", args=[order.pk])
    assert "Commander" not in buttons


def test_nothing_is_asked_of_a_member_once_orders_are_closed(home, bought):
    person, _membership = replace(bought, now=now()).member()

    _words, buttons = home(person)

    assert set(buttons) == {"Mon adhésion"}


def test_a_coordinator_without_a_collective_founds_one(home):
    _words, buttons = home(RoleFactory(kind=RoleKind.COORDINATOR).person)

    assert buttons == {"Fonder un collectif": reverse("groupbuy:found_collective")}


def test_a_coordinator_between_two_months_prepares_the_next(home, month):
    Cycle.objects.update(settled_at=now())

    words, buttons = home(month.coordinator)

    assert "Aucun cycle en cours" in words
    collective = month.collective.pk
    assert buttons["Préparer un cycle"] == reverse("groupbuy:new_cycle", args=[collective])


def test_a_coordinator_is_told_the_next_step_of_her_cycle(home, bought):
    words, buttons = home(bought.coordinator)

    assert "Des bons de commande attendent" in words
    address = reverse("groupbuy:purchase_orders", args=[bought.cycle.pk])
    assert buttons["Les envoyer"] == address


def test_who_holds_the_till_opens_it(home, bought):
    role = RoleFactory(structure=bought.collective.structure, kind=RoleKind.TILL)

    words, buttons = home(role.person)

    assert f"Épicerie de {bought.group}" in words
    assert buttons == {"Ouvrir la caisse": reverse("groupbuy:till", args=[bought.popup.pk])}


def test_a_volunteer_prepares(home, bought):
    role = RoleFactory(structure=bought.collective.structure, kind=RoleKind.VOLUNTEER)

    _words, buttons = home(role.person)

    address = reverse("groupbuy:preparation", args=[bought.popup.pk])
    assert buttons == {"Voir la préparation": address}


def test_a_farmer_reads_what_is_bought_once_it_is_sent(home, bought):
    order = PurchaseOrder.objects.select_related("producer").first()
    farmer = RoleFactory(structure=order.producer, kind=RoleKind.FARMER).person
    assert "Voir ce qui est commandé" not in home(farmer)[1]

    hand_over_otherwise(purchase_order=order, actor=bought.coordinator, now=now())

    words, buttons = home(farmer)
    assert f"Bon {order.number}" in words
    address = reverse("groupbuy:purchase_order", args=[order.pk])
    assert buttons["Voir ce qui est commandé"] == address


def test_a_funder_reads_what_is_left_and_where_it_went(home, month):
    role = RoleFactory(structure=month.envelope.funder, kind=RoleKind.FUNDER)

    words, buttons = home(role.person)

    assert "il y reste 10 000,00 €" in words
    address = reverse("groupbuy:envelope", args=[month.envelope.pk])
    assert buttons == {"Voir où l’argent est allé": address}


def test_an_animator_opens_the_directory(home):
    _words, buttons = home(RoleFactory(kind=RoleKind.ANIMATOR).person)

    assert buttons["Ouvrir l’annuaire"] == reverse("network:structures")


def test_a_closed_shop_asks_nothing_any_more(home, bought):
    Popup.objects.update(closed_at=now())
    for kind in (RoleKind.TILL, RoleKind.VOLUNTEER):
        role = RoleFactory(structure=bought.collective.structure, kind=kind)

        assert not {"Ouvrir la caisse", "Voir la préparation"} & set(home(role.person)[1])


# ---------------------------------------------------------------------------- how much it costs


def queries_of_home(person: Person) -> int:
    fresh = Person.objects.get(pk=person.pk)  # what a request knows of her
    with CaptureQueriesContext(
        connection,
    ) as captured:
        parts_for(fresh, now())
    return len(captured)


def grow(month: Month, person: Person, *, to: int) -> None:
    """Groups she is in, cycles she coordinates, purchase orders for her farm, envelopes she
    gives: so many of each."""
    farm = month.offers[0].product.producer
    acting = {"actor": month.coordinator, "now": now()}
    for number in range(Cycle.objects.count(), to):
        group = collectives.add_group(
            collective=month.collective,
            name=f"Quartier {number}",
            commune=CommuneFactory(),
            place="Ici",
        )
        joining.join_group(group=group, household=person.household, now=now())
        cycle = cycles.make_cycle(
            collective=month.collective,
            name=f"Cycle {number}",
            opens_at=now() - timedelta(days=1),
            closes_at=now() + timedelta(days=7),
            shops=[
                cycles.ShopPlan(
                    group=group,
                    place="Ici",
                    starts_at=now() + timedelta(days=14),
                    ends_at=now() + timedelta(days=15),
                )
            ],
            **acting,
        )
        limits = {offer.product: None for offer in month.offers}
        cycles.set_offers(cycle=cycle, limits=limits, **acting)
        cycles.publish_cycle(cycle=cycle, **acting)
        PurchaseOrder.objects.create(
            cycle=cycle, producer=farm, number=f"BC-{number}", made_at=now(), sent_at=now()
        )
        open_envelope(
            name=f"Fonds {number}",
            funder=month.envelope.funder,
            holder=month.collective.structure,
            purpose="",
            starts_on=month.envelope.starts_on,
            ends_on=month.envelope.ends_on,
            now=now(),
        )


def test_home_costs_the_same_for_3_and_for_30_of_everything(month):
    person = PersonFactory()
    for structure, kind in (
        (month.collective.structure, RoleKind.COORDINATOR),
        (month.offers[0].product.producer, RoleKind.FARMER),
        (month.envelope.funder, RoleKind.FUNDER),
        (StructureFactory(), RoleKind.ANIMATOR),
    ):
        RoleFactory(person=person, structure=structure, kind=kind)
    grow(month, person, to=3)
    few = queries_of_home(person)

    grow(month, person, to=30)

    assert len(parts_for(person, now())) == 5
    assert queries_of_home(person) == few
    assert few <= 16


def test_the_till_s_home_costs_the_same_for_3_and_for_30_shops(month):
    volunteer = RoleFactory(structure=month.collective.structure, kind=RoleKind.TILL).person
    RoleFactory(person=volunteer, structure=month.collective.structure, kind=RoleKind.VOLUNTEER)
    grow(month, month.coordinator, to=3)
    Cycle.objects.update(bought_at=now())
    few = queries_of_home(volunteer)

    grow(month, month.coordinator, to=30)
    Cycle.objects.update(bought_at=now())

    (part,) = parts_for(volunteer, now())
    assert len(part.todos) == 60  # 30 tills to open, 30 shops to prepare
    assert queries_of_home(volunteer) == few
