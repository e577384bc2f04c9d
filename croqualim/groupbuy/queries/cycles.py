"""Cycles as their coordinator walks them: how far each is, and what it adds up to."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, IntegerField, Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import localtime

from croqualim.accounts.models import Person
from croqualim.accounts.queries import people_named
from croqualim.catalogue.models import Product, Unit
from croqualim.groupbuy.models import (
    Collective,
    Cycle,
    Group,
    Offer,
    Order,
    OrderLine,
    Popup,
    PurchaseOrder,
)
from croqualim.groupbuy.rules.planning import Plan, Shop
from croqualim.groupbuy.rules.stages import Stage
from croqualim.groupbuy.rules.steps import Progress, Step, milestones, next_step
from croqualim.kernel.text import fold

SOON = timedelta(days=35)


@dataclass(frozen=True)
class Walk:
    """A cycle, how far it is, and the shop to open next if there is one."""

    cycle: Cycle
    progress: Progress
    next_shop_id: int | None

    @property
    def stage(self) -> Stage:
        return self.progress.stage

    @property
    def step(self) -> Step:
        return next_step(self.progress)

    @property
    def milestones(self) -> list[tuple[str, str]]:
        return [(milestone.name, state.name) for milestone, state in milestones(self.progress)]


def walks_of(cycles: QuerySet[Cycle], now: datetime) -> list[Walk]:
    """Each cycle with its progress, in one query for any number."""
    return [_walk(cycle, now) for cycle in _counted(cycles)]


def walk_of(cycle: Cycle, now: datetime) -> Walk:
    return _walk(_counted(Cycle.objects.filter(pk=cycle.pk)).get(), now)


def _counted(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    popups = Popup.objects.filter(cycle=OuterRef("pk"), closed_at=None).order_by("starts_at")
    return cycles.annotate(
        offers_made=_number_of(Offer),
        purchases_made=_number_of(PurchaseOrder),
        purchases_sent=_number_of(PurchaseOrder, ~Q(sent_at=None, received_at=None)),
        purchases_received=_number_of(PurchaseOrder, Q(received_at__isnull=False)),
        shops_planned=_number_of(Popup),
        shops_prepared=_number_of(Popup, ~Q(prepared_at=None, closed_at=None)),
        shops_closed=_number_of(Popup, Q(closed_at__isnull=False)),
        next_shop_id=Subquery(popups.values("pk")[:1]),
    )


def _number_of(model: type[Model], condition: Q | None = None) -> Coalesce:
    rows = model._default_manager.filter(condition or Q(), cycle=OuterRef("pk"))
    counted = rows.order_by().values("cycle").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _walk(cycle: Cycle, now: datetime) -> Walk:
    counts = vars(cycle)
    progress = Progress(
        stage=cycle.stage(now),
        offers=counts["offers_made"],
        purchase_orders=counts["purchases_made"],
        sent=counts["purchases_sent"],
        received=counts["purchases_received"],
        shops=counts["shops_planned"],
        prepared=counts["shops_prepared"],
        closed=counts["shops_closed"],
    )
    return Walk(cycle, progress, counts["next_shop_id"])


def cycles_of(collective: Collective) -> QuerySet[Cycle]:
    return Cycle.objects.filter(collective=collective).order_by("-opens_at", "-pk")


def current_cycles_of(collective: Collective, now: datetime) -> QuerySet[Cycle]:
    """Those that still ask for something, the oldest first. What opens by itself, and not soon,
    asks for nothing yet: the calendar has it."""
    far_ahead = Q(opens_alone=True, published_at=None, opens_at__gt=now + SOON)
    unsettled = cycles_of(collective).filter(settled_at=None)
    return unsettled.exclude(far_ahead).order_by("opens_at", "pk")


def is_far_ahead(cycle: Cycle, now: datetime) -> bool:
    """Whether it asks for nothing yet (see `current_cycles_of`)."""
    return cycle.opens_alone and cycle.published_at is None and cycle.opens_at > now + SOON


def past_cycles_of(collective: Collective) -> QuerySet[Cycle]:
    return cycles_of(collective).exclude(settled_at=None)


@dataclass(frozen=True)
class Totals:
    """What live orders add up to, at the full cost."""

    orders: int
    cost_cents: int
    grams: int
    millilitres: int
    pieces: int


def totals_of(cycle: Cycle) -> Totals:
    live = Order.objects.filter(cycle=cycle, cancelled_at=None)
    money = live.aggregate(orders=Count("pk"), cost=Coalesce(Sum("cost_cents"), 0))
    goods = dict(
        OrderLine.objects.filter(order__in=live)
        .order_by()
        .values_list("offer__product__unit")
        .annotate(Sum("quantity"))
    )
    return Totals(
        orders=money["orders"],
        cost_cents=money["cost"],
        grams=goods.get(Unit.GRAM, 0),
        millilitres=goods.get(Unit.MILLILITRE, 0),
        pieces=goods.get(Unit.PIECE, 0),
    )


def shops_of(cycle: Cycle) -> QuerySet[Popup]:
    """The cycle's shops, each with how many households have `ordered`."""
    live = Q(orders__cancelled_at=None)
    return (
        Popup.objects.filter(cycle=cycle)
        .select_related("group")
        .annotate(ordered=Count("orders", filter=live))
        .order_by("starts_at", "group__name")
    )


