"""Promises of « Compléter les sacs »: what lacks, and who could be asked; a coordinator's page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from croqualim.groupbuy.actions import cycles, ordering
from croqualim.groupbuy.models import Cycle
from croqualim.groupbuy.queries.sacks import sacks_of
from croqualim.groupbuy.rules.closing import is_nearly_full, plan
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain
from tests.groupbuy.test_closing import ask, keep_in_warehouse

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def page(month, client, monkeypatch):
    """Read it, at a moment."""
    client.force_login(month.coordinator)

    def read(at=month.now):
        monkeypatch.setattr("croqualim.groupbuy.views.sacks.now", lambda: at)
        return plain(client.get(reverse("groupbuy:fill_sacks", args=[month.cycle.pk])))

    return read


def sack(month):
    (found,) = sacks_of(month.cycle)
    return found


def names(neighbours):
    return [neighbour.membership.number for neighbour in neighbours]


def numbers(*orders):
    return [order.membership.number for order in orders]


def test_it_says_what_lacks_and_where_it_would_go(month, page):
    month.order({month.offers[0]: 93_000})

    said = page()

    assert "18 kg sur 25 kg : il manque 7 kg" in said
    assert "93 kg en tout, pour 4 sacs de 25 kg" in said
    assert "on l’achète entier, et le reste va au dépôt : 7 kg" in said


def test_what_the_warehouse_gives_counts(month, page):
    keep_in_warehouse(month, month.offers[0].product, 20_000)
    month.order({month.offers[0]: 93_000})

    assert "23 kg sur 25 kg : il manque 2 kg" in page()
    assert "et 20 kg viennent du dépôt" in page()


def test_a_full_sack_and_a_single_piece_lack_nothing(month, page):
    piece = month.offer(unit="piece", step_quantity=1, packaging_quantity=1, priced_quantity=1)
    month.order({month.offers[0]: 25_000, piece: 3})

    assert sacks_of(month.cycle) == []
    assert "Aucun sac n’attend" in page()


def test_the_fullest_come_first(month):
    month.order({month.offers[0]: 20_000, month.offers[1]: 24_000})

    assert [sack.offer for sack in sacks_of(month.cycle)] == month.offers[::-1]


def test_those_who_take_little_are_named_first_and_can_be_called(month, page):
    lentils = month.offers[0]
    big, small = month.order({lentils: 9_000}), month.order({lentils: 500})
    person, membership = month.member(given_name="Amina", phone="+33612345678")
    ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={lentils.pk: 1_000},
        actor=person,
        now=month.now,
    )

    assert names(sack(month).taking) == [
        small.membership.number,
        membership.number,
        big.membership.number,
    ]
    said = page()
    assert f"n° {membership.number}, Barriol · 1 kg · 06 12 34 56 78" in said
    assert "Amina" in said


def test_who_takes_more_already_is_counted_and_not_called(month, page):
    lentils = month.offers[0]
    ask(month, lentils, 20_000, extra=3_000)
    ask(month, lentils, 1_000, extra=1_000)

    assert not sack(month).taking
    assert "2 foyers en prendraient jusqu’à 4 kg de plus : cela suffit" in page()


def test_who_took_it_before_and_not_now_can_be_asked(month):
    lentils = month.offers[0]
    regular, gone = month.order({lentils: 3_000}), month.order({lentils: 2_000})
    both, cancelled = month.order({lentils: 1_000}), month.order({lentils: 4_000})
    ordering.cancel_order(order=cancelled, actor=cancelled.placed_by, now=month.now)
    Cycle.objects.update(bought_at=month.now)
    gone.membership.left_at = month.now
    gone.membership.save()
    later = next_month(month, lentils)
    again = order_again(later, both)

    (found,) = sacks_of(later)

    assert names(found.before) == numbers(regular)
    assert names(found.taking) == numbers(again)


def next_month(month, offer):
    """The same collective, group and product."""
    later = cycles.make_cycle(
        collective=month.collective,
        name="Avril 2026",
        opens_at=month.now,
        closes_at=month.now + timedelta(days=7),
        shops=[
            cycles.ShopPlan(
                group=month.group,
                place="Centre social",
                starts_at=month.now + timedelta(days=14),
                ends_at=month.now + timedelta(days=14, hours=3),
            )
        ],
        actor=month.coordinator,
        now=month.now,
    )
    cycles.set_offers(
        cycle=later, limits={offer.product: None}, actor=month.coordinator, now=month.now
    )
    cycles.publish_cycle(cycle=later, actor=month.coordinator, now=month.now)
    return later


def order_again(later, order):
    return ordering.confirm_order(
        popup=later.popups.get(),
        membership=order.membership,
        basket={later.offers.get().pk: 1_000},
        actor=order.placed_by,
        now=later.opens_at,
    )


def test_no_share_and_no_amount_is_on_it(month, page):
    month.order({month.offers[0]: 10_000}, share_percent=50)

    said = page()

    assert "€" not in said
    assert "%" not in said


def test_once_orders_are_over_it_leads_to_the_closing(month, page):
    month.order({month.offers[0]: 10_000})

    assert "Clore et acheter" in page(month.after_closing)


def test_it_takes_as_many_queries_for_sixty_products_as_for_three():
    def queries(products):
        month = open_month(products=products)
        for _household in range(3):
            month.order(dict.fromkeys(month.offers, 1_000))
        with CaptureQueriesContext(connection) as taken:
            assert len(sacks_of(month.cycle)) == products
        return len(taken)

    assert queries(60) == queries(3)


@pytest.mark.parametrize(
    ("ordered", "is_said"),
    [(19_500, False), (20_000, True), (24_500, True), (25_000, False), (0, False)],
)
def test_members_are_told_from_a_fifth_of_a_sack_on(ordered, is_said):
    up = plan(ordered, 0, 25_000)

    assert is_nearly_full(up, packaging=25_000, step=500) is is_said


def test_what_is_less_than_a_step_is_not_asked_of_anybody():
    assert not is_nearly_full(plan(24_000, 0, 25_000), packaging=25_000, step=2_000)
