"""One form sent by four processes at the same moment, as an impatient thumb does: one effect.

Over the pages, as a browser sends them.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from croqualim.groupbuy.actions import cash, containers, ordering, refunds, till
from croqualim.groupbuy.models import (
    Basket,
    CashMove,
    ContainerMove,
    Event,
    EventKind,
    FreeSale,
    Group,
    Membership,
    MembershipYear,
    Offer,
    Order,
    Payment,
    Payout,
    Refund,
)
from croqualim.groupbuy.queries.payouts import returnable
from croqualim.ledger import queries as ledger
from tests.factories import PersonFactory
from tests.groupbuy.evening import open_evening, wrong_books
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES = 4


def press(number, session, path, data):
    """One browser: what it is answered, and where it is sent."""
    client = Client(SERVER_NAME="localhost")
    client.cookies["sessionid"] = session
    answer = client.post(path, data)
    return [answer.status_code, answer.headers.get("Location", "")]


@pytest.fixture
def pressed(at_once, client):
    """Sends one form four times at once, as this person; says how all of them were answered."""

    def send(person, name, *args, **data):
        client.force_login(person)
        answers = at_once(
            "tests.groupbuy.test_double_clicks:press",
            PROCESSES,
            session=client.session.session_key,
            path=reverse(f"groupbuy:{name}", args=args),
            data=data,
        )
        assert {status for status, _where in answers} <= {200, 302}
        return answers

    return send


@pytest.fixture
def month():
    return open_month(now=now())


def fill(month, membership, quantity):
    ordering.fill_basket(
        popup=month.popup,
        membership=membership,
        quantities={month.offers[0].pk: quantity},
        now=month.now,
    )


def events(kind):
    return Event.objects.filter(kind=kind).count()


def asked(month):
    return Offer.objects.get(pk=month.offers[0].pk).ordered_quantity


def test_ordering(pressed, month):
    person, membership = month.member(share_percent=50)
    fill(month, membership, 1000)

    answers = pressed(person, "check_answers", month.popup.pk)

    order = Order.objects.get()
    assert answers == [[302, reverse("groupbuy:order", args=[order.pk])]] * PROCESSES
    assert events(EventKind.ORDER_PLACED) == 1
    assert asked(month) == 1000
    assert not Basket.objects.exists()
    assert ledger.discrepancies() == []


def test_changing_an_order(pressed, month):
    person, membership = month.member()
    fill(month, membership, 1000)
    pressed(person, "check_answers", month.popup.pk)
    fill(month, membership, 1500)

    pressed(person, "check_answers", month.popup.pk)

    assert events(EventKind.ORDER_CHANGED) == 1
    assert asked(month) == 1500


def test_cancelling_an_order(pressed, month):
    order = month.order({month.offers[0]: 1000}, share_percent=50)
    neighbours = month.order({month.offers[0]: 500})

    pressed(order.placed_by, "cancel_order", order.pk)

    assert events(EventKind.ORDER_CANCELLED) == 1
    assert asked(month) == 500
    assert Order.objects.get(cancelled_at=None) == neighbours
    assert ledger.discrepancies() == []


def test_joining_a_group(pressed, month):
    person = PersonFactory()

    pressed(person, "confirm_join", Group.objects.get().slug)

    membership = Membership.objects.get(household=person.household)
    assert MembershipYear.objects.filter(membership=membership).count() == 1


@pytest.fixture
def evening():
    return open_evening(orders=2, now=now())


def test_taking_an_order_away(pressed, evening):
    order = evening.orders[0]
    form = {"method": "cash", "due": evening.due(order)}

    pressed(evening.volunteer, "till_order", evening.month.popup.pk, order.pk, **form)

    assert sum(Payment.objects.values_list("amount_cents", flat=True)) == 900
    assert events(EventKind.COLLECTED) == 1
    assert wrong_books(evening.month.collective) == []


def test_selling_what_is_left(pressed, evening):
    lentils = evening.month.offers[0]
    till.mark_absent(order=evening.orders[0], **evening.acting)
    form = {"nonce": "n", f"offer-{lentils.pk}": "500 g", "total": "160", "method": "cash"}

    pressed(evening.volunteer, "free_sale", evening.month.popup.pk, **form)

    assert FreeSale.objects.get().amount_cents == 160
    assert wrong_books(evening.month.collective) == []


def test_topping_up(pressed, evening):
    membership = evening.orders[0].membership
    form = {"nonce": "n", "amount": "20", "method": "cash"}

    pressed(evening.volunteer, "top_up", evening.month.popup.pk, membership.pk, **form)

    assert Payment.objects.get().amount_cents == 2000
    assert wrong_books(evening.month.collective) == []


USED = "Cette page a déjà servi : rouvrez-la."


@pytest.fixture
def pressed_again(client, evening):
    """The same form sent once more, later: what the page says."""

    def send(person, name, *args, **data):
        client.force_login(person)
        path = reverse(f"groupbuy:{name}", args=args)
        return plain(client.post(path, data, follow=True))

    return send


def test_taking_a_product_back(pressed, pressed_again, evening):
    order = evening.orders[0]
    evening.pay(order)
    order.refresh_from_db()
    page = (evening.volunteer, "refund", evening.month.popup.pk, order.pk)
    line = returnable(order)[0].line.pk
    form = {"line": line, "fate": "lost", "reason": "moisies", "method": "cash", "total": "640"}
    form["nonce"] = "n"  # all that she had of it

    pressed(*page, **form)

    refund = Refund.objects.get()
    assert (refund.quantity, refund.amount_cents) == (2000, 640)
    assert USED not in pressed_again(*page, **form)
    assert USED in pressed_again(*page, **{**form, "quantity": "500 g", "total": "160"})
    assert USED in pressed_again(*page, **{**form, "reason": "tombées"})
    refunds.undo_refund(refund=refund, reason="elle les garde", **evening.acting)
    assert USED in pressed_again(*page, **form)
    assert Payout.objects.count() == 1
    assert wrong_books(evening.month.collective) == []


@pytest.fixture
def account(evening):
    """20 € in cash on the first household's."""
    membership = evening.orders[0].membership
    till.top_up(
        popup=evening.popup,
        household=membership.household,
        method="cash",
        amount_cents=2000,
        nonce="before",
        **evening.acting,
    )
    return membership


