"""Months lived by the real actions: orders, closing, deliveries, shops, settlement."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random

from django.utils.timezone import get_current_timezone, localdate

from croqualim.catalogue.models import Family, Product, Rounding
from croqualim.demo import fresh, invoices, money, round_trip
from croqualim.demo.habits import calls, keep_favourites, usual_products
from croqualim.demo.region import Region
from croqualim.groupbuy.actions import (
    closing,
    cycles,
    ordering,
    paying,
    preparation,
    purchasing,
    reception,
    settlement,
)
from croqualim.groupbuy.actions import till as shop
from croqualim.groupbuy.models import Cycle, Offer, Order, PaymentMethod, Popup, PurchaseOrder
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.queries.paying import dues_of
from croqualim.groupbuy.queries.takings import expected_cash_cents
from croqualim.groupbuy.rules.reception import Received
from croqualim.kernel.period import month_in_words

WORDS = (
    "« Ici je choisis, au supermarché je calcule. » Les lentilles ont manqué : on en redemande.",
    "Première fois à trois mains à la caisse, et personne n’a attendu plus de dix minutes.",
    "Les enfants ont pesé la farine. Le meunier est venu : « Je vois enfin qui mange mon blé. »",
    "Moins de monde pendant les vacances. Une recette de pois chiches a circulé toute la soirée.",
    "On a demandé des œufs à chaque fois, et plus de fruits. La commission choisira en atelier.",
    "« Ce n’est pas une aide, c’est notre épicerie. » Les bocaux reviennent presque tous.",
)
BULK = {Family.CEREALS, Family.PASTA, Family.PULSES}
METHODS = (
    PaymentMethod.CASH,
    PaymentMethod.CARD,
    PaymentMethod.CASH,
    PaymentMethod.CHEQUE,
    PaymentMethod.CARD,
)


@dataclass(frozen=True)
class Dates:
    """Local moments of one month's cycle."""

    made_at: datetime
    opens_at: datetime
    closes_at: datetime
    delivered_at: datetime
    shop_at: datetime

    @property
    def settled_at(self) -> datetime:
        return self.shop_at + timedelta(days=3)


def dates_around(shop_at: datetime) -> Dates:
    return Dates(
        made_at=shop_at - timedelta(days=26),
        opens_at=shop_at - timedelta(days=24),
        closes_at=shop_at - timedelta(days=12),
        delivered_at=shop_at - timedelta(days=2),
        shop_at=shop_at,
    )


def live(region: Region, now: datetime, say: Callable[[str], None], months: int = 12) -> None:
    """So many settled months, a shop this evening, and a cycle whose orders are open."""
    chance = Random(20240523)  # noqa: S311 (the day the network first met: always the same region)
    tonight = datetime.combine(now.date(), time(17, 30), tzinfo=get_current_timezone())
    money.lend_jars(region)
    for months_ago in range(months, 0, -1):
        month = Month(region, dates_around(tonight - timedelta(days=30 * months_ago)), chance)
        month.order()
        month.buy()
        month.prepare(month.popups())
        month.hand_out()
        month.settle(WORDS[months_ago % len(WORDS)])
        month.pay(is_done=months_ago > 1)
        say(f"{month.cycle.name} est réglé.")
    fresh.sell_by_weight(region)
    this_evening = Month(region, dates_around(tonight), chance)
    this_evening.order()
    this_evening.buy()
    this_evening.prepare(this_evening.popups())
    invoices.send(region, this_evening.cycle, this_evening.dates.delivered_at + timedelta(hours=6))
    say(f"{this_evening.cycle.name} : les épiceries sont ce soir.")
    fresh.live(region, tonight + timedelta(days=3))
    say(f"{fresh.NAME} : une livraison est arrivée à moitié.")
    opening = Month(region, dates_around(tonight + timedelta(days=19)), chance)
    opening.order(leave_out=1)
    keep_favourites(region, now)
    say(f"{opening.cycle.name} : les commandes sont ouvertes.")
    arrival = Month(
        region,
        just_over(tonight),
        Random(7),  # noqa: S311 (as above)
        name="Arrivage de vrac",
        products=[product for product in region.products if product.family in BULK],
    )
    arrival.order()
    say(f"{arrival.cycle.name} : il reste à clore.")


