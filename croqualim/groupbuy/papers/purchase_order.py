"""The purchase order on paper and for a spreadsheet. No member is on either, nor how many."""

import csv
import io
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.catalogue.rules.cells import disarm
from croqualim.groupbuy.models import PurchaseOrder
from croqualim.groupbuy.queries.purchasing import Contents, Wanted, contents_of, deliver_before
from croqualim.kernel.money import NO_BREAK_SPACE, in_euros
from croqualim.kernel.period import day_in_words
from croqualim.kernel.quantity import BIGGER, Unit, in_words
from croqualim.network.models import Structure
from croqualim.ui.pdf import render_pdf

HEADER = (
    "Bon de commande",
    "Code",
    "Produit",
    "Conditionnements",
    "Conditionnement",
    "Quantité",
    "Unité",
    "Prix du producteur",
    "Montant (€)",
)


def purchase_order_pdf(purchase_order: PurchaseOrder, *, printed_at: datetime) -> bytes:
    contents = contents_of(purchase_order)
    return render_pdf("groupbuy/papers/purchase_order.typ", _data(contents), printed_at=printed_at)


def purchase_order_csv(purchase_order: PurchaseOrder) -> bytes:
    """For a French spreadsheet: UTF-8 with its mark, semicolons, decimal commas, no formulas."""
    file = io.StringIO()
    writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADER)
    for wanted in contents_of(purchase_order).wanted:
        writer.writerow([disarm(cell) for cell in _cells(purchase_order.number, wanted)])
    return file.getvalue().encode("utf-8-sig")


def _data(contents: Contents) -> dict[str, object]:
    order = contents.purchase_order
    shop = deliver_before(order.cycle)
    buyer = _party(order.cycle.collective.structure)
    warehouse = order.cycle.collective.warehouse.name
    return {
        "title": _("Bon de commande %(number)s") % {"number": order.number},
        "lead": order.cycle.name,
        "buyer": buyer,
        "producer": _party(order.producer),
        "made_on": day_in_words(localtime(order.made_at).date()),
        "delivery_place": ", ".join(filter(None, [warehouse, buyer["commune"]])),
        "deliver_before": day_in_words(localtime(shop.starts_at).date()) if shop else "",
        "rows": [
            [
                wanted.line.offer.product.name,
                wanted.line.offer.product.sku,
                wanted.packages_in_words,
                wanted.quantity_in_words,
                wanted.price_in_words,
                in_euros(wanted.cost_cents),
            ]
            for wanted in contents.wanted
        ],
        "total": in_euros(contents.total_cents),
    }


def _party(structure: Structure) -> dict[str, str]:
    return {
        "name": structure.name,
        "commune": str(structure.commune or ""),
        "email": structure.email,
        "phone": structure.phone_in_words if structure.phone else "",
    }


def _cells(number: str, wanted: Wanted) -> list[str]:
    offer = wanted.line.offer
    product = offer.product
    packaging = product.packaging_name or _("conditionnement")
    content = in_words(offer.packaging_quantity, product.unit).replace(NO_BREAK_SPACE, " ")
    quantity, unit = _plain(wanted.line.quantity, product.unit)
    return [
        number,
        product.sku,
        product.name,
        str(wanted.line.packages),
        f"{packaging} de {content}",
        quantity,
        unit,
        wanted.price_in_words,
        _comma(wanted.cost_cents, 100),
    ]


def _plain(quantity: int, unit: str) -> tuple[str, str]:
    """(2500, 'g') -> ('2,500', 'kg'): a number that a spreadsheet adds up, always in one unit."""
    if unit == Unit.PIECE:
        return str(quantity), "pièce"
    symbol, size, _said = BIGGER[Unit(unit)]
    return _comma(quantity, size), symbol


def _comma(value: int, size: int) -> str:
    whole, rest = divmod(value, size)
    decimals = len(str(size)) - 1
    return f"{whole},{rest:0{decimals}}"
