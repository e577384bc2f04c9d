"""What a household usually takes, in one press; what it keeps among its favourites."""

from dataclasses import replace
from datetime import timedelta
from statistics import median_low

import pytest
from django.urls import reverse
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.actions import cycles, ordering
from croqualim.groupbuy.actions.favourites import keep_favourite
from croqualim.groupbuy.models import Basket, Cycle, Favourite, Offer, Order, Popup
from croqualim.groupbuy.rules.habits import LAST_ORDERS, refill, usual
from croqualim.groupbuy.rules.ordering import Offered, problems_with
from croqualim.groupbuy.rules.stages import Stage
from tests.groupbuy.month import Month, open_month
from tests.groupbuy.pages import plain

# ------------------------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    ("orders", "habits"),
    [
        ([], {}),
        ([{1: 500}], {1: 500}),
        ([{1: 500}, {2: 1000}], {1: 500, 2: 1000}),  # half of two is one
        ([{1: 500}, {1: 1500}, {1: 1000}, {2: 500}], {1: 1000}),
        ([{1: 500}, {1: 1000}, {2: 500}, {2: 500}], {1: 500, 2: 500}),  # the lower of two
        ([{1: 500}, {3: 1}, {3: 1}, {3: 1}, {1: 900}, {1: 900}], {3: 1}),  # only the last four
    ],
)
def test_what_was_in_half_of_the_last_four_orders(orders, habits):
    assert usual(orders) == habits


ORDERS = st.lists(
    st.dictionaries(st.integers(1, 6), st.integers(1, 20).map(lambda n: n * 250), max_size=6),
    max_size=8,
)


@given(ORDERS)
def test_a_habit_is_a_quantity_she_has_asked_for_often(orders):
    last = [order for order in orders if order][:LAST_ORDERS]

    for product, quantity in usual(orders).items():
        asked = [order[product] for order in last if product in order]
        assert 2 * len(asked) >= len(last)
        assert quantity == median_low(asked)


OFFERED = st.builds(
    Offered,
    step_quantity=st.sampled_from([1, 250, 500, 1000]),
    left=st.none() | st.integers(-500, 5000),
    is_withdrawn=st.booleans(),
)


@given(
    st.dictionaries(st.integers(1, 6), st.integers(1, 9000), max_size=6),
    st.dictionaries(st.integers(1, 6), OFFERED, max_size=6),
)
def test_what_is_put_back_can_always_be_ordered_and_the_rest_is_named(habits, offered):
    had = refill(habits, offered)

    if had.quantities:
        assert not problems_with(had.quantities, offered, stage=Stage.OPEN)
    assert {*had.quantities, *had.missing} == set(habits)
    assert not had.missing & set(had.quantities)
    assert had.less <= set(had.quantities)


# ------------------------------------------------------------------------------- the pages

pages = pytest.mark.django_db


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


@pytest.fixture
def month() -> Month:
    return open_month(now=now(), products=4)


def next_month(month: Month, *, without: int | None = None) -> Month:
    """One more cycle of the same products, open; the one before is over."""
    Cycle.objects.filter(pk=month.cycle.pk).update(
        opens_at=now() - timedelta(days=40), closes_at=now() - timedelta(days=30)
    )
    acting = {"actor": month.coordinator, "now": now() - timedelta(hours=2)}
    at = now() + timedelta(days=14)
    cycle = cycles.make_cycle(
        collective=month.collective,
        name="Le mois suivant",
        opens_at=now() - timedelta(hours=1),
        closes_at=now() + timedelta(days=7),
        shops=[cycles.ShopPlan(month.group, "Ici", at, at + timedelta(hours=3))],
        **acting,
    )
    products = [offer.product for n, offer in enumerate(month.offers) if n != without]
    cycles.set_offers(cycle=cycle, limits=dict.fromkeys(products), **acting)
    cycles.publish_cycle(cycle=cycle, **acting)
    offers = list(Offer.objects.filter(cycle=cycle).select_related("product").order_by("pk"))
    return replace(month, cycle=cycle, popup=Popup.objects.get(cycle=cycle), offers=offers)


def take_away(month, person, membership, basket):
    order = ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={month.offers[n].pk: quantity for n, quantity in basket.items()},
        actor=person,
        now=now(),
    )
    Order.objects.filter(pk=order.pk).update(collected_at=now())


