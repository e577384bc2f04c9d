"""Pages where money is given back: the amount is seen first, and given once."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions import cash, joining, till
from croqualim.groupbuy.models import Fate, Payout, Refund
from croqualim.groupbuy.queries.payouts import returnable
from croqualim.groupbuy.queries.prepaid import holders
from croqualim.groupbuy.queries.takings import prepaid_cents
from croqualim.ledger.models import AccountKind
from tests.groupbuy.evening import open_evening
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    return open_evening(share_percent=50)


@pytest.fixture
def order(evening):
    order = evening.orders[0]
    evening.pay(order)
    order.refresh_from_db()
    return order


@pytest.fixture
def here(client, evening, monkeypatch):
    """The volunteer's telephone, that evening."""
    for module in ("till.serving", "till.prepaid", "till.giving", "taking_back", "undoing"):
        monkeypatch.setattr(f"croqualim.groupbuy.views.{module}.now", lambda: evening.now)
    client.force_login(evening.volunteer)
    return client


@pytest.fixture
def member(evening):
    """A household with 20 € on its account."""
    membership = evening.orders[0].membership
    till.top_up(
        popup=evening.popup,
        household=membership.household,
        method="cash",
        amount_cents=2000,
        nonce="t",
        **evening.acting,
    )
    return membership


def said(order, **more):
    form = {
        "line": returnable(order)[0].line.pk,
        "quantity": "1 kg",
        "fate": Fate.LOST,
        "reason": "moisies",
        "method": "cash",
        "nonce": "n1",
    }
    return {**form, **more}


