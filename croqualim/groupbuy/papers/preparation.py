"""What is on the tables of the warehouse and of the shop: sheets, labels, the sign-in list.

Names and quantities; no price, no share. Each says when it was printed, and what state of the
orders it shows.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from croqualim.groupbuy.models import OrderLine, Popup
from croqualim.groupbuy.queries import preparation as queries
from croqualim.kernel.period import moment_in_words
from croqualim.kernel.quantity import in_words
from croqualim.ui.pdf import render_pdf

COLD_ON_A_LABEL = 3  # more does not fit: the sheet says the rest


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
    return _sheet("prepare_by_product", popup, _("Préparation par produit"), now, rows=rows)


def by_order_pdf(popup: Popup, *, now: datetime) -> bytes:
    """What goes into each bag."""
    bags = [
        {
            "reference": bag.reference,
            "who": _who(bag),
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
    return _sheet("prepare_by_order", popup, _("Préparation par commande"), now, bags=bags)


def labels_pdf(popup: Popup, *, now: datetime) -> bytes:
    """One per bag, 21 to a sheet of 63,5 × 38,1 mm labels."""
    labels = [
        {
            "reference": bag.reference,
            "who": _who(bag),
            "products": _products(len(bag.lines) - len(bag.kept_cold)),
            "cold": _cold(bag.kept_cold),
        }
        for bag in queries.by_order(popup)
        if bag.lines
    ]
    return _sheet("labels", popup, _("Étiquettes"), now, labels=labels)


def sign_in_pdf(popup: Popup, *, now: datetime) -> bytes:
    """Who is expected: by name, with a box to tick."""
    bags = sorted(queries.by_order(popup), key=lambda bag: bag.names)
    rows = [
        {"names": ", ".join(bag.names), "number": str(bag.number), "reference": bag.reference}
        for bag in bags
    ]
    return _sheet("sign_in", popup, _("Liste d’arrivée"), now, rows=rows)


PAPERS: dict[str, Callable[..., bytes]] = {
    "par-produit": by_product_pdf,
    "par-commande": by_order_pdf,
    "etiquettes": labels_pdf,
    "arrivees": sign_in_pdf,
}


def _sheet(
    paper: str, popup: Popup, title: str, now: datetime, **values: Sequence[object]
) -> bytes:
    changed_at = queries.changed_at(popup)
    state = moment_in_words(localtime(changed_at)) if changed_at else ""
    data = {
        "title": title,
        "group": popup.group.name,
        "cycle": popup.cycle.name,
        "place": f"{popup.place}, {moment_in_words(localtime(popup.starts_at))}",
        "state": _("Commandes telles qu’elles sont depuis : %(moment)s.") % {"moment": state}
        if state
        else "",
        **values,
    }
    return render_pdf(f"groupbuy/papers/{paper}.typ", data, printed_at=now)


def _who(bag: queries.Bag) -> str:
    return f"{bag.short_name} · n°\u00a0{bag.number}" if bag.short_name else f"n°\u00a0{bag.number}"


def _products(count: int) -> str:
    if not count:
        return _("rien dans le sac")
    return ngettext("%(count)s produit dans le sac", "%(count)s produits dans le sac", count) % {
        "count": count
    }


def _cold(lines: Sequence[OrderLine]) -> str:
    """'Œufs 6 pièces, Tomme 500 g': what its owner takes from the cold."""
    said = [f"{line.offer.product.name} {_quantity(line)}" for line in lines[:COLD_ON_A_LABEL]]
    more = len(lines) - len(said)
    return ", ".join(said) + (_(" et %(more)s de plus") % {"more": more} if more else "")


def _quantity(line: OrderLine) -> str:
    return in_words(line.quantity, line.offer.product.unit)
