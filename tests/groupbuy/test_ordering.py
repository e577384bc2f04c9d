"""A household orders, changes its mind, cancels; nothing is sold twice."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions import cycles, ordering
from croqualim.groupbuy.models import Basket, Event, EventKind, Offer, Order
from croqualim.groupbuy.rules.ordering import Problem, Reason
from croqualim.groupbuy.views.shelves import _html
from croqualim.ledger.models import Account
from croqualim.messages.models import Message
from tests.factories import PersonFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


def ordered(offer):
    return Offer.objects.get(pk=offer.pk).ordered_quantity


def confirm(month, person, membership, basket, now=None):
    return ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={offer.pk: quantity for offer, quantity in basket.items()},
        actor=person,
        now=now or month.now,
    )


def reasons(refused):
    return [problem.reason for problem in refused.value.problems]


def test_an_order_is_priced_at_her_share_and_the_envelope_holds_the_rest(month):
    order = month.order({month.offers[0]: 1500}, share_percent=50)

    assert (order.cost_cents, order.due_cents) == (480, 240)
    assert ordered(month.offers[0]) == 1500
    month.envelope.account.refresh_from_db()
    assert month.envelope.account.reserved_cents == 240


def test_her_household_is_told_its_reference(month):
    order = month.order({month.offers[0]: 500})

    assert order.reference in Message.objects.get().body


def test_confirming_twice_is_confirming_once(month):
    person, membership = month.member()
    first = confirm(month, person, membership, {month.offers[0]: 1000})

    second = confirm(month, person, membership, {month.offers[0]: 1000})

    assert first == second
    assert ordered(month.offers[0]) == 1000
    assert Event.objects.filter(order=first).count() == 1


def test_changing_gives_back_what_is_no_longer_asked(month):
    lentils, rice = month.offers
    person, membership = month.member(share_percent=75)
    confirm(month, person, membership, {lentils: 2000, rice: 500})

    order = confirm(month, person, membership, {lentils: 500})

    assert (ordered(lentils), ordered(rice)) == (500, 0)
    assert order.cost_cents == 160
    assert Account.objects.get(pk=month.envelope.account_id).reserved_cents == 40
    assert Event.objects.get(order=order, kind=EventKind.ORDER_CHANGED).details["lines"]


def test_cancelling_gives_everything_back_and_one_may_order_again(month):
    person, membership = month.member(share_percent=50)
    order = confirm(month, person, membership, {month.offers[0]: 1000})

    ordering.cancel_order(order=order, actor=person, now=month.now)
    ordering.cancel_order(order=order, actor=person, now=month.now)
    again = confirm(month, person, membership, {month.offers[0]: 500})

    assert ordered(month.offers[0]) == 500
    assert again.reference != order.reference
    assert Account.objects.get(pk=month.envelope.account_id).reserved_cents == 80


def test_what_is_left_is_all_there_is(month):
    scarce = month.offer(limit_quantity=1000)
    month.order({scarce: 500})
    person, membership = month.member()

    with pytest.raises(ordering.OrderRefused) as refused:
        confirm(month, person, membership, {scarce: 1000, month.offers[0]: 500})

    assert refused.value.problems == [Problem(Reason.NOT_ENOUGH_LEFT, scarce.pk, left=500)]
    assert not Order.objects.filter(membership=membership).exists()
    assert ordered(month.offers[0]) == 0


def test_nothing_is_accepted_once_the_month_is_closed(month):
    person, membership = month.member()

    with pytest.raises(ordering.OrderRefused) as refused:
        confirm(month, person, membership, {month.offers[0]: 500}, now=month.cycle.closes_at)

    assert reasons(refused) == [Reason.NOT_OPEN]


def test_an_order_is_not_cancelled_after_closing(month):
    order = month.order({month.offers[0]: 500})

    with pytest.raises(ordering.OrderRefused):
        ordering.cancel_order(order=order, actor=order.placed_by, now=month.after_closing)


def test_an_envelope_promises_no_more_than_it_has():
    month = open_month(bank_cents=200)
    month.order({month.offers[0]: 1000}, share_percent=50)
    person, membership = month.member(share_percent=50)

    with pytest.raises(ordering.OrderRefused) as refused:
        confirm(month, person, membership, {month.offers[0]: 1000})

    assert reasons(refused) == [Reason.ENVELOPE_SHORT]
    assert ordered(month.offers[0]) == 1000


def test_a_basket_outlives_a_lost_session(month):
    _, membership = month.member()
    ordering.fill_basket(
        popup=month.popup,
        membership=membership,
        quantities={month.offers[0].pk: 500},
        now=month.now,
    )

    assert Basket.objects.get().quantities == {str(month.offers[0].pk): 500}


# ---------------------------------------------------------------------------------- the pages


@pytest.fixture
def here(month, client, monkeypatch):
    """Signed in as a member of an open month."""
    person, _ = month.member(share_percent=50)
    client.force_login(person)
    monkeypatch.setattr("croqualim.groupbuy.views.ordering.now", lambda: month.now)
    return client


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def press(client, month, **button):
    return client.post(page("fill_basket", month.popup.pk), button)


def test_she_orders_without_javascript(here, month):
    lentils = month.offers[0]
    for _ in range(3):
        press(here, month, plus=lentils.pk)
    press(here, month, moins=lentils.pk)

    answer = here.post(page("check_answers", month.popup.pk), follow=True)

    order = Order.objects.get()
    assert answer.redirect_chain == [(page("order", order.pk), 302)]
    assert order.reference in answer.text
    assert [line.quantity for line in order.lines.all()] == [1000]
    assert "1,60" in answer.text


def test_with_htmx_only_the_line_and_the_bar_come_back(here, month):
    answer = here.post(
        page("fill_basket", month.popup.pk),
        {"plus": month.offers[0].pk},
        headers={"HX-Request": "true"},
    )

    assert "<html" not in answer.text
    assert answer.text.count('hx-swap-oob="true"') == 2
    assert "1,80" in answer.text  # with the year that begins


def test_what_became_scarce_is_said_on_the_check_page_and_the_basket_is_kept(here, month):
    scarce = month.offer(limit_quantity=1000, name="Miel", search_name="miel")
    press(here, month, plus=scarce.pk)
    press(here, month, plus=scarce.pk)
    month.order({scarce: 500})

    answer = here.post(page("check_answers", month.popup.pk))

    assert "Miel" in answer.text
    assert "n’en reste que 500" in answer.text
    assert "<title>Erreur : " in answer.text
    assert Basket.objects.get().quantities[str(scarce.pk)] == 1000


@pytest.mark.parametrize(
    "typed", ["beaucoup", "0,3 kg", "-1 kg", "1 l", "9" * 15, "999999999 t", "101 kg"]
)
def test_an_amount_that_is_none_is_explained_and_kept(here, month, typed):
    url = page("choose_one", month.popup.pk, month.offers[0].pk)

    answer = here.post(url, {"quantity": typed})

    assert answer.status_code == 200
    assert f'value="{typed}"' in answer.text
    assert not Basket.objects.exists()


@pytest.mark.parametrize(
    ("typed", "quantity"), [("2", 2000), ("0,5", 500), ("1500", 1500), ("1,5 kg", 1500)]
)
def test_a_bare_number_is_said_in_kilos_or_in_grams(here, month, typed, quantity):
    here.post(page("choose_one", month.popup.pk, month.offers[0].pk), {"quantity": typed})

    assert Basket.objects.get().quantities == {str(month.offers[0].pk): quantity}


def withdraw(month, offer):
    cycles.withdraw_offer(
        offer=offer, reason="Récolte perdue", actor=month.coordinator, now=month.now
    )


def test_a_product_withdrawn_meanwhile_is_told_and_taken_out_by_her_alone(here, month):
    lost = month.offer(name="Cerises", search_name="cerises")
    for offer in (lost, month.offers[0]):
        press(here, month, plus=offer.pk)
    withdraw(month, lost)
    check = page("check_answers", month.popup.pk)

    assert "N’est plus proposé" in here.get(page("choose", month.popup.pk)).text
    assert "Cerises : ce produit n’est plus proposé ce mois-ci" in here.get(check).text
    assert here.post(check).status_code == 200
    assert not Order.objects.exists()
    assert str(lost.pk) in Basket.objects.get().quantities

    answer = here.post(page("take_out", month.popup.pk, lost.pk), follow=True)
    assert "Cerises" not in answer.text
    here.post(check)

    assert [line.offer for line in Order.objects.get().lines.all()] == [month.offers[0]]


def test_what_was_ordered_before_it_was_withdrawn_is_kept_when_the_rest_changes(month):
    person, membership = month.member()
    lentils, rice = month.offers
    confirm(month, person, membership, {lentils: 1000, rice: 500})
    withdraw(month, lentils)

    confirm(month, person, membership, {lentils: 1000, rice: 1000})
    with pytest.raises(ordering.OrderRefused) as refused:
        confirm(month, person, membership, {lentils: 1500, rice: 1000})

    assert reasons(refused) == [Reason.NOT_OFFERED]
    assert {line.quantity for line in Order.objects.get().lines.all()} == {1000}


def test_pressing_a_button_that_is_none_is_not_found(here, month):
    assert press(here, month, plus="x").status_code == 404
    assert press(here, month, plus="9" * 5000).status_code == 404
    assert press(here, month, plus=10**30).status_code == 404


def test_more_than_a_household_eats_is_refused(month):
    person, membership = month.member()

    with pytest.raises(ordering.OrderRefused) as refused:
        confirm(month, person, membership, {month.offers[0]: 100_500})

    assert reasons(refused) == [Reason.TOO_MUCH]


def test_what_is_held_out_at_the_shop_shows_no_amount(here, month):
    press(here, month, plus=month.offers[0].pk)
    here.post(page("check_answers", month.popup.pk))
    order = Order.objects.get()

    shown = here.get(page("show_order", order.pk)).text

    assert order.reference in shown
    assert "€" not in shown
    assert "%" not in shown


def test_what_was_chosen_and_not_confirmed_is_said(here, month):
    press(here, month, plus=month.offers[0].pk)
    here.post(page("check_answers", month.popup.pk))
    order = Order.objects.get()
    assert "sans le confirmer" not in here.get(page("order", order.pk)).text

    press(here, month, plus=month.offers[0].pk)

    assert "sans le confirmer" in here.get(page("order", order.pk)).text


def test_an_order_made_before_changing_share_can_follow_it(here, month):
    press(here, month, plus=month.offers[0].pk)
    here.post(page("check_answers", month.popup.pk))
    order = Order.objects.get()

    answer = here.post(page("share", order.membership_id), {"share_percent": "100"})
    here.post(page("reprice_order", order.pk))

    assert answer.url == page("reprice_order", order.pk)
    order.refresh_from_db()
    assert order.due_cents == order.cost_cents == 160
    assert Account.objects.get(pk=month.envelope.account_id).reserved_cents == 0


def test_a_year_that_is_over_begins_again_with_an_order_and_is_said(month):
    person, membership = month.member()
    a_year_ago = month.now.date() - timedelta(days=365)
    membership.years.update(starts_on=a_year_ago, ends_on=month.now.date())

    confirm(month, person, membership, {month.offers[0]: 500})

    begun = membership.years.order_by("starts_on").last()
    assert begun.starts_on == month.popup.starts_at.date()
    assert begun.paid_at is None


def test_two_months_do_not_give_one_household_one_reference(month):
    other = open_month(now=month.now)
    assert month.order({month.offers[0]: 500}).reference != (
        other.order({other.offers[0]: 500}).reference
    )


def test_search_forgives_accents(here, month):
    month.offer(name="Épeautre", search_name="epeautre")

    answer = here.get(page("choose", month.popup.pk), {"cherche": "EPEAU"})

    assert "Épeautre" in answer.text
    assert "Lentilles" not in answer.text


def test_other_households_see_nothing_of_it(client, month):
    order = month.order({month.offers[0]: 500})
    client.force_login(PersonFactory())

    for url in (
        page("choose", month.popup.pk),
        page("check_answers", month.popup.pk),
        page("order", order.pk),
        page("cancel_order", order.pk),
    ):
        assert client.get(url).status_code == 404


def test_the_page_of_a_hundred_products_costs_no_more_queries_than_of_three(
    here, month, django_assert_max_num_queries
):
    for _ in range(100):
        month.offer()

    with django_assert_max_num_queries(10):
        answer = here.get(page("choose", month.popup.pk), headers={"Accept-Encoding": "gzip"})

    assert len(answer.content) < 12 * 1024


def test_two_shelves_that_look_alike_are_drawn_once(here, month):
    """The page of the rush: what was drawn for one member serves all who pay as much."""
    here.get(page("choose", month.popup.pk))
    drawn = _html.cache_info().misses
    neighbour, _ = month.member(share_percent=50)
    here.force_login(neighbour)

    here.get(page("choose", month.popup.pk))

    assert _html.cache_info().misses == drawn


def test_a_shelf_drawn_before_never_hides_what_changed(here, month):
    """A new price, a new name, a neighbour's order, a press on +: the next page says it."""
    scarce = month.offer(limit_quantity=3000, name="Miel <de> lavande", search_name="miel")
    address = page("choose", month.popup.pk)
    assert "reste 3" in here.get(address).text

    month.order({scarce: 1000})
    Offer.objects.filter(pk=scarce.pk).update(cost_price_cents=990)
    press(here, month, plus=scarce.pk)
    shown = here.get(address).text
    Product.objects.filter(pk=scarce.product_id).update(name="Miel de thym")

    assert "reste 2" in shown
    assert "4,95" in shown
    assert "<output>500" in shown
    assert "Miel &lt;de&gt; lavande" in shown
    assert "Miel de thym" in here.get(address).text


def test_an_order_of_twelve_lines_costs_at_most_sixteen_queries(month):
    offers = [month.offer() for _ in range(12)]
    person, membership = month.member()

    with CaptureQueriesContext(connection) as said:
        confirm(month, person, membership, dict.fromkeys(offers, 500))

    queries = [q["sql"] for q in said.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(queries) <= 16  # one of them, for deposits, before anything is locked
    assert "productcontainer" in queries[0]


def test_months_go_by_without_ordering(month, here):
    answer = here.get(page("own_orders"))

    assert "rien n’oblige" in answer.text
    assert Order.objects.count() == 0


def test_after_closing_the_shelves_are_still_there_without_buttons(month, here, monkeypatch):
    later = month.after_closing + timedelta(days=1)
    monkeypatch.setattr("croqualim.groupbuy.views.ordering.now", lambda: later)

    answer = here.get(page("choose", month.popup.pk))

    assert "closes" in answer.text
    assert 'name="plus"' not in answer.text
    press(here, month, plus=month.offers[0].pk)
    assert not Basket.objects.exists()
