"""The price list to hang up and to hand out: what is sold, by whom, at what price. No share."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.catalogue.models import Family, Label, Product
from croqualim.groupbuy.models import Cycle, Offer, Popup
from croqualim.groupbuy.papers.editions import prices_as_of
from croqualim.groupbuy.queries.orders import offers_of
from croqualim.groupbuy.queries.preparation import shops_of
from croqualim.groupbuy.queries.printing import edition_of_offers
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import day_in_words, moment_in_words
from croqualim.kernel.quantity import in_words, price_in_words
from croqualim.ui.pdf import render_pdf
from croqualim.ui.qr import qr_svg

PRICE_LIST = "prix"


def price_list_pdf(cycle: Cycle, *, now: datetime) -> bytes:
    """A4, two columns, by family; whole prices, and what of each goes to the farmer."""
    offered = [offer for offer in offers_of(cycle) if offer.withdrawn_at is None]
    data = {
        "title": _("Les prix, %(cycle)s") % {"cycle": cycle.name.lower()},
        "collective": cycle.collective.structure.name,
        "closes": moment_in_words(localtime(cycle.closes_at)),
        "shops": [_shop(popup) for popup in shops_of(cycle)],
        "families": [_family(name, offers) for name, offers in _by_family(offered)],
        "address": settings.SITE_URL.removeprefix("https://").removeprefix("http://"),
        "code": qr_svg(settings.SITE_URL),
    }
    state = prices_as_of(edition_of_offers(cycle, PRICE_LIST))
    return render_pdf("groupbuy/papers/price_list.typ", data, printed_at=now, state=state)


def _by_family(offers: Iterable[Offer]) -> Iterable[tuple[str, list[Offer]]]:
    """In the order of the families, which is that of the screen."""
    order = list(Family)
    placed = sorted(offers, key=lambda o: order.index(Family(o.product.family)))
    for family, here in groupby(placed, key=lambda offer: offer.product.family):
        yield str(Family(family).label), sorted(here, key=lambda o: o.product.search_name)


def _family(name: str, offers: list[Offer]) -> dict[str, object]:
    return {"name": name, "offers": [_offer(offer) for offer in offers]}


def _offer(offer: Offer) -> dict[str, object]:
    product = offer.product
    price = price_in_words(offer.cost_price_cents, offer.priced_quantity, product.unit)
    amount, _space, per = price.partition(" ")
    return {
        "name": product.name,
        "signs": [_sign(label) for label in product.labels if label in Label],
        "from": ", ".join(filter(None, [product.producer.name, product.origin])),
        "step": _step(offer, product),
        "amount": amount,
        "per": per,
        "farmer": _farmer(offer),
    }


def _sign(label: str) -> str:
    """Short, for a column: 'bio', 'AOP'."""
    return _("bio") if label == Label.ORGANIC else str(Label(label).label)


def _step(offer: Offer, product: Product) -> str:
    return _("par %(step)s") % {"step": in_words(offer.step_quantity, product.unit)}


def _farmer(offer: Offer) -> str:
    """What the producer asked, of the price that stands beside it."""
    if offer.farmer_price_cents == offer.cost_price_cents:
        return _("tout au producteur")
    return _("dont %(price)s au producteur") % {"price": in_euros(offer.farmer_price_cents)}


def _shop(popup: Popup) -> str:
    day = day_in_words(localtime(popup.starts_at).date())
    return f"{popup.group.name} : {day}, {popup.place}"