def orders_of(cycle: Cycle, *, text: str = "", group_id: int = 0) -> QuerySet[Order]:
    """Orders by reference ('radis'), name ('ami') or number; no amount is read.

    Each has `products`, how many lines it holds; `people` come with it.
    """
    found = Order.objects.filter(cycle=cycle)
    if group_id:
        found = found.filter(popup__group=group_id)
    if words := text.strip():
        asked = Q(reference__istartswith=words)
        if words.isdecimal():
            asked |= Q(membership__number=min(int(words), 2**31 - 1))
        elif fold(words):
            asked |= Q(membership__household__in=people_named(words).values("household"))
        found = found.filter(asked)
    return (
        found.defer("share_percent", "cost_cents", "due_cents", "membership__share_percent")
        .select_related("membership", "popup__group")
        .prefetch_related("membership__household__people")
        .annotate(products=Count("lines"))
        .order_by("reference")
    )


def products_to_offer(cycle: Cycle) -> list[Product]:
    """What the collective buys today, and what the cycle already offers, by family."""
    return list(
        Product.objects.filter(
            Q(is_active=True) | Q(offers__cycle=cycle), buyer=cycle.collective.structure_id
        )
        .select_related("producer")
        .order_by("family", "search_name", "pk")
        .distinct()
    )


def products_of_last_cycle(cycle: Cycle) -> set[int]:
    """Ids of what the collective's cycle before this one offered to its end."""
    before = cycles_of(cycle.collective).filter(opens_at__lt=cycle.opens_at).first()
    offers = (
        Offer.objects.filter(cycle=before, withdrawn_at=None) if before else Offer.objects.none()
    )
    return set(offers.values_list("product", flat=True))


def last_plan_of(collective: Collective) -> Plan | None:
    cycle = cycles_of(collective).first()
    return plan_of(cycle) if cycle else None


def plan_of(cycle: Cycle) -> Plan:
    """The dates of a cycle, in local time."""
    shops = Popup.objects.filter(cycle=cycle)
    return Plan(
        localtime(cycle.opens_at),
        localtime(cycle.closes_at),
        {
            popup.group_id: Shop(localtime(popup.starts_at), localtime(popup.ends_at))
            for popup in shops
        },
    )


def collected_in(cycle: Cycle) -> int | None:
    """The month of its first shop, 1 to 12; None without a shop."""
    first = Popup.objects.filter(cycle=cycle).order_by("starts_at").first()
    return localtime(first.starts_at).month if first else None


def places_in(cycle: Cycle) -> dict[int, str]:
    """group id -> where its shop of this cycle is; its usual place where it has none."""
    shops = Popup.objects.filter(cycle=cycle).values_list("group", "place")
    return {**places_of(cycle.collective), **dict(shops)}


def places_of(collective: Collective) -> dict[int, str]:
    """group id -> where its last shop was, or its own place: what to suggest next."""
    last = Popup.objects.filter(group=OuterRef("pk")).order_by("-starts_at").values("place")[:1]
    groups = Group.objects.filter(collective=collective)
    return dict(
        groups.annotate(suggested=Coalesce(Subquery(last), F("place"))).values_list(
            "pk", "suggested"
        )
    )


def people_of_order(order: Order) -> QuerySet[Person]:
    household = order.membership.household_id
    return Person.objects.filter(household=household, is_active=True).order_by("pk")