def test_paying_an_account_back(pressed, pressed_again, evening, account):
    page = (evening.volunteer, "pay_back", evening.month.popup.pk, account.pk)

    pressed(*page, nonce="n", amount="5")

    assert Payout.objects.get().amount_cents == 500
    assert USED not in pressed_again(*page, nonce="n", amount="5")
    assert USED in pressed_again(*page, nonce="n", amount="6")
    assert Payout.objects.count() == 1
    assert wrong_books(evening.month.collective) == []


def test_bringing_containers_back(pressed, pressed_again, evening):
    jar, can = (
        containers.add_container(collective=evening.month.collective, name=name, deposit_cents=50)
        for name in ("bocal", "bidon")
    )
    for offer, kind in zip(evening.month.offers, (jar, can), strict=False):
        containers.put_in_container(product=offer.product, container=kind, holds_quantity=250)
    evening.pay(evening.orders[0])
    page = (evening.volunteer, "containers_back", evening.month.popup.pk)

    pressed(*page, **{"nonce": "n", f"n{jar.pk}": "1"})

    assert Payout.objects.get().amount_cents == 50
    assert ContainerMove.objects.get(number__lt=0).container == jar
    assert USED not in pressed_again(*page, **{"nonce": "n", f"n{jar.pk}": "1"})
    assert USED in pressed_again(*page, **{"nonce": "n", f"n{jar.pk}": "2"})
    assert Payout.objects.count() == 1
    assert wrong_books(evening.month.collective) == []


def test_bringing_change(pressed, pressed_again, evening):
    page = (evening.volunteer, "bring_change", evening.month.popup.pk)
    till.top_up(
        popup=evening.popup,
        household=evening.orders[0].membership.household,
        method="card",  # some money in the bank
        amount_cents=20000,
        nonce="before",
        **evening.acting,
    )

    pressed(*page, nonce="n", amount="50")

    move = CashMove.objects.get()
    assert move.amount_cents == 5000
    assert USED not in pressed_again(*page, nonce="n", amount="50")
    assert USED in pressed_again(*page, nonce="n", amount="60")
    cash.undo_cash_move(move=move, reason="pas venue", **evening.acting)
    assert USED in pressed_again(*page, nonce="n", amount="50")
    assert CashMove.objects.count() == 1
    assert wrong_books(evening.month.collective) == []


def test_taking_cash_to_the_bank(pressed, pressed_again, evening):
    for order in evening.orders:
        evening.pay(order)
    till.count_till(popup=evening.popup, counted_cents=1800, remark="", **evening.acting)
    till.close_shop(popup=evening.popup, lost={}, reason="", **evening.acting)
    page = (evening.volunteer, "deposit_cash", evening.month.popup.pk)

    pressed(*page, nonce="n", amount="8", slip="B1")

    assert CashMove.objects.get().amount_cents == 800
    assert USED not in pressed_again(*page, nonce="n", amount="8", slip="B1")
    assert USED in pressed_again(*page, nonce="n", amount="9", slip="B1")
    assert USED in pressed_again(*page, nonce="n", amount="8", slip="B2")
    assert CashMove.objects.count() == 1
    assert wrong_books(evening.month.collective) == []


def test_settling(pressed, evening):
    for order in evening.orders:
        evening.pay(order)
    counting = {"counted_cents": 1800, "remark": "", **evening.acting}
    till.count_till(popup=evening.popup, **counting)
    till.close_shop(popup=evening.popup, lost={}, reason="", **evening.acting)

    pressed(evening.month.coordinator, "settle_cycle", evening.month.cycle.pk, words="Un bon mois")

    evening.month.cycle.refresh_from_db()
    assert evening.month.cycle.settled_at
    assert events(EventKind.CYCLE_SETTLED) == 1
    assert wrong_books(evening.month.collective) == []
