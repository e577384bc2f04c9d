"""One month on one telephone 360 px wide, clicked by everybody in turn, opening to settlement.

There is no clock to turn in a browser: between two steps, moments of the cycle are written in the
database. The coordinator's password and second factor are tried with accounts.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import collectives, joining, ordering
from croqualim.groupbuy.models import Collective, Cycle, Group, Order, Popup
from croqualim.ledger import actions as ledger
from croqualim.ledger.queries import discrepancies as wrong_balances
from croqualim.messages.models import Message
from croqualim.network.models import Category, RoleKind
from croqualim.stock.queries import discrepancies as wrong_levels
from tests.browser.walk import Walk
from tests.factories import (
    CommuneFactory,
    PersonFactory,
    ProductFactory,
    RoleFactory,
    StructureFactory,
)
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.browser

HOUR = timedelta(hours=1)


@dataclass
class Place:
    """What there is before the first month."""

    collective: Collective
    group: Group
    coordinator: Person
    till: Person
    funder: Person
    neighbours: list[Person]  # members already

    @property
    def cycle(self) -> Cycle:
        return Cycle.objects.get(collective=self.collective)

    @property
    def popup(self) -> Popup:
        return Popup.objects.get(cycle=self.cycle)


@pytest.fixture
def place(live_server) -> Place:
    structure = StructureFactory(name="Croq’en commun")
    collective = collectives.found_collective(structure=structure, warehouse_name="Hangar d’Arles")
    coordinator = RoleFactory(
        structure=structure, kind=RoleKind.COORDINATOR, person__given_name="Camille"
    ).person
    group = collectives.add_group(
        collective=collective,
        name="Barriol",
        commune=CommuneFactory(),
        place="Maison de quartier de Barriol",
    )
    for name in ("Lentilles vertes", "Pois chiches", "Riz de Camargue"):
        farm = StructureFactory(
            name=f"Ferme des {name.split()[0].lower()}",
            category=Category.PRODUCTION,
            email="ferme@exemple.fr",
        )
        ProductFactory(buyer=structure, producer=farm, name=name)
    return Place(
        collective=collective,
        group=group,
        coordinator=coordinator,
        till=RoleFactory(
            structure=structure, kind=RoleKind.TILL, person__given_name="Karim"
        ).person,
        funder=_open_half_price(collective, coordinator),
        neighbours=[
            _neighbour(group, "Zoé", "Laurier"),
            _neighbour(group, "Ibrahim", "Sauge"),
        ],
    )


def _open_half_price(collective: Collective, actor: Person) -> Person:
    """The funder behind the reduced share."""
    funder = RoleFactory(
        structure=StructureFactory(name="Fondation d’essai", category=Category.FUNDER),
        kind=RoleKind.FUNDER,
        person__given_name="Mathilde",
    )
    envelope = ledger.open_envelope(
        name="Fonds solidaire",
        funder=funder.structure,
        holder=collective.structure,
        purpose="Que chacun·e paie la part choisie.",
        starts_on=date(2026, 1, 1),
        ends_on=date(2028, 12, 31),
        now=now(),
    )
    ledger.top_up_envelope(
        key="envelope", envelope=envelope, amount_cents=50_000, now=now(), actor=actor
    )
    collectives.open_share(collective=collective, share_percent=50, envelope=envelope, now=now())
    return funder.person


def _neighbour(group: Group, given_name: str, family_name: str) -> Person:
    person = PersonFactory(given_name=given_name, family_name=family_name)
    joining.join_group(group=group, household=person.household, now=now())
    return person


def test_a_month_on_a_telephone(phone: Page, sign_in, place: Place) -> None:
    walk = Walk(phone, sign_in=sign_in)
    compose_and_announce(walk, place)
    Cycle.objects.update(opens_at=now() - HOUR)
    nadia = join(walk)
    reference = order(walk, place)
    neighbours_order(place)
    Cycle.objects.update(closes_at=now() - timedelta(minutes=1))
    close_and_send(walk, place)
    receive_one_short(walk, place)
    read_what_changed(walk, nadia, reference)
    Popup.objects.update(starts_at=now(), ends_at=now() + 3 * HOUR)
    prepare(walk, place)
    hold_the_till(walk, place, reference)
    count_and_shut(walk)
    settle(walk, place)
    read_the_envelope(walk, place)

    assert not wrong_balances()
    assert not wrong_levels()


def compose_and_announce(walk: Walk, place: Place) -> None:
    walk.as_(place.coordinator)
    walk.follow("Préparer un cycle")
    walk.press("Continuer vers les produits")  # the dates it suggests will do
    walk.press("Garder ces produits")
    walk.reads("Lentilles vertes", "Maison de quartier de Barriol")
    walk.press("Annoncer ce cycle")
    walk.reads("C’est annoncé")


def join(walk: Walk) -> Person:
    """By the public page, a telephone number and the code that comes to it; then her share."""
    walk.as_(None)
    walk.follow("Trouver un groupement")
    walk.follow("Barriol")
    walk.follow("Rejoindre Barriol")
    walk.fill("Prénom", "Nadia")
    walk.fill("Nom", "Romarin")
    walk.fill("Téléphone ou adresse e-mail", "06 12 34 56 78")
    walk.press("Recevoir mon code")
    sent = Message.objects.filter(address="+33612345678").latest("pk")
    walk.page.get_by_role("textbox").first.fill(re.search(r"\d{6}", sent.body)[0])
    walk.press("Entrer")
    walk.press("Rejoindre Barriol")
    walk.reads("Bienvenue à Barriol", "Vous y paierez votre adhésion, 1,00 €")
    walk.follow("Choisir ma part")
    walk.choose("50 % du prix")
    walk.press("Choisir cette part")
    walk.reads("C’est noté")
    return Person.objects.get(family_name="Romarin")


def order(walk: Walk, place: Place) -> str:
    """Three products, checked, confirmed, said aloud; then half a kilo more."""
    walk.follow("Commander")
    walk.reads("1,60 € le kilo")  # half of what it costs
    more(walk, "Lentilles vertes", "500 g", "1 kg")
    more(walk, "Pois chiches", "500 g")
    more(walk, "Riz de Camargue", "500 g")
    walk.reads("3 produits · 4,20 €")  # with the year, 1 €
    walk.follow("Vérifier ma commande")
    walk.reads("1 kg · 1,60 €", "À apporter : 4,20 €")
    walk.press("Commander")
    reference = walk.page.locator(".reference").inner_text()
    assert re.fullmatch(r"[A-Z]+-\d+", reference)
    walk.follow("Changer ma commande")
    more(walk, "Lentilles vertes", "1,5 kg")
    walk.follow("Vérifier le changement")
    walk.press("Confirmer le changement")
    walk.reads(reference, "1,5 kg · 2,40 €", "À apporter : 5,00 €")
    return reference


def more(walk: Walk, product: str, *quantities: str) -> None:
    """Press + until the line says each of these in turn."""
    for quantity in quantities:
        walk.page.get_by_role("button", name=f"Plus de {product}").click()
        line = walk.page.get_by_role("listitem").filter(has_text=product)
        expect(line.locator("output")).to_have_text(quantity)


def neighbours_order(place: Place) -> None:
    """From their own telephones."""
    offers = {offer.product.name: offer.pk for offer in place.cycle.offers.all()}
    wanted = ({"Lentilles vertes": 1500}, {"Riz de Camargue": 500})
    for person, basket in zip(place.neighbours, wanted, strict=True):
        ordering.confirm_order(
            popup=place.popup,
            membership=person.household.memberships.get(),
            basket={offers[name]: quantity for name, quantity in basket.items()},
            actor=person,
            now=now(),
        )


def close_and_send(walk: Walk, place: Place) -> None:
    walk.as_(place.coordinator)
    walk.follow("Préparer les achats")
    walk.reads("1 sac de 25 kg", "pour 3 kg")
    walk.press("Clore et établir 3 bons de commande")
    for farm in ("Ferme des lentilles", "Ferme des pois", "Ferme des riz"):
        walk.follow(farm)
        walk.press("Envoyer par e-mail")
        walk.reads("part à ferme@exemple.fr")
        walk.follow("Bons de commande")
    assert Message.objects.filter(address="ferme@exemple.fr").count() == 3


def receive_one_short(walk: Walk, place: Place) -> None:
    """Two kilos of lentils where three are ordered; the rest as asked."""
    walk.follow("Ferme des lentilles")
    walk.follow("Noter ce qui est arrivé")
    walk.fill("Lentilles vertes", "2 kg")
    walk.press("Voir ce que cela change")
    walk.press("Noter : rien d’autre ne viendra")
    walk.reads("2 commandes sont ajustées")
    for farm in ("Ferme des pois", "Ferme des riz"):
        walk.follow("Bons de commande")
        walk.follow(farm)
        walk.follow("Noter ce qui est arrivé")
        walk.press("Tout est arrivé comme commandé")
        walk.press("Noter cette livraison")


def read_what_changed(walk: Walk, nadia: Person, reference: str) -> None:
    walk.as_(nadia)
    walk.follow("Voir ma commande")
    walk.reads(reference, "1 kg, au lieu de 1,5 kg · 1,60 €", "À apporter : 4,20 €")


def prepare(walk: Walk, place: Place) -> None:
    walk.as_(place.coordinator)
    walk.follow("Préparer")
    walk.follow("Barriol")
    walk.reads("Lentilles vertes")
    walk.follow("Par commande")
    walk.press("Tout est parti à l’épicerie")
    walk.reads("Parti du dépôt")


def hold_the_till(walk: Walk, place: Place, reference: str) -> None:
    """One pays in cash, one by card, one does not come: what was his is sold."""
    walk.as_(place.till)
    walk.follow("Ouvrir la caisse")
    find(walk, reference.lower())
    walk.press("Est là")
    walk.choose("Espèces")
    walk.reads("Adhésion de l’année")
    expect(walk.page.locator("body")).not_to_contain_text("%")  # never a share
    walk.press("Remis et payé 4,20 €")
    walk.reads("espèces")
    walk.follow("Suivant")
    find(walk, "laurier")
    walk.choose("Carte")
    walk.press("Remis et payé 4,20 €")  # a kilo at the whole price, and her year
    walk.follow("Suivant")
    find(walk, "ibrahim")
    walk.press("Ne vient pas")
    walk.follow("Caisse")
    walk.follow("Vendre ce qui reste")
    walk.fill("Riz de Camargue", "500 g")
    walk.press("Voir le total")
    walk.choose("Espèces")
    walk.press("Vendu et payé 1,60 €")


def find(walk: Walk, said: str) -> None:
    """The list narrows while one types; Enter opens the only one left."""
    walk.page.get_by_role("searchbox").fill(said)
    expect(walk.page.locator("#found li.whole")).to_have_count(1)
    walk.press("Chercher")


def count_and_shut(walk: Walk) -> None:
    walk.follow("Caisse")
    walk.follow("Compter la caisse")
    walk.fill("Total des espèces, en euros", "5,80")
    walk.press("Noter ce comptage")
    walk.reads("5,80 €, comme prévu")
    walk.follow("Fermer l’épicerie")
    walk.press("Fermer l’épicerie")
    walk.reads("Épicerie fermée")


def settle(walk: Walk, place: Place) -> None:
    walk.as_(place.coordinator)
    walk.follow("Régler le cycle")
    walk.page.get_by_label("Ce mois, en mots").fill("Les lentilles ont manqué : on en redemande.")
    walk.press("Régler ce mois")  # 2 kg of lentils, two sacks of 25 kg
    walk.reads("166,40 €", "Les lentilles ont manqué")
    walk.reads("Fonds solidaire")


def read_the_envelope(walk: Walk, place: Place) -> None:
    """The other half of what Nadia took away; and no household in sight."""
    walk.as_(place.funder)
    walk.follow("Voir où l’argent est allé")
    walk.reads("496,80 €", "3,20 €", "moins de 5")
    walk.follow(place.cycle.name)
    expect(walk.page.locator("body")).not_to_contain_text("Romarin")


def test_ordering_needs_no_javascript(plain_phone: Page, sign_in) -> None:
    """An old telephone, or one that lost the script on the way: the same pages, the same order."""
    month = open_month(now=now())
    person, _membership = month.member(share_percent=75)
    sign_in(person)
    page = plain_phone
    page.goto("/")
    page.get_by_role("link", name="Commander").click()
    name = month.offers[0].product.name

    page.get_by_role("button", name=f"Plus de {name}").click()
    page.get_by_role("button", name=f"Plus de {name}").click()
    line = page.get_by_role("listitem").filter(has_text=name)
    expect(line.locator("output")).to_have_text("1 kg")
    page.get_by_role("link", name="Vérifier ma commande").click()
    page.get_by_role("button", name="Commander").click()

    placed = Order.objects.get(membership__household=person.household)
    expect(page.locator(".reference")).to_have_text(placed.reference)
    assert placed.due_cents == 240  # three quarters of 3,20 €
