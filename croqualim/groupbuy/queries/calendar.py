"""The coming year of a collective: its cycles, and what is in season."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localtime

from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import Collective, Cycle, Offer, Popup
from croqualim.groupbuy.queries.cycles import plan_of
from croqualim.groupbuy.rules.planning import Plan
from croqualim.groupbuy.rules.recurrence import month_after

MONTHS_SHOWN = 12
WIDTH, MARGIN, ROW = 720, 4, 22  # of the picture, in its own units
LEAST_WIDTH = 3  # a bar that one can see


@dataclass(frozen=True)
class Month:
    """A month and the cycles that people collect in it."""

    first: date
    cycles: list[Cycle]
    fresh: list[str]  # names of what is in season, of what the collective buys


@dataclass(frozen=True)
class Bar:
    """A cycle as the picture shows it: orders from `x`, shops as dots. In the picture's units."""

    name: str
    x: int
    width: int
    shops: list[int]
    y: int


@dataclass(frozen=True)
class Year:
    months: list[Month]
    bars: list[Bar]
    ticks: list[tuple[int, date]]

    @property
    def height(self) -> int:
        return (len(self.bars) + 2) * ROW

    @property
    def label_y(self) -> int:
        return self.height - MARGIN


def year_of(collective: Collective, now: datetime) -> Year:
    """Twelve months from this one on, in a fixed number of queries."""
    this_month = localtime(now).date().replace(day=1)
    firsts = [month_after(this_month, n) for n in range(MONTHS_SHOWN + 1)]
    shown = _cycles_between(collective, firsts[0], firsts[-1])
    products = _seasonal_products(collective)
    months = [
        Month(
            first=first,
            cycles=[cycle for cycle in shown if month_of(cycle) == first],
            fresh=[name for name, season in products if first.month in season],
        )
        for first in firsts[:-1]
    ]
    days = (firsts[-1] - firsts[0]).days
    ticks = [(_x((first - firsts[0]).days, days), first) for first in firsts[:-1]]
    return Year(months, _bars(shown, firsts[0], days), ticks)


def _cycles_between(collective: Collective, first: date, end: date) -> list[Cycle]:
    shops = Prefetch("popups", Popup.objects.select_related("group").order_by("starts_at"))
    cycles = Cycle.objects.filter(collective=collective).prefetch_related(shops)
    return [cycle for cycle in cycles.order_by("opens_at", "pk") if first <= month_of(cycle) < end]


def month_of(cycle: Cycle) -> date:
    """The first day of the month in which people collect it."""
    moments = [popup.starts_at for popup in cycle.popups.all()]
    return localtime(min(moments, default=cycle.closes_at)).date().replace(day=1)


def _seasonal_products(collective: Collective) -> list[tuple[str, list[int]]]:
    products = Product.objects.filter(buyer=collective.structure_id, is_active=True)
    rows = products.exclude(season_months=[]).order_by("search_name", "pk")
    return list(rows.values_list("name", "season_months"))


def _bars(cycles: Sequence[Cycle], start: date, days: int) -> list[Bar]:
    bars = []
    for number, cycle in enumerate(cycles):
        opens, closes = (
            _x((localtime(at).date() - start).days, days)
            for at in (cycle.opens_at, cycle.closes_at)
        )
        shops = [
            _x((localtime(popup.starts_at).date() - start).days, days)
            for popup in cycle.popups.all()
        ]
        width = max(closes - opens, LEAST_WIDTH)
        bars.append(Bar(cycle.name, opens, width, sorted(set(shops)), number * ROW + MARGIN))
    return bars


def _x(day: int, days: int) -> int:
    return MARGIN + round(max(day, 0) * (WIDTH - 2 * MARGIN) / days)


def months_taken(collective: Collective) -> set[date]:
    """Months in which people collect a cycle already."""
    cycles = Cycle.objects.filter(collective=collective).prefetch_related("popups")
    return {month_of(cycle) for cycle in cycles}


def last_plan(collective: Collective) -> tuple[Cycle, Plan] | None:
    """What the months to come are made from: the last one that has a shop and products."""
    cycles = Cycle.objects.filter(
        collective=collective, popups__isnull=False, offers__isnull=False
    ).select_related("collective")
    cycle = cycles.order_by("-opens_at", "-pk").first()
    return (cycle, plan_of(cycle)) if cycle else None


def limits_of(cycle: Cycle) -> dict[Product, int | None]:
    """What it offered to its end and that the catalogue still has, with its limits."""
    offers: QuerySet[Offer] = Offer.objects.filter(
        cycle=cycle, withdrawn_at=None, product__is_active=True
    )
    return {offer.product: offer.limit_quantity for offer in offers.select_related("product")}


def first_months(now: datetime) -> list[date]:
    """The months one may plan up to."""
    this_month = localtime(now).date().replace(day=1)
    return [month_after(this_month, n) for n in range(1, MONTHS_SHOWN + 1)]
