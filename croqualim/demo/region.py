"""What there is before the first month: structures, people with a role, products, groups."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django_otp.plugins.otp_totp.models import TOTPDevice

from croqualim.accounts.actions import register_person, register_staff
from croqualim.accounts.models import Person
from croqualim.catalogue.actions import importing as catalogue
from croqualim.catalogue.actions.products import change_product
from croqualim.catalogue.models import Family, Product, Rounding
from croqualim.demo.people import DATA, inhabitants, known_structures
from croqualim.groupbuy.actions import books, collectives, joining
from croqualim.groupbuy.actions.bank_details import tell_bank_details
from croqualim.groupbuy.models import Collective, Group, Membership
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Envelope
from croqualim.network import actions as network
from croqualim.network.models import Category, RoleKind, Structure
from croqualim.territory.models import Commune

COLLECTIVE = "Croq’en commun (démonstration)"
PRODUCTS = DATA / "products.csv"
SIRET = "99999999800019"  # invented, with keys that are right
FIRST_FARM = "Ferme de l’Exemple, en Crau"
SHARES = (50, 75, 110)
# which share each household chose, in turn: most pay the cost, some less, a few more
CHOSEN = (100, 50, 100, 75, 100, 50, 110, 100, 75, 50)
PLACES = (
    ("Barriol, à Arles", "13004", "Maison de quartier de Barriol"),
    ("Monclar, à Avignon", "84007", "Espace social de Monclar"),
    ("La Viste, à Marseille", "13055", "Centre social de La Viste"),
)


@dataclass(frozen=True)
class Region:
    """Who acts in the months that follow."""

    collective: Collective
    coordinator: Person
    till: Person
    groups: list[Group]
    members: list[tuple[Person, Membership]]
    products: list[Product]


def found_region(now: datetime) -> Region:
    coordinator = _staff("Camille", "Thym", now)
    structure = network.add_structure(
        name=COLLECTIVE,
        category=Category.ACCESS,
        commune=Commune.objects.get(pk="13004"),
        description="Un collectif inventé, pour essayer. Trois groupements, un hangar à Arles.",
        email="collectif@croqualim.example",
        siret=SIRET,
        now=now,
    )
    _give(coordinator, structure, RoleKind.COORDINATOR, now)
    till = register_person(given_name="Sofiane", family_name="Laurier", now=now)
    _give(till, structure, RoleKind.TILL, now)
    _know_the_network(now)
    collective = collectives.found_collective(
        structure=structure, warehouse_name="Hangar d’Arles", handling_percent=4
    )
    _give(_staff("Nadia", "Cumin", now), structure, RoleKind.ACCOUNTANT, now)
    _bring_money(collective, coordinator, now)
    products = _rounded(_import_products(structure, coordinator, now))
    _say_where_to_pay(structure, products, coordinator, now)
    _speak_for_the_farm(now)
    groups = [
        collectives.add_group(
            collective=collective,
            name=name,
            commune=Commune.objects.get(pk=code),
            place=place,
            contact_name="Camille Thym",
            contact_phone="04 65 71 00 00",
        )
        for name, code, place in PLACES
    ]
    return Region(collective, coordinator, till, groups, _join(groups, now), products)


def _staff(given_name: str, family_name: str, now: datetime) -> Person:
    """Somebody who signs in by password elsewhere; here, in one click."""
    person = register_staff(
        given_name=given_name,
        family_name=family_name,
        username=f"{given_name}@croqualim.example",
        now=now,
    )
    TOTPDevice.objects.create(user=person, name="totp", confirmed=True)
    return person


def _give(person: Person, structure: Structure, kind: RoleKind, now: datetime) -> None:
    network.give_role(person=person, structure=structure, kind=kind, actor=None, now=now)


def _know_the_network(now: datetime) -> None:
    known = {
        line["name"]: network.add_structure(
            name=line["name"],
            category=line["category"],
            commune=Commune.objects.get(pk=line["commune_code"]),
            description=line["what_it_does"],
            now=now,
        )
        for line in known_structures()
    }
    animator = _staff("Dominique", "Tilleul", now)
    _give(animator, known["DREETS Provence-Alpes-Côte d’Azur"], RoleKind.ANIMATOR, now)


def _bring_money(collective: Collective, coordinator: Person, now: datetime) -> None:
    """A working fund, and an envelope that makes reduced shares possible."""
    ledger.transfer(
        key="demo:working-fund",
        from_account=books.bank(collective),
        to_account=books.income(collective),
        amount_cents=800_000,
        kind="working_fund",
        reference="de départ",
        now=now,
        actor=coordinator,
        reason="Apport de départ",
    )
    funder = network.add_structure(
        name="Fondation de l’Exemple (démonstration)", category=Category.FUNDER, now=now
    )
    _give(_staff("Mathilde", "Sauge", now), funder, RoleKind.FUNDER, now)
    envelope = ledger.open_envelope(
        name="Fonds solidaire",
        funder=funder,
        holder=collective.structure,
        purpose="Que chacun·e paie la part qu’il ou elle choisit, sans rien prouver.",
        starts_on=now.date(),
        ends_on=now.date() + timedelta(days=800),
        now=now,
    )
    ledger.top_up_envelope(
        key="demo:envelope", envelope=envelope, amount_cents=900_000, now=now, actor=coordinator
    )
    _open_shares(collective, envelope, now)


def _open_shares(collective: Collective, envelope: Envelope, now: datetime) -> None:
    for share in SHARES:
        collectives.open_share(
            collective=collective, share_percent=share, envelope=envelope, now=now
        )


def _rounded(products: list[Product]) -> list[Product]:
    """Households complete the sacks of pulses; what is left of the others goes to the warehouse."""
    return [
        change_product(product=product, rounding=Rounding.VOLUNTEERS)
        if product.family == Family.PULSES
        else product
        for product in products
    ]


def _import_products(buyer: Structure, actor: Person, now: datetime) -> list[Product]:
    draft = catalogue.draft_import(
        buyer=buyer,
        file_name=PRODUCTS.name,
        content=PRODUCTS.read_bytes(),
        actor=actor,
        now=now,
    )
    catalogue.apply_import(draft=draft, actor=actor, now=now)
    return list(Product.objects.filter(buyer=buyer).select_related("producer"))


def _say_where_to_pay(
    structure: Structure, products: list[Product], coordinator: Person, now: datetime
) -> None:
    """Accounts at a bank that does not exist (99999), with keys that are right."""
    tell_bank_details(
        structure=structure, holder=COLLECTIVE, iban=_iban(0), actor=coordinator, now=now
    )
    for farm in {product.producer for product in products}:
        tell_bank_details(
            structure=farm,
            payer=structure,
            holder=farm.name[:70],
            iban=_iban(farm.pk),
            actor=coordinator,
            now=now,
        )


def _iban(number: int) -> str:
    """Both keys by ISO 7064's modulo 97: the RIB's, then the IBAN's."""
    account = f"9999900001{number:011}"
    rib = f"{account}{97 - int(account) * 100 % 97:02}"
    return f"FR{98 - int(f'{rib}152700') % 97:02}{rib}"


def _speak_for_the_farm(now: datetime) -> None:
    farmer = register_person(given_name="Estelle", family_name="Épeautre", now=now)
    _give(farmer, Structure.objects.get(name=FIRST_FARM), RoleKind.FARMER, now)


def _join(groups: list[Group], now: datetime) -> list[tuple[Person, Membership]]:
    """One household for each name, in the groups by turns; one in four has an e-mail address."""
    members = []
    for number, (given_name, family_name) in enumerate(inhabitants()):
        reachable = number % 4 == 0
        person = register_person(
            given_name=given_name,
            family_name=family_name,
            email=f"{given_name}.{number}@croqualim.example" if reachable else "",
            now=now,
        )
        membership = joining.join_group(
            group=groups[number % len(groups)], household=person.household, now=now
        )
        joining.choose_share(
            membership=membership,
            share_percent=CHOSEN[number % len(CHOSEN)],
            actor=person,
            now=now,
        )
        membership.refresh_from_db()
        members.append((person, membership))
    return members
