"""What is offered, bought and delivered. No member is in it, nor how many there are."""

from collections.abc import Iterator
from datetime import date, datetime
from operator import attrgetter
from typing import NamedTuple

from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective, Cycle, DeliveryLine, PurchaseOrder
from croqualim.groupbuy.queries.orders import offers_of
from croqualim.groupbuy.queries.purchasing import Wanted, contents_of, owed_for, purchase_orders_of
from croqualim.groupbuy.queries.statements import Row, statement_of
from croqualim.kernel.quantity import in_words, price_in_words
from croqualim.kernel.tables import Amount, Column, Columns, Kind, Table, unit_in_word
from croqualim.network.models import Structure

AT_ONCE = 2000  # rows read from the database in one go


class OfferRow(NamedTuple):
    producer: str
    product: str
    family: str
    origin: str
    farmer_cents: int
    cost_cents: int
    priced: Amount
    limit: Amount | None
    ordered: Amount
    state: str


class BoughtRow(NamedTuple):
    number: str
    producer: str
    wanted: Wanted


class DeliveryRow(NamedTuple):
    number: str
    producer: str
    product: str
    at: datetime
    lot: str
    best_before_on: date | None
    accepted: Amount
    lost: Amount
    refused: Amount
    damage: str
    price: str
    owed_cents: int


def offers(cycle: Cycle) -> Table[OfferRow]:
    """Each product of the month, its prices and what is ordered of it."""
    columns: Columns[OfferRow] = (
        Column(_("Producteur"), attrgetter("producer"), width=28),
        Column(_("Produit"), attrgetter("product"), width=34),
        Column(_("Famille"), attrgetter("family"), width=24),
        Column(_("Origine"), attrgetter("origin")),
        Column(_("Prix du producteur (€)"), attrgetter("farmer_cents"), Kind.CENTS, 12),
        Column(_("Prix coûtant (€)"), attrgetter("cost_cents"), Kind.CENTS, 12),
        Column(_("Prix pour"), attrgetter("priced"), Kind.QUANTITY, 10),
        Column(_("Limite"), attrgetter("limit"), Kind.QUANTITY, 10),
        Column(_("Commandé"), attrgetter("ordered"), Kind.QUANTITY, 10),
        Column(_("Unité"), lambda row: unit_in_word(row.ordered.unit), width=8),
        Column(_("État"), attrgetter("state")),
    )
    return Table(_("Produits %(cycle)s") % {"cycle": cycle.name}, columns, _offers(cycle))


def _offers(cycle: Cycle) -> Iterator[OfferRow]:
    for offer in offers_of(cycle).iterator(AT_ONCE):
        product, unit = offer.product, offer.product.unit
        limit = offer.limit_quantity
        yield OfferRow(
            producer=product.producer.name,
            product=product.name,
            family=str(product.get_family_display()),
            origin=product.origin,
            farmer_cents=offer.farmer_price_cents,
            cost_cents=offer.cost_price_cents,
            priced=Amount(offer.priced_quantity, unit),
            limit=None if limit is None else Amount(limit, unit),
            ordered=Amount(offer.ordered_quantity, unit),
            state=_("retiré") if offer.withdrawn_at else _("proposé"),
        )


def purchase_orders(cycle: Cycle) -> Table[BoughtRow]:
    """Each line of each purchase order, and what came of it."""
    rows = [
        BoughtRow(contents.purchase_order.number, contents.purchase_order.producer.name, wanted)
        for contents in purchase_orders_of(cycle)
        for wanted in contents.wanted
    ]
    title = _("Bons de commande %(cycle)s") % {"cycle": cycle.name}
    return Table(title, _bought_columns(), rows)


def purchase_order(order: PurchaseOrder) -> Table[BoughtRow]:
    contents = contents_of(order)
    rows = [BoughtRow(order.number, order.producer.name, wanted) for wanted in contents.wanted]
    return Table(_("Bon %(number)s") % {"number": order.number}, _bought_columns(), rows)


