"""The purchase order on paper and for a spreadsheet. No member is on either, nor how many."""

from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import PurchaseOrder
from croqualim.groupbuy.papers.editions import purchase_as_of
from croqualim.groupbuy.queries.printing import edition_of_purchase_order
from croqualim.groupbuy.queries.purchasing import Contents, contents_of, deliver_before
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words
from croqualim.network.models import Structure
from croqualim.ui.pdf import render_pdf


def purchase_order_pdf(purchase_order: PurchaseOrder, *, printed_at: datetime) -> bytes:
    contents = contents_of(purchase_order)
    state = purchase_as_of(edition_of_purchase_order(purchase_order))
    return render_pdf(
        "groupbuy/papers/purchase_order.typ", _data(contents), printed_at=printed_at, state=state
    )


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
