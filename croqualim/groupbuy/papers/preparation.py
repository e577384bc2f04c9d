"""What is on the tables of the warehouse and of the shop: sheets, and the sign-in list.

Names and quantities; no price, no share.
"""

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Cycle, OrderLine, Popup
from croqualim.groupbuy.papers.editions import orders_as_of
from croqualim.groupbuy.queries import preparation as queries
from croqualim.groupbuy.queries.printing import edition_of_orders, edition_of_shop
from croqualim.kernel.period import moment_in_words
from croqualim.kernel.quantity import in_words
from croqualim.kernel.text import fold
from croqualim.ui.pdf import render_pdf

BY_PRODUCT, BY_ORDER, SIGN_IN, BY_GROUP = "par-produit", "par-commande", "arrivees", "par-groupe"
STOPS_ON_A_PAGE = 6


def by_product_pdf(popup: Popup, *, now: datetime) -> bytes:
    """How much of each product, in how many bags of how much."""
    rows = [
        {
            "family": str(row.product.get_family_display()),
            "name": row.product.name,
            "total": row.quantity_in_words,
            "portions": row.portions,
        }
        for row in queries.by_product(popup)
    ]
    return _sheet(
        "prepare_by_product", BY_PRODUCT, popup, _("Préparation par produit"), now, rows=rows
    )


def by_order_pdf(popup: Popup, *, now: datetime) -> bytes:
    """What goes into each bag."""
    bags = [
        {
            "reference": bag.reference,
            "who": bag.who,
            "stop": str(bag.stop or ""),
            "lines": [
                {
                    "name": line.offer.product.name,
                    "quantity": _quantity(line),
                    "cold": line in bag.kept_cold,
                }
                for line in bag.lines
            ],
        }
        for bag in queries.by_order(popup)
    ]
    return _sheet(
        "prepare_by_order", BY_ORDER, popup, _("Préparation par commande"), now, bags=bags
    )


def sign_in_pdf(popup: Popup, *, now: datetime) -> bytes:
    """Who is expected, by name, with room to sign. No amount: the next in line reads it too."""
    bags = sorted(queries.by_order(popup), key=lambda bag: fold(" ".join(bag.names)))
    parts = [{"stop": stop, "rows": _expected(bags, stop)} for stop in _stops(bags)]
    return _sheet("sign_in", SIGN_IN, popup, _("Feuille d’arrivée"), now, parts=parts)


def _stops(bags: Sequence[queries.Bag]) -> list[str]:
    """In the order of the round, '' for what is collected at the shop itself; [''] for nobody."""
    stops = sorted({bag.stop for bag in bags if bag.stop}, key=lambda s: (s.starts_at, s.position))
    at_shop = [""] if not stops or any(bag.stop is None for bag in bags) else []
    return at_shop + [str(stop) for stop in stops]


def _expected(bags: Sequence[queries.Bag], stop: str) -> list[dict[str, str]]:
    return [
        {"names": ", ".join(bag.names), "number": str(bag.number), "reference": bag.reference}
        for bag in bags
        if str(bag.stop or "") == stop
    ]


def _sheet(
    paper: str, name: str, popup: Popup, title: str, now: datetime, **values: Sequence[object]
) -> bytes:
    data = {
        "title": title,
        "group": popup.group.name,
        "cycle": popup.cycle.name,
        "place": f"{popup.place}, {moment_in_words(localtime(popup.starts_at))}",
        **values,
    }
    state = orders_as_of(edition_of_shop(popup, name))
    return render_pdf(f"groupbuy/papers/{paper}.typ", data, printed_at=now, state=state)


def _quantity(line: OrderLine) -> str:
    return in_words(line.quantity, line.offer.product.unit)


def by_group_pdf(cycle: Cycle, *, now: datetime) -> bytes:
    """What the warehouse sends where: a column for each stop, some stops a page."""
    shops = queries.shops_of(cycle)
    rows = queries.by_group(cycle, shops)
    data = {
        "title": _("Préparation par groupement"),
        "cycle": cycle.name,
        "collective": cycle.collective.structure.name,
        "parts": [
            {
                "stops": [_stop(shop) for shop in shops[start : start + STOPS_ON_A_PAGE]],
                "rows": [_sent(row, start) for row in rows],
            }
            for start in range(0, len(shops), STOPS_ON_A_PAGE)
        ],
    }
    state = orders_as_of(edition_of_orders(cycle, BY_GROUP))
    return render_pdf("groupbuy/papers/prepare_by_group.typ", data, printed_at=now, state=state)


def _stop(shop: Popup) -> dict[str, str]:
    return {"name": shop.group.name, "at": moment_in_words(localtime(shop.starts_at))}


def _sent(row: queries.InWarehouse, start: int) -> dict[str, object]:
    unit = row.product.unit
    cells = row.cells[start : start + STOPS_ON_A_PAGE]
    return {
        "name": row.product.name,
        "quantities": [in_words(quantity, unit) if quantity else "" for _shop, quantity in cells],
        "total": in_words(row.total, unit),
    }
