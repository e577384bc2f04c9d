"""What a collective keeps: members as their page shows them, prices, goods, and its books."""

from collections.abc import Iterator
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import F, OuterRef, Subquery
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.catalogue.models import PriceChange
from croqualim.groupbuy.models import Collective, Membership, MembershipYear
from croqualim.kernel.identifiers import phone_in_words
from croqualim.kernel.tables import Amount, Column, Columns, Kind, Table, unit_in_word
from croqualim.stock.models import REAL, Level, Movement

AT_ONCE = 2000  # rows read from the database in one go


class MemberRow(NamedTuple):
    number: int
    names: str
    group: str
    joined_at: datetime
    until: date | None
    phone: str
    email: str


class PriceRow(NamedTuple):
    producer: str
    product: str
    since: datetime
    cents: int
    priced: Amount
    by: str
    is_hers: bool


class LevelRow(NamedTuple):
    place: str
    product: str
    lot: str
    best_before_on: date | None
    there: Amount
    held: Amount


class MovementRow(NamedTuple):
    at: datetime
    product: str
    lot: str
    source: str
    target: str
    moved: Amount
    reason: str


def members(collective: Collective) -> Table[MemberRow]:
    """Live memberships: no share, and no amount."""
    columns: Columns[MemberRow] = (
        Column(_("Numéro"), attrgetter("number"), Kind.WHOLE, 9),
        Column(_("Foyer"), attrgetter("names"), width=34),
        Column(_("Groupement"), attrgetter("group"), width=24),
        Column(_("Depuis le"), attrgetter("joined_at"), Kind.MOMENT),
        Column(_("Adhésion jusqu’au"), attrgetter("until"), Kind.DAY),
        Column(_("Téléphone"), attrgetter("phone")),
        Column(_("Adresse e-mail"), attrgetter("email"), width=30),
    )
    return Table(_("Adhérents %(who)s") % {"who": collective}, columns, _members(collective))


def _members(collective: Collective) -> Iterator[MemberRow]:
    people = _people(collective)
    last_year = MembershipYear.objects.filter(membership=OuterRef("pk")).order_by("-ends_on")
    rows = (
        Membership.objects.filter(collective=collective, left_at=None)
        .annotate(until=Subquery(last_year.values("ends_on")[:1]))
        .order_by("number")
        .values_list("number", "household", "group__name", "joined_at", "until")
    )
    for number, household, group, joined_at, until in rows.iterator(AT_ONCE):
        here = people.get(household, [])
        phone = next((person.phone for person in here if person.phone), "")
        email = next((person.email for person in here if person.email), "")
        names = ", ".join(str(person) for person in here)
        said = phone_in_words(phone) if phone else ""
        yield MemberRow(number, names, group, joined_at, until, said, email)


def _people(collective: Collective) -> dict[int, list[Person]]:
    """household -> its people."""
    live = Membership.objects.filter(collective=collective, left_at=None)
    people = Person.objects.filter(household__in=live.values("household"), is_active=True)
    by_household: dict[int, list[Person]] = {}
    for person in people.only("household", "given_name", "family_name", "phone", "email"):
        by_household.setdefault(person.household_id, []).append(person)
    return by_household


def prices(collective: Collective) -> Table[PriceRow]:
    """Every price that a producer asked, since when, and who wrote it down."""
    columns: Columns[PriceRow] = (
        Column(_("Producteur"), attrgetter("producer"), width=28),
        Column(_("Produit"), attrgetter("product"), width=34),
        Column(_("Depuis le"), attrgetter("since"), Kind.MOMENT),
        Column(_("Prix du producteur (€)"), attrgetter("cents"), Kind.CENTS, 12),
        Column(_("Prix pour"), attrgetter("priced"), Kind.QUANTITY, 10),
        Column(_("Unité"), lambda row: unit_in_word(row.priced.unit), width=8),
        Column(_("Noté par"), attrgetter("by"), width=24),
        Column(_("Par le producteur"), lambda row: _("oui") if row.is_hers else _("non")),
    )
    return Table(_("Prix %(who)s") % {"who": collective}, columns, _prices(collective))


def _prices(collective: Collective) -> Iterator[PriceRow]:
    changes = (
        PriceChange.objects.filter(product__buyer=collective.structure_id)
        .select_related("product__producer", "actor")
        .order_by("product__producer__search_name", "product__search_name", "product", "at", "pk")
    )
    for change in changes.iterator(AT_ONCE):
        product = change.product
        yield PriceRow(
            product.producer.name,
            product.name,
            change.at,
            change.price_cents,
            Amount(change.priced_quantity, product.unit),
            str(change.actor or ""),
            change.by_producer,
        )


def levels(collective: Collective) -> Table[LevelRow]:
    """What lies where, lot by lot, in the order in which it goes."""
    columns: Columns[LevelRow] = (
        Column(_("Lieu"), attrgetter("place"), width=24),
        Column(_("Produit"), attrgetter("product"), width=34),
        Column(_("Lot"), attrgetter("lot")),
        Column(_("À consommer avant le"), attrgetter("best_before_on"), Kind.DAY),
        Column(_("Il y a"), attrgetter("there"), Kind.QUANTITY, 10),
        Column(_("Dont réservé"), attrgetter("held"), Kind.QUANTITY, 10),
        Column(_("Unité"), lambda row: unit_in_word(row.there.unit), width=8),
    )
    return Table(_("Stock %(who)s") % {"who": collective}, columns, _levels(collective))


def _levels(collective: Collective) -> Iterator[LevelRow]:
    there = (
        Level.objects.filter(
            location__keeper=collective.structure_id, location__kind__in=REAL, quantity__gt=0
        )
        .select_related("lot__product", "location")
        .order_by(
            "location__name",
            "lot__product__search_name",
            F("lot__best_before_on").asc(nulls_last=True),
            "pk",
        )
    )
    for level in there.iterator(AT_ONCE):
        lot, product = level.lot, level.lot.product
        yield LevelRow(
            level.location.name,
            product.name,
            lot.code,
            lot.best_before_on,
            Amount(level.quantity, product.unit),
            Amount(level.reserved_quantity, product.unit),
        )


def movements(collective: Collective) -> Table[MovementRow]:
    """All that moved, the newest first. To 'foyers': no order and no name."""
    columns: Columns[MovementRow] = (
        Column(_("Moment"), attrgetter("at"), Kind.MOMENT),
        Column(_("Produit"), attrgetter("product"), width=34),
        Column(_("Lot"), attrgetter("lot")),
        Column(_("De"), attrgetter("source"), width=24),
        Column(_("Vers"), attrgetter("target"), width=24),
        Column(_("Quantité"), attrgetter("moved"), Kind.QUANTITY, 10),
        Column(_("Unité"), lambda row: unit_in_word(row.moved.unit), width=8),
        Column(_("Pourquoi"), attrgetter("reason"), width=30),
    )
    return Table(_("Mouvements %(who)s") % {"who": collective}, columns, _movements(collective))


def _movements(collective: Collective) -> Iterator[MovementRow]:
    moved = (
        Movement.objects.filter(from_location__keeper=collective.structure_id)
        .order_by("-at", "-pk")
        .values_list(
            "at",
            "lot__product__name",
            "lot__code",
            "from_location__name",
            "to_location__name",
            "quantity",
            "lot__product__unit",
            "reason",
        )
    )
    for at, product, lot, source, target, quantity, unit, reason in moved.iterator(AT_ONCE):
        yield MovementRow(at, product, lot, source, target, Amount(quantity, unit), reason)
