"""What a lorry's arriving would do: to the producer, to each order, to the warehouse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from croqualim.groupbuy.models import Offer, Order, OrderLine, PurchaseOrder, PurchaseOrderLine
from croqualim.groupbuy.queries.purchasing import lines_of
from croqualim.groupbuy.queries.waiting import Waiting, awaited, given_of, waiting_for
from croqualim.groupbuy.rules.pricing import line_amounts
from croqualim.groupbuy.rules.reception import Effect, Price, Received, Rule, effect
from croqualim.kernel.quantity import in_words


@dataclass(frozen=True)
class Arrival:
    """One line of a purchase order and what receiving so much of it does."""

    line: PurchaseOrderLine
    received: Sequence[Received]
    effect: Effect
    cost_cents: int  # owed to the producer
    price_cents: int  # what she asks today, at most
    announced_cents: int  # what members were told, at the full price, for the priced quantity
    members_price_cents: int

    @property
    def refused_quantity(self) -> int:
        return sum(one.refused_quantity for one in self.received)

    @property
    def lost_quantity(self) -> int:
        return sum(one.lost_quantity for one in self.received)

    @property
    def came_quantity(self) -> int:
        return sum(one.quantity for one in self.received) + self.refused_quantity

    @property
    def damage(self) -> str:
        return ", ".join(dict.fromkeys(one.damage for one in self.received if one.damage))

    @property
    def lost_cents(self) -> int:
        return sum(_cost(self.line.offer, one, one.lost_quantity) for one in self.received)

    @property
    def dearer_cents(self) -> int:
        """What it costs more than was announced: the collective's to bear."""
        announced = sum(
            Price(self.line.offer.farmer_price_cents, self.line.offer.priced_quantity).of(
                one.quantity
            )
            for one in self.received
        )
        return max(0, self.cost_cents - announced)

    @property
    def is_dearer(self) -> bool:
        return self.price_cents > self.line.offer.farmer_price_cents

    @property
    def is_cheaper(self) -> bool:
        return self.price_cents < self.line.offer.farmer_price_cents

    @property
    def is_cheaper_for_members(self) -> bool:
        return self.members_price_cents < self.announced_cents


@dataclass(frozen=True)
class OrderEffect:
    """What becomes of one order: quantities and what is to be paid; nothing that tells a share."""

    order: Order
    changes: Sequence[tuple[str, str, str]]  # product, before, after
    due_cents: int  # once it is noted

    @property
    def due_before_cents(self) -> int:
        return self.order.due_cents


@dataclass(frozen=True)
class Reckoning:
    """All that noting a delivery would change, read before anything is written."""

    arrivals: Sequence[Arrival]
    orders: Sequence[OrderEffect]

    @property
    def total_cents(self) -> int:
        return sum(arrival.cost_cents for arrival in self.arrivals)

    @property
    def has_arrived(self) -> bool:
        return any(arrival.came_quantity for arrival in self.arrivals)

    @property
    def is_incomplete(self) -> bool:
        """Whether something of what was awaited may come another day."""
        return any(
            sum(lot.quantity for lot in arrival.received) < arrival.effect.expected
            for arrival in self.arrivals
        )

    @property
    def is_short(self) -> bool:
        """Whether what is said to be the last lorry leaves somebody waiting."""
        return any(arrival.effect.is_short for arrival in self.arrivals)


def reckon(
    purchase_order: PurchaseOrder,
    received: Mapping[int, Sequence[Received]],
    *,
    is_last: bool,
    rule: Rule,
) -> Reckoning:
    """line id -> what came of it: what noting it would do."""
    lines = list(lines_of([purchase_order]))
    waiting, expected = waiting_for(lines), awaited(lines)
    arrivals = [
        _arrival(line, received[line.pk], waiting[line.offer_id], expected[line.pk], rule)
        for line in lines
    ]
    kept = {arrival.line.offer_id: arrival.effect.received for arrival in arrivals}
    given = given_of(waiting, kept, is_last=is_last, rule=rule)
    prices = {arrival.line.offer_id: arrival.members_price_cents for arrival in arrivals}
    return Reckoning(arrivals, _effects(given, prices))


def _arrival(
    line: PurchaseOrderLine, received: Sequence[Received], of: Waiting, expected: int, rule: Rule
) -> Arrival:
    asked = [_asked_cents(line.offer, one) for one in received if one.quantity]
    return Arrival(
        line=line,
        received=received,
        effect=effect(
            expected=expected,
            received=sum(one.kept_quantity for one in received),
            before=of.at_hand,
            asked=of.asked,
            step=line.offer.step_quantity,
            rule=rule,
        ),
        cost_cents=sum(_cost(line.offer, one, one.quantity) for one in received),
        price_cents=max(asked, default=line.offer.farmer_price_cents),
        announced_cents=of.announced_cents,
        members_price_cents=of.price_cents(asked),
    )


def _asked_cents(offer: Offer, received: Received) -> int:
    return offer.farmer_price_cents if received.price_cents is None else received.price_cents


def _cost(offer: Offer, received: Received, quantity: int) -> int:
    return Price(_asked_cents(offer, received), offer.priced_quantity).of(quantity)


def _effects(given: Mapping[OrderLine, int], prices: Mapping[int, int]) -> list[OrderEffect]:
    """Of each order that changes, by reference."""
    changed: dict[Order, list[tuple[str, str, str]]] = {}
    due: dict[Order, int] = {}
    for line, quantity in given.items():
        after = line_amounts(
            quantity,
            cost_price_cents=prices[line.offer_id],
            priced_quantity=line.offer.priced_quantity,
            share_percent=line.order.share_percent,
        )
        if quantity == line.quantity and after.due_cents == line.due_cents:
            continue
        unit = line.offer.product.unit
        said = (line.offer.product.name, in_words(line.quantity, unit), in_words(quantity, unit))
        changed.setdefault(line.order, []).append(said)
        due[line.order] = (
            due.get(line.order, line.order.due_cents) + after.due_cents - line.due_cents
        )
    return [
        OrderEffect(order, changed[order], due[order])
        for order in sorted(changed, key=lambda order: order.reference)
    ]
