"""Containers with a deposit: paid in full by everybody, given back to whoever brings them."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.actions import containers, till
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.containers import ProductContainerForm
from croqualim.groupbuy.models import Container, ContainerMove, ProductContainer
from croqualim.groupbuy.queries.balance import balance_of
from croqualim.groupbuy.queries.containers import containers_of, out_of, products_to_put
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.queries.takings import expected_cash_cents, prepaid_cents
from croqualim.groupbuy.rules.containers import containers_for, problem_with_return
from croqualim.groupbuy.rules.till import Reason
from croqualim.ledger.models import AccountKind
from tests.groupbuy.evening import Evening, open_evening, wrong_books
from tests.groupbuy.pages import plain


@given(quantity=st.integers(1, 10**6), holds=st.integers(1, 10**5))
def test_all_of_it_goes_in_and_no_container_stays_empty(quantity, holds):
    number = containers_for(quantity, holds)

    assert (number - 1) * holds < quantity <= number * holds


@given(st.dictionaries(st.integers(1, 3), st.integers(-2, 5)))
def test_never_more_back_than_are_out(back):
    out = {1: 3, 2: 1}
    taken = problem_with_return(back, out) is None

    assert taken == (
        any(back.values()) and all(0 <= n <= out.get(kind, 0) for kind, n in back.items())
    )


@pytest.fixture
def evening(db) -> Evening:
    """Half the price for everybody; 2 kg of the first product go in two jars of a kilo."""
    evening = open_evening(share_percent=50)
    product = evening.month.offers[0].product
    containers.put_in_container(product=product, container=jar(evening), holds_quantity=1000)
    return evening


def jar(evening, name="bocal", cents=50) -> Container:
    return containers.add_container(
        collective=evening.month.collective, name=name, deposit_cents=cents
    )


def out(evening, kind=None) -> int:
    rows = {row.container: row.number for row in out_of(evening.month.collective)}
    return rows[kind or jar(evening)]


def back(evening, number=1, nonce="n", **more):
    return containers.take_containers_back(
        popup=evening.popup,
        back={jar(evening).pk: number},
        nonce=nonce,
        **more,
        **evening.acting,
    )


class TestOutWithAnOrder:
    def test_the_deposit_is_whole_whatever_the_share(self, evening):
        order = evening.orders[0]

        due = due_of(order, evening.now.date())

        assert due.deposit_cents == 100
        assert due.total_cents == order.due_cents + due.fee_cents + 100

    def test_it_is_held_for_members_and_is_no_sale(self, evening):
        before = balance_of(evening.month.cycle).members_cents
        envelope = evening.month.envelope.account
        envelope.refresh_from_db()
        held = envelope.reserved_cents

        evening.pay(evening.orders[0])

        envelope.refresh_from_db()
        assert evening.balance(AccountKind.DEPOSITS) == 100
        members = balance_of(evening.month.cycle).members_cents - before
        assert members == evening.orders[0].due_cents
        assert envelope.reserved_cents == held
        assert out(evening) == 2
        assert wrong_books(evening.month.collective) == []

    def test_undone_no_container_is_out(self, evening):
        order = evening.orders[0]
        evening.pay(order)

        till.undo_hand_over(order=order, reason="erreur", **evening.acting)

        assert (out(evening), evening.balance(AccountKind.DEPOSITS)) == (0, 0)
        evening.pay(order)
        assert out(evening) == 2

    def test_not_undone_once_its_containers_came_back(self, evening):
        order = evening.orders[0]
        evening.pay(order)
        back(evening)

        with pytest.raises(ShopRefused) as refused:
            till.undo_hand_over(order=order, reason="erreur", **evening.acting)

        assert refused.value.problem.reason is Reason.CONTAINERS_BACK

    def test_what_is_due_takes_as_many_queries_for_many_products(
        self, evening, django_assert_num_queries
    ):
        with django_assert_num_queries(3):
            due_of(evening.orders[0], evening.now.date())


class TestBack:
    def test_in_cash_to_whoever_brings_it_once(self, evening):
        evening.pay(evening.orders[0])
        in_box = expected_cash_cents(evening.popup)

        for _ in range(2):
            back(evening)

        assert expected_cash_cents(evening.popup) == in_box - 50
        assert (out(evening), evening.balance(AccountKind.DEPOSITS)) == (1, 50)

    def test_on_her_account(self, evening):
        evening.pay(evening.orders[0], "card")
        neighbour = evening.orders[1].membership

        back(evening, membership=neighbour)

        assert prepaid_cents(evening.month.collective, neighbour.household) == 50

    def test_no_more_than_are_out(self, evening):
        evening.pay(evening.orders[0])
        with pytest.raises(ShopRefused) as refused:
            back(evening, number=3)
        assert refused.value.problem.reason is Reason.TOO_MANY_CONTAINERS
        assert refused.value.problem.left == 2

    def test_no_other_kind_than_went_out(self, evening):
        evening.pay(evening.orders[0])
        can = jar(evening, "bidon", 300)
        with pytest.raises(ShopRefused):
            containers.take_containers_back(
                popup=evening.popup, back={can.pk: 1}, nonce="x", **evening.acting
            )

    def test_undone_it_is_still_out(self, evening):
        evening.pay(evening.orders[0])
        payout = back(evening)

        for _ in range(2):
            containers.undo_containers_back(payout=payout, reason="erreur", **evening.acting)

        assert (out(evening), evening.balance(AccountKind.DEPOSITS)) == (2, 100)
        assert wrong_books(evening.month.collective) == []


class TestPages:
    @pytest.fixture
    def here(self, client, evening, monkeypatch):
        monkeypatch.setattr("croqualim.groupbuy.views.till.containers.now", lambda: evening.now)
        monkeypatch.setattr("croqualim.groupbuy.views.till.serving.now", lambda: evening.now)
        client.force_login(evening.volunteer)
        return client

    def page(self, evening, name="containers_back", *more):
        return reverse(f"groupbuy:{name}", args=[evening.month.popup.pk, *more])

    def test_the_hand_over_says_it_on_a_line_of_its_own(self, here, evening):
        said = plain(here.get(self.page(evening, "till_order", evening.orders[0].pk)))

        assert "Consigne : 2 bocaux" in said

    def test_one_touch_gives_one_back(self, here, evening):
        evening.pay(evening.orders[0])

        typed = {"one": jar(evening).pk, "nonce": "a"}
        said = plain(here.post(self.page(evening), typed, follow=True))

        assert "rendez 0,50 €" in said
        assert out(evening) == 1

    @pytest.mark.parametrize("number", ["3", "-1", "beaucoup", ""])
    def test_what_cannot_be_is_said_and_nothing_done(self, here, evening, number):
        evening.pay(evening.orders[0])

        typed = {f"n{jar(evening).pk}": number, "nonce": "a"}
        answer = here.post(self.page(evening), typed)

        assert answer.status_code == 200
        assert not ContainerMove.objects.filter(number__lt=0).exists()


@pytest.mark.parametrize("holds", ["0", "deux", "1 l", "-1 kg", "9999999999 kg"])
def test_a_container_that_cannot_hold_it_is_asked_again(evening, holds):
    collective = evening.month.collective
    form = ProductContainerForm(
        {
            "product": evening.month.offers[1].product.pk,
            "container": jar(evening).pk,
            "holds": holds,
        },
        products=products_to_put(collective),
        containers=containers_of(collective),
    )

    assert "holds" in form.errors
    assert ProductContainer.objects.count() == 1