@pages
def test_one_press_fills_the_basket_and_names_what_is_missing(client, month):
    person, membership = month.member()
    take_away(month, person, membership, {0: 1000, 1: 500, 2: 1500})
    client.force_login(person)
    later = next_month(month, without=2)
    of = {offer.product_id: offer for offer in later.offers}
    scarce = of[month.offers[1].product_id]
    scarce.limit_quantity = 0
    scarce.save()

    assert "1 produit, d’après vos dernières commandes" in plain(
        client.get(page("choose", later.popup.pk))
    )
    answer = client.post(page("fill_as_usual", later.popup.pk), follow=True)

    text = plain(answer)
    assert "1 produit ajouté, comme d’habitude." in text
    missing = sorted(month.offers[n].product.name for n in (1, 2))
    assert f"Pas disponible ce mois-ci : {', '.join(missing)}." in text
    assert Basket.objects.get(cycle=later.cycle).quantities == {
        str(of[month.offers[0].product_id].pk): 1000
    }
    assert "Comme d’habitude" not in text  # nothing more to add
    assert not Order.objects.filter(cycle=later.cycle).exists()


@pages
def test_what_is_in_the_basket_already_stays_and_twice_is_once(client, month):
    person, membership = month.member()
    take_away(month, person, membership, {0: 1000, 1: 500})
    client.force_login(person)
    later = next_month(month)
    first = next(o for o in later.offers if o.product_id == month.offers[0].product_id)
    client.post(page("fill_basket", later.popup.pk), {"plus": first.pk})

    for _ in range(2):
        client.post(page("fill_as_usual", later.popup.pk))

    kept = Basket.objects.get(cycle=later.cycle).quantities
    assert kept[str(first.pk)] == 500
    assert len(kept) == 2


@pages
def test_who_has_no_habit_is_offered_none(client, month):
    person, _ = month.member()
    client.force_login(person)

    assert "Comme d’habitude" not in client.get(page("choose", month.popup.pk)).text
    assert "Rien à ajouter" in plain(
        client.post(page("fill_as_usual", month.popup.pk), follow=True)
    )


@pages
def test_once_closed_nothing_is_filled(client, month):
    person, membership = month.member()
    take_away(month, person, membership, {0: 1000})
    client.force_login(person)
    Cycle.objects.update(closes_at=now())
    Basket.objects.all().delete()

    client.post(page("fill_as_usual", month.popup.pk))

    assert not Basket.objects.exists()


@pages
def test_by_telephone_one_sign_is_as_usual(client, month):
    person, membership = month.member()
    take_away(month, person, membership, {0: 1000, 1: 500})
    later = next_month(month)
    client.force_login(month.coordinator)
    url = page("take_order", membership.pk, later.popup.pk)

    assert "« = » : ce qu’elle prend d’habitude, 2 produits." in plain(client.get(url))
    answer = client.post(url, {"ligne": "="})

    assert "2 produits ajoutés, comme d’habitude." in plain(answer)
    assert sorted(Basket.objects.get(cycle=later.cycle).quantities.values()) == [500, 1000]


@pages
def test_a_favourite_is_kept_shown_first_and_dropped(client, month):
    person, _ = month.member()
    client.force_login(person)
    last = month.offers[-1]
    url = page("favourite", month.popup.pk, last.pk)

    for _ in range(2):  # pressed twice
        client.post(url, {"garder": "1"})

    assert Favourite.objects.get().product_id == last.product_id
    text = client.get(page("choose", month.popup.pk)).text
    assert text.count(f'id="o{last.pk}"') == 1
    names = [offer.product.name for offer in month.offers]
    assert min(names, key=lambda name: text.index(f">{name}<")) == last.product.name
    assert "Mes préférés" in text
    assert "Parmi vos préférés" in client.get(page("choose_one", month.popup.pk, last.pk)).text

    client.post(url, {"garder": "0"})
    assert "Mes préférés" not in client.get(page("choose", month.popup.pk)).text


@pages
def test_all_favourites_leave_no_empty_shelf_and_search_still_finds_them(client, month):
    person, _ = month.member()
    client.force_login(person)
    for offer in month.offers:
        keep_favourite(household=person.household, product=offer.product, now=now())
    url = page("choose", month.popup.pk)

    assert "Rien ne s’appelle ainsi" not in client.get(url).text
    found = client.get(url, {"cherche": month.offers[0].product.name}).text
    assert f'id="o{month.offers[0].pk}"' in found


@pages
def test_a_favourite_is_seen_by_its_own_household_alone(client, month):
    person, membership = month.member()
    keep_favourite(household=person.household, product=month.offers[0].product, now=now())
    neighbour, _ = month.member()

    client.force_login(neighbour)
    assert "préférés" not in client.get(page("choose", month.popup.pk)).text
    client.force_login(month.coordinator)
    for url in (
        page("member", membership.pk),
        page("take_order", membership.pk, month.popup.pk),
    ):
        assert "préféré" not in client.get(url).text


@pages
def test_a_favourite_is_meant_first_by_telephone(client, month):
    person, membership = month.member()
    keep_favourite(household=person.household, product=month.offers[2].product, now=now())
    client.force_login(month.coordinator)

    client.post(page("take_order", membership.pk, month.popup.pk), {"ligne": "len 1"})

    assert Basket.objects.get().quantities == {str(month.offers[2].pk): 1000}