def _bought_columns() -> Columns[BoughtRow]:
    return (
        Column(_("Bon de commande"), attrgetter("number")),
        Column(_("Producteur"), attrgetter("producer"), width=28),
        Column(_("Code"), lambda row: row.wanted.line.offer.product.sku, width=12),
        Column(_("Produit"), lambda row: row.wanted.line.offer.product.name, width=34),
        Column(_("Conditionnements"), lambda row: row.wanted.line.packages, Kind.WHOLE, 10),
        Column(_("Conditionnement"), lambda row: _packaging(row.wanted), width=22),
        Column(_("Quantité"), lambda row: _amount(row, row.wanted.line.quantity), Kind.QUANTITY),
        Column(_("Unité"), lambda row: unit_in_word(_unit(row)), width=8),
        Column(_("Prix du producteur"), lambda row: row.wanted.price_in_words, width=20),
        Column(_("Montant (€)"), lambda row: row.wanted.cost_cents, Kind.CENTS, 12),
        Column(_("Reçu"), lambda row: _amount(row, row.wanted.received_quantity), Kind.QUANTITY),
        Column(_("Dû (€)"), lambda row: row.wanted.received_cents, Kind.CENTS, 12),
    )


def _packaging(wanted: Wanted) -> str:
    offer = wanted.line.offer
    name = offer.product.packaging_name or _("conditionnement")
    return f"{name} de {in_words(offer.packaging_quantity, offer.product.unit)}"


def _unit(row: BoughtRow) -> str:
    return row.wanted.line.offer.product.unit


def _amount(row: BoughtRow, quantity: int) -> Amount:
    return Amount(quantity, _unit(row))


def deliveries(cycle: Cycle) -> Table[DeliveryRow]:
    """What came, lot by lot; what was undone since is not in it."""
    columns: Columns[DeliveryRow] = (
        Column(_("Bon de commande"), attrgetter("number")),
        Column(_("Producteur"), attrgetter("producer"), width=28),
        Column(_("Produit"), attrgetter("product"), width=34),
        Column(_("Reçu le"), attrgetter("at"), Kind.MOMENT),
        Column(_("Lot"), attrgetter("lot")),
        Column(_("À consommer avant le"), attrgetter("best_before_on"), Kind.DAY),
        Column(_("Accepté"), attrgetter("accepted"), Kind.QUANTITY, 10),
        Column(_("Dont perdu"), attrgetter("lost"), Kind.QUANTITY, 10),
        Column(_("Refusé"), attrgetter("refused"), Kind.QUANTITY, 10),
        Column(_("Unité"), lambda row: unit_in_word(row.accepted.unit), width=8),
        Column(_("Pourquoi"), attrgetter("damage"), width=24),
        Column(_("Prix ce jour-là"), attrgetter("price"), width=20),
        Column(_("Dû (€)"), attrgetter("owed_cents"), Kind.CENTS, 12),
    )
    return Table(_("Livraisons %(cycle)s") % {"cycle": cycle.name}, columns, _deliveries(cycle))


def _deliveries(cycle: Cycle) -> Iterator[DeliveryRow]:
    lines = DeliveryLine.objects.filter(
        delivery__purchase_order__cycle=cycle, delivery__undone_at=None
    ).select_related("delivery__purchase_order__producer", "purchase_line__offer__product", "lot")
    for line in lines.order_by("delivery__at", "pk").iterator(AT_ONCE):
        order, product = line.delivery.purchase_order, line.purchase_line.offer.product
        yield DeliveryRow(
            number=order.number,
            producer=order.producer.name,
            product=product.name,
            at=line.delivery.at,
            lot=line.lot.code if line.lot else "",
            best_before_on=line.lot.best_before_on if line.lot else None,
            accepted=Amount(line.quantity, product.unit),
            lost=Amount(line.lost_quantity, product.unit),
            refused=Amount(line.refused_quantity, product.unit),
            damage=line.damage,
            price=price_in_words(line.price_cents, line.priced_quantity, product.unit),
            owed_cents=owed_for(line),
        )


def farmer_statement(parties: tuple[Collective, Structure]) -> Table[Row]:
    """Deliveries and payments between a collective and a farm."""
    collective, farm = parties
    columns: Columns[Row] = (
        Column(_("Jour"), attrgetter("at"), Kind.MOMENT),
        Column(_("Opération"), attrgetter("what"), width=40),
        Column(_("Montant (€)"), attrgetter("change_cents"), Kind.CENTS, 12),
        Column(_("Reste dû (€)"), attrgetter("owed_cents"), Kind.CENTS, 12),
    )
    title = _("Relevé %(farm)s") % {"farm": farm.name}
    return Table(title, columns, statement_of(collective, farm).rows)