class TestAProductComesBack:
    def page(self, evening, order):
        return reverse("groupbuy:refund", args=[evening.month.popup.pk, order.pk])

    def test_the_amount_is_seen_before_it_is_given(self, here, evening, order):
        answer = here.post(self.page(evening, order), said(order))

        assert "À rendre : 1,60 €" in plain(answer)
        assert not Refund.objects.exists()

        answer = here.post(self.page(evening, order), said(order, total="160"), follow=True)
        assert "À rendre : 1,60 €. En espèces." in plain(answer)
        assert Refund.objects.get().amount_cents == 160

    def test_an_impatient_thumb_gives_once(self, here, evening, order):
        for _ in range(2):
            here.post(self.page(evening, order), said(order, total="160"))

        assert Payout.objects.count() == 1

    @pytest.mark.parametrize(
        ("wrong", "sentence"),
        [
            ({"quantity": "3 kg"}, "Elle en a eu 2 kg : pas plus, et pas rien."),
            ({"quantity": "0"}, "pas plus, et pas rien."),
            ({"quantity": "beaucoup"}, "Écrivez une quantité, par exemple 500 g."),
            ({"line": "99999999"}, "n’en fait pas partie"),
            ({"fate": ""}, "Dites ce que devient le produit."),
            ({"reason": " "}, "Dites pourquoi, en quelques mots."),
            ({"method": "transfer"}, "n’en fait pas partie"),
            ({"total": "1"}, "À rendre : 1,60 €"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_done(self, here, evening, order, wrong, sentence):
        answer = here.post(self.page(evening, order), said(order, **{"total": "160", **wrong}))

        assert sentence in plain(answer)
        assert not Refund.objects.exists()

    def test_nothing_for_an_order_still_to_be_taken(self, here, evening):
        waiting = evening.orders[1]

        assert here.get(self.page(evening, waiting)).status_code == 404

    def test_the_page_tells_no_price_line_by_line(self, here, evening, order):
        assert "€" not in plain(here.get(self.page(evening, order)))

    def test_undoing_asks_why(self, here, evening, order):
        here.post(self.page(evening, order), said(order, total="160"))
        refund = Refund.objects.get()
        undo = reverse("groupbuy:undo_refund", args=[evening.month.popup.pk, refund.pk])

        here.post(undo, {"reason": ""})
        refund.refresh_from_db()
        assert refund.undone_at is None

        here.post(undo, {"reason": "erreur"})
        refund.refresh_from_db()
        assert refund.undone_at == evening.now

    def test_she_reads_it_on_her_order(self, here, client, evening, order):
        here.post(self.page(evening, order), said(order, total="160"))
        client.force_login(order.membership.household.people.get())

        page = plain(client.get(reverse("groupbuy:order", args=[order.pk])))

        assert "1,60 € vous ont été rendus, espèces" in page


class TestAnAccountIsPaidBack:
    def test_in_cash_at_the_till(self, here, evening, member):
        page = reverse("groupbuy:pay_back", args=[evening.month.popup.pk, member.pk])
        assert "Dans la boîte ce soir : 20,00 €" in plain(here.get(page))

        for _ in range(2):
            here.post(page, {"amount": "5", "nonce": "p"})

        assert prepaid_cents(evening.month.collective, member.household) == 1500

    def test_no_more_than_there_is(self, here, evening, member):
        page = reverse("groupbuy:pay_back", args=[evening.month.popup.pk, member.pk])

        answer = here.post(page, {"amount": "20,01", "nonce": "p"})

        assert "Il n’y a que 20,00 € sur ce compte." in plain(answer)

    def test_after_she_left_too(self, here, evening, member):
        joining.leave_group(membership=member, now=evening.now)
        find = reverse("groupbuy:find_to_top_up", args=[evening.month.popup.pk])

        page = plain(here.get(find, {"cherche": str(member.number)}))

        assert f"n° {member.number}" in page

    def test_half_from_the_account_and_half_in_cash_at_one_touch(self, here, evening, member):
        order = evening.orders[0]
        due = evening.due(order)
        household = member.household
        prepaid = prepaid_cents(evening.month.collective, household)
        assert prepaid > due  # so empty most of it first
        page = reverse("groupbuy:pay_back", args=[evening.month.popup.pk, member.pk])
        here.post(page, {"amount": "19", "nonce": "p"})

        serve = reverse("groupbuy:till_order", args=[evening.month.popup.pk, order.pk])
        assert "Compte prépayé 1,00 €, et" in plain(here.get(serve))
        here.post(serve, {"due": due, "method": "prepaid+cash"})

        order.refresh_from_db()
        assert order.collected_at
        assert prepaid_cents(evening.month.collective, household) == 0

    def test_her_page_says_what_happened_in_words(self, client, evening, member):
        order = evening.orders[0]
        evening.pay(order, "prepaid")
        client.force_login(member.household.people.get())

        page = plain(client.get(reverse("groupbuy:own_account", args=[member.pk])))

        assert "Versé à l’épicerie" in page
        assert f"Commande {order.reference} payée" in page
        assert "Adhésion d’un an payée" in page

    def test_the_coordinator_sees_who_has_money_in_as_many_queries(
        self, evening, django_assert_num_queries
    ):
        for n, order in enumerate(evening.orders):
            till.top_up(
                popup=evening.popup,
                household=order.membership.household,
                method="card",
                amount_cents=1000,
                nonce=f"many-{n}",
                **evening.acting,
            )

        with django_assert_num_queries(3):
            assert len(holders(evening.month.collective)) == 3


class TestPaidBackByTransfer:
    @pytest.fixture
    def office(self, client, evening, member):
        """The coordinator's desk."""
        client.force_login(evening.month.coordinator)
        return client

    def page(self, member):
        return reverse("groupbuy:member_account", args=[member.pk])

    def test_more_than_the_bank_holds_is_said_of_the_bank(self, office, evening, member):
        all_but_ten_euros = -evening.balance(AccountKind.BANK) - 1000
        cash.bring_change(
            popup=evening.popup, amount_cents=all_but_ten_euros, nonce="c", **evening.acting
        )

        answer = office.post(self.page(member), {"amount": "20", "nonce": "p"})

        assert "Il n’y a pas autant sur le compte en banque du collectif." in plain(answer)
        assert not Payout.objects.exists()

    def test_it_is_undone_with_its_reason_and_stays_written(self, office, evening, member):
        till.top_up(
            popup=evening.popup,
            household=member.household,
            method="card",
            amount_cents=1000,
            nonce="card",
            **evening.acting,
        )
        office.post(self.page(member), {"amount": "10", "nonce": "p"})
        payout = Payout.objects.get()
        undo = reverse("groupbuy:undo_transfer_back", args=[payout.pk])
        assert undo in office.get(self.page(member)).content.decode()

        office.post(undo, {"reason": ""})
        assert prepaid_cents(evening.month.collective, member.household) == 2000

        for _ in range(2):
            office.post(undo, {"reason": "mauvais IBAN"})

        assert prepaid_cents(evening.month.collective, member.household) == 3000
        page = plain(office.get(self.page(member)))
        assert "annulé : mauvais IBAN" in page