def just_over(tonight: datetime) -> Dates:
    """Orders have ended yesterday evening, and nothing is bought yet."""
    return Dates(
        made_at=tonight - timedelta(days=12),
        opens_at=tonight - timedelta(days=10),
        closes_at=tonight - timedelta(hours=21, minutes=30),
        delivered_at=tonight + timedelta(days=4),
        shop_at=tonight + timedelta(days=6),
    )


class Month:
    """One cycle of the region, from its making on."""

    def __init__(
        self,
        region: Region,
        dates: Dates,
        chance: Random,
        *,
        name: str = "",
        products: Sequence[Product] = (),
    ) -> None:
        """Named after its month, with all that the region knows, unless it is said otherwise."""
        self.region, self.dates, self.chance = region, dates, chance
        self.name = name or month_in_words(dates.shop_at.date()).capitalize()
        self.products = products or region.products
        self.cycle = self._announce()
        self.offers = list(Offer.objects.filter(cycle=self.cycle).select_related("product"))

    def _announce(self) -> Cycle:
        actor, at = self.region.coordinator, self.dates.made_at
        cycle = cycles.make_cycle(
            collective=self.region.collective,
            name=self.name,
            opens_at=self.dates.opens_at,
            closes_at=self.dates.closes_at,
            shops=[
                cycles.ShopPlan(
                    group=group,
                    place=group.place,
                    starts_at=self.dates.shop_at,
                    ends_at=self.dates.shop_at + timedelta(hours=3),
                )
                for group in self.region.groups
            ],
            actor=actor,
            now=at,
        )
        limits = {
            product: 30 * product.step_quantity if product.family == "dairy" else None
            for product in self.products
        }
        cycles.set_offers(cycle=cycle, limits=limits, actor=actor, now=at)
        cycles.publish_cycle(cycle=cycle, actor=actor, now=at)
        round_trip.begin(self.region, cycle, at)
        return cycle

    def popups(self) -> list[Popup]:
        return list(
            Popup.objects.filter(cycle=self.cycle)
            .select_related("group", "location")
            .order_by("pk")
        )

    def order(self, leave_out: int = 0) -> None:
        """Two households in three order, by turns of chance; the first ones are left out."""
        popups = {popup.group_id: popup for popup in self.popups()}
        at = self.dates.opens_at + timedelta(hours=3)
        for number, (person, membership) in enumerate(self.region.members):
            comes = number == 0 or self.chance.random() < 2 / 3  # she who tries it always has
            if number < leave_out or not comes:
                continue
            at += timedelta(minutes=self.chance.randint(5, 180))
            basket = self._basket(number)
            ordering.confirm_order(
                popup=popups[membership.group_id],
                membership=membership,
                basket=basket,
                extras=self._extras(basket) if number % 3 else {},
                stop=round_trip.stop_of(popups[membership.group_id], number),
                actor=self.region.coordinator if calls(number) else person,
                now=at,
            )

    def _basket(self, number: int) -> dict[int, int]:
        """What this household nearly always takes, and something else."""
        often = usual_products(self.region, number)
        regulars = [offer for offer in self.offers if offer.product_id in often]
        offers = [
            *(offer for offer in regulars if self.chance.random() < 4 / 5),
            *self.chance.sample(self.offers, self.chance.randint(2, 5)),
        ]
        free = (offer for offer in offers if offer.limit_quantity is None)
        return {
            offer.pk: offer.step_quantity * self.chance.choice((1, 1, 2, 2, 3, 4)) for offer in free
        }

    def _extras(self, basket: Mapping[int, int]) -> dict[int, int]:
        """Two households in three would take some more of what is completed by volunteers."""
        steps = {
            offer.pk: offer.step_quantity
            for offer in self.offers
            if offer.rounding == Rounding.VOLUNTEERS
        }
        return {offer: 3 * steps[offer] for offer in basket if offer in steps}

    def buy(self) -> None:
        closing.close_cycle(
            cycle=self.cycle,
            actor=self.region.coordinator,
            now=self.dates.closes_at + timedelta(hours=10),
        )
        self.cycle.refresh_from_db()
        orders = list(PurchaseOrder.objects.filter(cycle=self.cycle).order_by("pk"))
        for purchase_order in orders:
            purchasing.hand_over_otherwise(
                purchase_order=purchase_order,
                actor=self.region.coordinator,
                now=self.dates.closes_at + timedelta(hours=11),
            )
        short = self.chance.choice(orders)
        for purchase_order in orders:
            self._receive(purchase_order, is_short=purchase_order == short)

    def _receive(self, purchase_order: PurchaseOrder, *, is_short: bool) -> None:
        lines = list(purchase_order.lines.select_related("offer").order_by("pk"))
        best_before = (self.dates.delivered_at + timedelta(days=270)).date()
        received = {
            line.pk: [
                Received(
                    quantity=self._half(line.quantity, line.offer)
                    if is_short and not n
                    else line.quantity,
                    lot_code=f"{purchase_order.number}-{n + 1}",
                    best_before_on=best_before,
                )
            ]
            for n, line in enumerate(lines)
        }
        reception.receive_delivery(
            purchase_order=purchase_order,
            received=received,
            number=1,
            actor=self.region.coordinator,
            now=self.dates.delivered_at,
        )

    @staticmethod
    def _half(quantity: int, offer: Offer) -> int:
        return quantity // 2 // offer.step_quantity * offer.step_quantity

    def prepare(self, popups: list[Popup]) -> None:
        for popup in popups:
            preparation.send_to_shop(
                popup=popup,
                actor=self.region.coordinator,
                now=self.dates.shop_at - timedelta(hours=20),  # the evening before
            )

    def hand_out(self) -> None:
        for popup in self.popups():
            clock = self._clock()
            money.begin(self.region, popup, next(clock))
            served = [
                self._serve(order, next(clock))
                for order in self._orders_of(popup)
                if self.chance.random() < 0.94
            ]
            money.end(self.region, popup, served[0], next(clock))
            shop.mark_all_absent(popup=popup, actor=self.region.till, now=next(clock))
            self._close(popup, next(clock))

    def _clock(self) -> Iterator[datetime]:
        at = self.dates.shop_at
        while True:
            at += timedelta(minutes=self.chance.randint(2, 7))
            yield at

    @staticmethod
    def _orders_of(popup: Popup) -> list[Order]:
        orders = Order.objects.filter(popup=popup, cancelled_at=None)
        return list(orders.select_related("membership__household"))

    def _serve(self, order: Order, now: datetime) -> Order:
        till = self.region.till
        shop.check_in(order=order, actor=till, now=now)
        due_cents = due_of(order, localdate(now)).total_cents
        shop.hand_over(
            order=order,
            payments=money.payments(
                self.region, order, due_cents, self.chance.choice(METHODS).value
            ),
            actor=till,
            now=now,
        )
        return order

    def _close(self, popup: Popup, now: datetime) -> None:
        shop.count_till(
            popup=popup,
            counted_cents=expected_cash_cents(popup),
            remark="",
            actor=self.region.till,
            now=now,
        )
        shop.close_shop(
            popup=popup,
            lost={},
            reason="",
            kept_cents=min(money.FLOAT_CENTS, expected_cash_cents(popup)),
            actor=self.region.till,
            now=now,
        )
        money.take_to_bank(self.region, popup, now)

    def settle(self, words: str) -> None:
        settlement.settle_cycle(
            cycle=self.cycle,
            words=words,
            actor=self.region.coordinator,
            now=self.dates.settled_at,
        )

    def pay(self, *, is_done: bool) -> None:
        """One file for the bank; the last month's is still to be taken there."""
        collective, at = self.region.collective, self.dates.settled_at + timedelta(days=1)
        batch = paying.prepare_transfers(
            collective=collective,
            chosen=[due.transfer_id for due in dues_of(collective)],
            pay_on=at.date(),
            actor=self.region.coordinator,
            now=at,
        )
        if is_done:
            paying.mark_executed(
                batch=batch, actor=self.region.coordinator, now=at + timedelta(days=2)
            )
