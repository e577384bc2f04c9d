"""An order taken for a member who telephones: names and quantities, and the amount due alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from croqualim.groupbuy.models import Membership, Offer, Order, Popup, Stop
from croqualim.groupbuy.queries.habits import Habits, Usual, favourites_of, habits_of, usual_in
from croqualim.groupbuy.queries.orders import as_offered, offers_of, wanted_of
from croqualim.groupbuy.queries.stops import stops_to_choose
from croqualim.groupbuy.rules.dictation import Item
from croqualim.groupbuy.rules.matching import named
from croqualim.groupbuy.rules.ordering import Offered
from croqualim.groupbuy.rules.pricing import Amounts, line_amounts, total
from croqualim.kernel.quantity import Unit


@dataclass(frozen=True)
class Taking:
    """What she may ask for, what her order holds already, what is in her basket."""

    popup: Popup
    membership: Membership
    order: Order | None
    offers: list[Offer]
    held: Mapping[int, int]  # offer id -> quantity
    basket: Mapping[int, int]  # the same, as it would be confirmed now
    extras: Mapping[int, int]  # as much more of each, to complete a packaging
    habits: Habits
    favourites: frozenset[int]  # product ids
    stops: Sequence[Stop] = ()  # to choose from, where the shop goes round

    @property
    def offered(self) -> dict[int, Offered]:
        return as_offered(self.offers, self.held)

    @property
    def items(self) -> list[Item]:
        """In the order of the shelves."""
        offered = self.offered
        hers = {*self.habits.quantities, *self.favourites}
        return [
            Item(
                named(offer.pk, offer.product.name, is_hers=offer.product_id in hers),
                Unit(offer.product.unit),
                offered[offer.pk],
            )
            for offer in self.offers
        ]

    @property
    def usual(self) -> Usual:
        """What her habits would add to the basket."""
        return usual_in(self.habits, self.offers, self.offered, self.basket)

    @property
    def lines(self) -> list[tuple[Offer, int, int]]:
        """Each with its quantity, and how much more she takes to complete a packaging."""
        return [
            (offer, self.basket[offer.pk], self.extras.get(offer.pk, 0))
            for offer in self.offers
            if offer.pk in self.basket
        ]

    @property
    def is_draft(self) -> bool:
        """Something else is chosen than what is ordered."""
        return self.basket != self.held

    @property
    def due_cents(self) -> int:
        """What she pays for it, as the confirmed order will say: rounded at the line."""
        return total([self._amounts(offer, n) for offer, n, _ in self.lines]).due_cents

    @property
    def fingerprint(self) -> str:
        """Of what is read back to her: a confirmation is of this, and of nothing else."""
        lines = (f"{offer.pk}:{quantity}+{extra}" for offer, quantity, extra in self.lines)
        return f"{','.join(lines)}={self.due_cents}"

    def _amounts(self, offer: Offer, quantity: int) -> Amounts:
        return line_amounts(
            quantity,
            cost_price_cents=offer.cost_price_cents,
            priced_quantity=offer.priced_quantity,
            share_percent=self.membership.share_percent,
        )


def taking(popup: Popup, membership: Membership) -> Taking:
    """In six queries, one more where the shop goes round. Her own unconfirmed basket is where she
    goes on from."""
    wanted = wanted_of(popup.cycle, membership)
    held = wanted.held.quantities
    basket = {offer: n for offer, n in wanted.now.quantities.items() if n}
    offers = list(offers_of(popup.cycle).filter(Q(withdrawn_at=None) | Q(pk__in={*held, *basket})))
    known = {offer.pk for offer in offers}
    return Taking(
        popup=popup,
        membership=membership,
        order=wanted.order,
        offers=offers,
        held=held,
        basket={offer: quantity for offer, quantity in basket.items() if offer in known},
        extras=wanted.now.extras,
        habits=habits_of(membership),
        favourites=favourites_of(membership),
        stops=stops_to_choose(popup, membership),
    )


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
