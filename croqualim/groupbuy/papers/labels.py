"""Labels: one a bag, and one a portion weighed. In one go, however many."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from croqualim.catalogue.models import Allergen
from croqualim.groupbuy.models import OrderLine, Popup
from croqualim.groupbuy.papers.editions import orders_as_of
from croqualim.groupbuy.queries import preparation as queries
from croqualim.groupbuy.queries.printing import edition_of_shop
from croqualim.kernel.quantity import in_words
from croqualim.ui.labels import LABELS, USUAL, Labels
from croqualim.ui.pdf import render_pdf
from croqualim.ui.qr import qr_svg

BAGS, PORTIONS = "etiquettes", "portions"
COLD_ON_A_LABEL = 3  # more does not fit: the sheet says the rest


def bag_labels_pdf(
    popup: Popup, *, now: datetime, labels: Labels = LABELS[USUAL], start: int = 1
) -> bytes:
    """One per bag that holds something; its QR code opens the order at the till."""
    items = [
        {
            "reference": bag.reference,
            "who": bag.who,
            "products": _products(len(bag.lines) - len(bag.kept_cold)),
            "cold": _cold(bag.kept_cold),
            "group": bag.stop.place if bag.stop else popup.group.name,
            "cycle": popup.cycle.name.lower(),
            "code": qr_svg(_scanned(popup, bag.reference)),
        }
        for bag in queries.by_order(popup)
        if bag.lines
    ]
    return _printed("bag_labels", BAGS, popup, items, now, labels, start)


def portion_labels_pdf(
    popup: Popup, *, now: datetime, labels: Labels = LABELS[USUAL], start: int = 1
) -> bytes:
    """One per portion, product by product: what it is, for which order, and its allergens."""
    items = [
        {
            "name": row.product.name,
            "quantity": in_words(quantity, row.product.unit),
            "reference": reference,
            "allergens": _allergens(row.product.allergens),
            "origin": row.product.origin,
            "group": popup.group.name,
        }
        for row in queries.by_product(popup)
        for reference, quantity in row.parts
    ]
    return _printed("portion_labels", PORTIONS, popup, items, now, labels, start)


def _printed(
    template: str,
    paper: str,
    popup: Popup,
    items: Sequence[object],
    now: datetime,
    labels: Labels,
    start: int,
) -> bytes:
    edition = edition_of_shop(popup, paper)
    data = {
        "title": f"{_('Étiquettes')} · {popup.group.name} · {popup.cycle.name}",
        "labels": items,
        "sheet": labels.measures(start),
        "version": edition.version,
    }
    state = orders_as_of(edition)
    return render_pdf(f"groupbuy/papers/{template}.typ", data, printed_at=now, state=state)


def _scanned(popup: Popup, reference: str) -> str:
    return settings.SITE_URL + reverse("groupbuy:scan", args=[f"{reference}-{popup.pk}"])


def _products(count: int) -> str:
    if not count:
        return _("rien dans le sac")
    return ngettext("%(count)s produit dans le sac", "%(count)s produits dans le sac", count) % {
        "count": count
    }


def _cold(lines: Sequence[OrderLine]) -> str:
    """'Œufs 6 pièces, Tomme 500 g': what its owner takes from the cold."""
    said = [
        f"{line.offer.product.name} {in_words(line.quantity, line.offer.product.unit)}"
        for line in lines[:COLD_ON_A_LABEL]
    ]
    more = len(lines) - len(said)
    return ", ".join(said) + (_(" et %(more)s de plus") % {"more": more} if more else "")


def _allergens(codes: Sequence[str]) -> str:
    """'Contient : gluten, lait'. Nothing where none is noted: that promises nothing."""
    known = ", ".join(str(Allergen(code).label) for code in codes if code in Allergen)
    return _("Contient : %(allergens)s") % {"allergens": known} if known else ""
