"""An order taken for a member who telephones: names and quantities, and the amount due alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from croqualim.groupbuy.models import Membership, Offer, Order, Popup
from croqualim.groupbuy.queries.orders import live_order, offers_of, quantities_of
from croqualim.groupbuy.rules.pricing import Amounts, line_amounts, total


@dataclass(frozen=True)
class Taking:
    """What she may ask for, and what her order holds already."""

    popup: Popup
    membership: Membership
    order: Order | None
    offers: list[Offer]
    held: Mapping[int, int]  # offer id -> quantity

    def due_cents(self, basket: Mapping[int, int]) -> int:
        """What she pays for it, as the confirmed order will say: rounded at the line."""
        return total([self._amounts(offer, basket) for offer in self.offers]).due_cents

    def _amounts(self, offer: Offer, basket: Mapping[int, int]) -> Amounts:
        return line_amounts(
            basket.get(offer.pk, 0),
            cost_price_cents=offer.cost_price_cents,
            priced_quantity=offer.priced_quantity,
            share_percent=self.membership.share_percent,
        )


def taking(popup: Popup, membership: Membership) -> Taking:
    """In three queries. Her unconfirmed basket is not read: she may be looking at it."""
    order = live_order(popup.cycle_id, membership)
    held = quantities_of(order)
    offers = offers_of(popup.cycle).filter(Q(withdrawn_at=None) | Q(pk__in=held))
    return Taking(popup, membership, order, list(offers), held)


def shops_open_to(membership: Membership, now: datetime) -> QuerySet[Popup]:
    """Shops of her group whose orders are open, each with `has_order`; none once she has left."""
    orders = Order.objects.filter(popup=OuterRef("pk"), membership=membership, cancelled_at=None)
    shops = Popup.objects.filter(
        group__memberships=membership,
        group__memberships__left_at=None,
        cycle__published_at__isnull=False,
        cycle__opens_at__lte=now,
        cycle__closes_at__gt=now,
        cycle__bought_at=None,
    )
    return (
        shops.select_related("cycle")
        .annotate(has_order=Exists(orders))
        .order_by("cycle__closes_at", "pk")
    )
