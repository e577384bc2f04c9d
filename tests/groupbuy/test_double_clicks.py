"""One form sent by four processes at the same moment, as an impatient thumb does: one effect.

Over the pages, as a browser sends them.
"""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from croqualim.groupbuy.actions import ordering, till
from croqualim.groupbuy.models import (
    Basket,
    Event,
    EventKind,
    FreeSale,
    Group,
    Membership,
    MembershipYear,
    Offer,
    Order,
    Payment,
)
from croqualim.ledger import queries as ledger
from tests.factories import PersonFactory
from tests.groupbuy.evening import open_evening, wrong_books
from tests.groupbuy.month import open_month

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
