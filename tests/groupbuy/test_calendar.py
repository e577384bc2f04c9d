"""The coming year: what is planned, and several months planned at once, once."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now
from hypothesis import given
from hypothesis import strategies as st

from croqualim.catalogue import actions as catalogue
from croqualim.groupbuy.models import Cycle, Offer
from croqualim.groupbuy.queries import calendar as queries
from croqualim.groupbuy.queries.cycles import current_cycles_of
from croqualim.groupbuy.rules.planning import Plan, Shop, anchor_of
from croqualim.groupbuy.rules.recurrence import LAST, MonthlyDay, month_after, monthly_day_of
from croqualim.groupbuy.rules.season_plan import plans_until
from croqualim.groupbuy.tasks import do_what_is_due
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
SHOP = datetime(2026, 3, 14, 16, tzinfo=PARIS)
MARCH = Plan(SHOP - 24 * DAY, SHOP - 12 * DAY, {1: Shop(SHOP, SHOP.replace(hour=19))})


# the rule


@given(
    weekday=st.integers(0, 6),
    rank=st.integers(1, LAST),
    months=st.integers(0, 12),
    taken=st.sets(st.integers(0, 12)),
    days=st.integers(0, 200),
)
def test_each_free_month_to_come_has_one(weekday, rank, months, taken, days):
    monthly, at = MonthlyDay(weekday, rank), MARCH.opens_at + days * DAY
    until = month_after(date(2026, 3, 1), months)
    full = {month_after(date(2026, 3, 1), n) for n in taken}

    plans = plans_until(MARCH, monthly, until=until, taken=full, now=at)

    anchors = [anchor_of(plan) for plan in plans]
    firsts = [day.replace(day=1) for day in anchors]
    assert firsts == sorted(set(firsts))
    assert not full & set(firsts)
    assert all(first <= until for first in firsts)
    assert all(monthly.in_month(day.replace(day=1)) == day for day in anchors)
    assert all(plan.opens_at >= at for plan in plans)
    assert all(plan.shops[1].starts_at.time() == SHOP.time() for plan in plans)


def test_it_begins_with_the_month_after_the_last_cycle():
    plans = plans_until(
        MARCH,
        monthly_day_of(SHOP.date()),
        until=date(2026, 5, 1),
        taken={date(2026, 3, 1)},
        now=SHOP - 20 * DAY,
    )
    assert [anchor_of(plan) for plan in plans] == [date(2026, 4, 11), date(2026, 5, 9)]


# the pages


@pytest.fixture
def month():
    return open_month(now=now().replace(hour=11, minute=0, second=0, microsecond=0) - DAY)


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def page(name, month):
    return reverse(f"groupbuy:{name}", args=[month.collective.pk])


def asked(month, **changes):
    monthly = monthly_day_of(localtime(month.popup.starts_at).date())
    until = queries.first_months(now())[5]
    said = {"rank": monthly.rank, "weekday": monthly.weekday, "until": until.isoformat()}
    return {**said, "opens_alone": "on", **changes}


@pytest.mark.django_db
def test_several_months_are_shown_then_planned_once(desk, month):
    shown = desk.get(page("plan_season", month), asked(month))
    assert Cycle.objects.count() == 1
    count = len(shown.context["plans"])
    assert count >= 4

    for _ in range(2):
        desk.post(page("plan_season", month), asked(month))

    planned = Cycle.objects.exclude(pk=month.cycle.pk)
    assert planned.count() == count
    assert all(cycle.opens_alone and not cycle.published_at for cycle in planned)
    assert Offer.objects.filter(cycle__in=planned).count() == count * len(month.offers)
    assert "Tout est déjà planifié" in plain(desk.get(page("plan_season", month), asked(month)))


@pytest.mark.django_db
def test_what_was_planned_opens_by_itself_at_the_prices_of_its_day(desk, month):
    desk.post(page("plan_season", month), asked(month))
    product = month.offers[0].product
    catalogue.set_price(
        product=product, price_cents=999, priced_quantity=1000, actor=None, now=now()
    )
    first = Cycle.objects.exclude(pk=month.cycle.pk).order_by("opens_at").first()

    do_what_is_due(now=first.opens_at)

    first.refresh_from_db()
    assert first.published_at
    assert first.offers.get(product=product).farmer_price_cents == 999
    assert Cycle.objects.exclude(published_at=None).count() == 2


@pytest.mark.django_db
def test_months_far_ahead_do_not_crowd_what_is_to_do_now(desk, month):
    desk.post(page("plan_season", month), asked(month))

    assert current_cycles_of(month.collective, now()).count() < 4
    last = Cycle.objects.order_by("opens_at").last()
    assert last.name not in plain(desk.get("/"))
    said = plain(desk.get(page("calendar", month)))
    for cycle in Cycle.objects.all():
        assert cycle.name in said


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"rank": "9"}, {"weekday": "lundi"}, {"until": "2199-01-01"}])
def test_what_is_no_choice_plans_nothing(desk, month, wrong):
    assert desk.post(page("plan_season", month), asked(month, **wrong)).status_code == 200
    assert Cycle.objects.count() == 1


@pytest.mark.django_db
def test_the_calendar_says_what_is_in_season(desk, month):
    month.offer(name="Courgettes", season_months=[7])

    months = {
        m.first.month: m.fresh for m in desk.get(page("calendar", month)).context["year"].months
    }

    assert months.pop(7) == ["Courgettes"]
    assert not any(months.values())


@pytest.mark.django_db
def test_the_calendar_costs_the_same_for_any_year(desk, month, django_assert_num_queries):
    desk.post(page("plan_season", month), asked(month))

    with django_assert_num_queries(6):
        desk.get(page("calendar", month))
