"""A short cycle of fresh food, on its bad day: half a lorry, a wet crate, cheeses to weigh."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from croqualim.catalogue.actions.products import change_product
from croqualim.catalogue.models import Product, Unit
from croqualim.demo.region import Region
from croqualim.groupbuy.actions import closing, cycles, ordering, purchasing, reception
from croqualim.groupbuy.actions.weighing import Reading, weigh
from croqualim.groupbuy.models import Cycle, Offer, OrderLine, Popup, PurchaseOrder
from croqualim.groupbuy.rules.reception import Received

NAME = "Légumes et fromages de la semaine"
FARMS = ("Les Potagers de l’Exemple", "Bergerie de l’Exemple")
WEIGHED = {"P06": 1_000, "B02": 250}  # code -> grams that one is about
PERCENT = (104, 97, 101)  # of what was ordered, on the scale
KILOS = (1_000, 2_000, 500, 1_500)


def sell_by_weight(region: Region) -> None:
    """A pumpkin and a cheese are paid for what they weigh."""
    for product in region.products:
        if product.sku in WEIGHED:
            change_product(product=product, is_weighed=True, step_quantity=WEIGHED[product.sku])


def live(region: Region, shop_at: datetime) -> Cycle:
    """Ordered and bought; one farm has delivered, the other has brought a part."""
    cycle = _announce(region, shop_at)
    _order(region, cycle, shop_at - timedelta(days=8))
    closed_at = shop_at - timedelta(days=5)
    closing.close_cycle(cycle=cycle, actor=region.coordinator, now=closed_at)
    cycle.refresh_from_db()
    arrived_at = shop_at - timedelta(days=4, hours=1)
    for purchase_order in PurchaseOrder.objects.filter(cycle=cycle).select_related("producer"):
        purchasing.hand_over_otherwise(
            purchase_order=purchase_order, actor=region.coordinator, now=closed_at
        )
        _receive(region, purchase_order, arrived_at)
    _weigh(region, cycle, arrived_at + timedelta(hours=1))
    return cycle


def _announce(region: Region, shop_at: datetime) -> Cycle:
    at, group = shop_at - timedelta(days=12), region.groups[1]
    cycle = cycles.make_cycle(
        collective=region.collective,
        name=NAME,
        opens_at=shop_at - timedelta(days=9),
        closes_at=shop_at - timedelta(days=5, hours=2),
        shops=[
            cycles.ShopPlan(
                group=group,
                place=group.place,
                starts_at=shop_at,
                ends_at=shop_at + timedelta(hours=2),
            )
        ],
        actor=region.coordinator,
        now=at,
    )
    offered = Product.objects.filter(pk__in=[p.pk for p in region.products])
    limits = dict.fromkeys(offered.filter(producer__name__in=FARMS))
    cycles.set_offers(cycle=cycle, limits=limits, actor=region.coordinator, now=at)
    cycles.publish_cycle(cycle=cycle, actor=region.coordinator, now=at)
    return cycle


def _order(region: Region, cycle: Cycle, now: datetime) -> None:
    popup = Popup.objects.get(cycle=cycle)
    offers = list(Offer.objects.filter(cycle=cycle).select_related("product").order_by("pk"))
    members = [pair for pair in region.members if pair[1].group_id == popup.group_id]
    for number, (person, membership) in enumerate(members[:12]):
        basket = {
            offer.pk: _quantity(offer, number + place)
            for place, offer in enumerate(offers)
            if (number + place) % 2
        }
        ordering.confirm_order(
            popup=popup, membership=membership, basket=basket, actor=person, now=now
        )


def _quantity(offer: Offer, turn: int) -> int:
    is_counted = offer.product.unit == Unit.PIECE
    wanted = offer.step_quantity if is_counted else KILOS[turn % len(KILOS)]
    return max(1, wanted // offer.step_quantity) * offer.step_quantity


def _receive(region: Region, purchase_order: PurchaseOrder, now: datetime) -> None:
    lines = list(purchase_order.lines.select_related("offer").order_by("pk"))
    is_part = purchase_order.producer.name == FARMS[0]
    reception.receive_delivery(
        purchase_order=purchase_order,
        received={
            line.pk: [_came(line.quantity, now.date(), is_part=is_part, is_wet=is_part and not n)]
            for n, line in enumerate(lines)
        },
        number=1,
        is_last=not is_part,
        actor=region.coordinator,
        now=now,
    )


def _came(ordered: int, today: date, *, is_part: bool, is_wet: bool) -> Received:
    quantity = ordered // 2 if is_part else ordered
    refused = quantity // 4 if is_wet else 0
    return Received(
        quantity=quantity - refused,
        best_before_on=today + timedelta(days=10),
        refused_quantity=refused,
        damage="une caisse trempée" if refused else "",
    )


def _weigh(region: Region, cycle: Cycle, now: datetime) -> None:
    lines = OrderLine.objects.filter(offer__cycle=cycle, offer__product__sku="B02")
    weigh(
        popup=Popup.objects.get(cycle=cycle),
        readings={
            line.pk: Reading(f"{grams} g", grams)
            for line, grams in _weights(lines.order_by("order__reference"))
        },
        actor=region.coordinator,
        now=now,
    )


def _weights(lines: Iterable[OrderLine]) -> Iterator[tuple[OrderLine, int]]:
    """The first of them; the others wait for the scale."""
    for line, percent in zip(lines, PERCENT, strict=False):
        yield line, line.quantity * percent // 100
