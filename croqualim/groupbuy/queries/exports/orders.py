"""The orders of a cycle, and their lines. Quantities, no amount: what she pays tells her share."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Count
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Cycle, Offer, Order, OrderLine
from croqualim.kernel.tables import Amount, Column, Columns, Kind, Table, unit_in_word

AT_ONCE = 2000  # rows read from the database in one go


class OrderRow(NamedTuple):
    reference: str
    names: str
    number: int
    group: str
    products: int
    placed_at: datetime
    changed_at: datetime | None
    state: str


class LineRow(NamedTuple):
    group: str
    reference: str
    number: int
    producer: str
    product: str
    family: str
    asked: Amount
    given: Amount


def orders(cycle: Cycle) -> Table[OrderRow]:
    """Each order, cancelled ones too, as the page of orders shows it."""
    columns: Columns[OrderRow] = (
        Column(_("Commande"), attrgetter("reference")),
        Column(_("Foyer"), attrgetter("names"), width=32),
        Column(_("Numéro"), attrgetter("number"), Kind.WHOLE, width=9),
        Column(_("Groupement"), attrgetter("group"), width=24),
        Column(_("Produits"), attrgetter("products"), Kind.WHOLE, width=9),
        Column(_("Passée le"), attrgetter("placed_at"), Kind.MOMENT),
        Column(_("Modifiée le"), attrgetter("changed_at"), Kind.MOMENT),
        Column(_("État"), attrgetter("state")),
    )
    return Table(_("Commandes %(cycle)s") % {"cycle": cycle.name}, columns, _orders(cycle))


def order_lines(cycle: Cycle) -> Table[LineRow]:
    """Each line of each live order, by group and reference."""
    columns: Columns[LineRow] = (
        Column(_("Groupement"), attrgetter("group"), width=24),
        Column(_("Commande"), attrgetter("reference")),
        Column(_("Numéro"), attrgetter("number"), Kind.WHOLE, width=9),
        Column(_("Producteur"), attrgetter("producer"), width=28),
        Column(_("Produit"), attrgetter("product"), width=34),
        Column(_("Famille"), attrgetter("family"), width=24),
        Column(_("Demandé"), attrgetter("asked"), Kind.QUANTITY, width=10),
        Column(_("Servi"), attrgetter("given"), Kind.QUANTITY, width=10),
        Column(_("Unité"), lambda row: unit_in_word(row.given.unit), width=8),
    )
    return Table(_("Lignes %(cycle)s") % {"cycle": cycle.name}, columns, _lines(cycle))


def _orders(cycle: Cycle) -> Iterator[OrderRow]:
    names = _names(cycle)
    rows = (
        Order.objects.filter(cycle=cycle)
        .annotate(products=Count("lines"))
        .order_by("popup__group__name", "reference", "pk")
        .values_list(
            "reference",
            "membership__household",
            "membership__number",
            "popup__group__name",
            "products",
            "placed_at",
            "changed_at",
            "cancelled_at",
            "collected_at",
            "absent_at",
        )
    )
    for reference, household, number, group, products, placed, changed, *ends in rows.iterator(
        AT_ONCE
    ):
        said = ", ".join(names.get(household, ()))
        yield OrderRow(reference, said, number, group, products, placed, changed, _state(*ends))


def _names(cycle: Cycle) -> dict[int, list[str]]:
    """household -> its people."""
    ordering = Order.objects.filter(cycle=cycle).values("membership__household")
    people = Person.objects.filter(household__in=ordering, is_active=True).order_by("pk")
    names: defaultdict[int, list[str]] = defaultdict(list)
    for household, given, family in people.values_list("household", "given_name", "family_name"):
        names[household].append(f"{given} {family}".strip())
    return names


def _state(
    cancelled_at: datetime | None, collected_at: datetime | None, absent_at: datetime | None
) -> str:
    if cancelled_at:
        return _("annulée")
    if collected_at:
        return _("retirée")
    return _("non retirée") if absent_at else _("à retirer")


def _lines(cycle: Cycle) -> Iterator[LineRow]:
    offers = {
        offer.pk: (
            offer.product.producer.name,
            offer.product.name,
            str(offer.product.get_family_display()),
            offer.product.unit,
        )
        for offer in Offer.objects.filter(cycle=cycle).select_related("product__producer")
    }
    rows = (
        OrderLine.objects.filter(order__cycle=cycle, order__cancelled_at=None)
        .order_by("order__popup__group__name", "order__reference", "pk")
        .values_list(
            "order__popup__group__name",
            "order__reference",
            "order__membership__number",
            "offer",
            "asked_quantity",
            "quantity",
        )
    )
    for group, reference, number, offer, asked, given in rows.iterator(AT_ONCE):
        producer, product, family, unit = offers[offer]
        of_unit = Amount(asked, unit), Amount(given, unit)
        yield LineRow(group, reference, number, producer, product, family, *of_unit)
