"""An envelope promises only while it runs; its statement says what it made possible, of nobody."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from croqualim.groupbuy.actions import ordering, till
from croqualim.groupbuy.actions.ordering import OrderRefused
from croqualim.groupbuy.queries.envelope_dates import warnings_for, warnings_for_cycle
from croqualim.groupbuy.queries.envelope_made import made_possible_by
from croqualim.groupbuy.rules.envelopes import OVER, RUNNING, TOO_EARLY, said_held, state_on
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory
from tests.groupbuy.evening import open_evening
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain
from tests.groupbuy.test_refunds import close_and_settle

DAYS = timedelta(days=1)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 900), st.integers(-5, 905))
def test_it_runs_from_its_first_day_to_its_last(starts_on, length, day):
    ends_on, on = starts_on + length * DAYS, starts_on + day * DAYS

    state = state_on(on, starts_on=starts_on, ends_on=ends_on)

    assert state == (TOO_EARLY if day < 0 else RUNNING if day <= length else OVER)


@given(cents=st.integers(0, 10**7), orders=st.integers(0, 20))
def test_what_is_held_is_said_about_and_not_of_few(cents, orders):
    said = said_held(cents, orders)

    assert (said is None) == (orders < 5)
    assert said is None or (said % 1000 == 0 and abs(said - cents) <= 500)


def run(month, starts_on, ends_on):
    month.envelope.starts_on, month.envelope.ends_on = starts_on, ends_on
    month.envelope.save()


@pytest.mark.django_db
class TestDates:
    @pytest.mark.parametrize(("first", "last"), [(-10, -1), (1, 10)])
    def test_an_order_is_not_promised_what_the_envelope_may_not_pay(self, first, last):
        month = open_month()
        today = month.now.date()
        run(month, today + first * DAYS, today + last * DAYS)

        with pytest.raises(OrderRefused) as refused:
            month.order({month.offers[0]: 1000}, share_percent=50)

        assert [p.reason for p in refused.value.problems] == ["envelope short"]
        assert month.order({month.offers[0]: 1000}).due_cents == 320

    @pytest.mark.parametrize("day", [0, 5])
    def test_on_its_first_and_last_day_it_is(self, day):
        month = open_month()
        first = month.now.date() - day * DAYS
        run(month, first, first + 5 * DAYS)

        assert month.order({month.offers[0]: 1000}, share_percent=50).due_cents == 160

    def test_what_was_promised_in_time_stays_promised(self):
        month = open_month()
        order = month.order({month.offers[0]: 1000}, share_percent=50)
        run(month, date(2026, 1, 1), month.now.date() - DAYS)
        person = order.placed_by

        smaller = {month.offers[0].pk: 500}
        ordering.confirm_order(
            popup=month.popup,
            membership=order.membership,
            basket=smaller,
            actor=person,
            now=month.now,
        )
        with pytest.raises(OrderRefused):
            ordering.confirm_order(
                popup=month.popup,
                membership=order.membership,
                basket={month.offers[0].pk: 5000},
                actor=person,
                now=month.now,
            )

    def test_who_was_noted_absent_too_soon_is_still_served(self):
        evening = open_evening(share_percent=50)
        order = evening.orders[0]
        till.mark_absent(order=order, **evening.acting)
        run(evening.month, date(2026, 1, 1), evening.now.date() - DAYS)

        till.undo_absent(order=order, **evening.acting)

        order.refresh_from_db()
        assert order.absent_at is None

    def test_the_coordinator_is_told_in_time(self, client):
        month = open_month()
        today = month.now.date()
        assert warnings_for(month.collective, today) == []

        run(month, date(2026, 1, 1), today + 3 * DAYS)
        assert "Ensuite, il faudra une autre enveloppe" in warnings_for(month.collective, today)[0]
        assert "avant la clôture" in warnings_for_cycle(month.cycle)[0]

        run(month, date(2026, 1, 1), today - DAYS)
        assert "est finie depuis" in warnings_for(month.collective, today)[0]

        run(month, today + DAYS, today + 900 * DAYS)
        assert "pas de part réduite avant ce jour" in warnings_for(month.collective, today)[0]
        assert "ne commence que" in warnings_for_cycle(month.cycle)[0]


@pytest.mark.django_db
class TestStatement:
    def settled(self, orders):
        evening = open_evening(orders=orders, share_percent=50)
        for order in evening.orders:
            evening.pay(order)
        close_and_settle(evening)
        evening.month.envelope.account.refresh_from_db()
        return evening

    def test_what_it_made_possible(self):
        made = made_possible_by(self.settled(5).month.envelope)

        assert made.households == "5"
        assert [bar.words for bar in made.weights] == ["12,5\u00a0kg"]

    def test_of_few_households_neither_a_number_nor_a_weight(self):
        made = made_possible_by(self.settled(4).month.envelope)

        assert (made.households, made.weights, made.held_cents) == ("moins de 5", [], None)

    def test_as_many_queries_for_few_and_many(self, django_assert_num_queries):
        envelope = self.settled(6).month.envelope

        with django_assert_num_queries(3):
            made_possible_by(envelope)

    def test_its_funder_reads_it_and_keeps_it(self, client):
        evening = self.settled(5)
        envelope = evening.month.envelope
        funder = RoleFactory(structure=envelope.funder, kind=RoleKind.FUNDER).person
        client.force_login(funder)

        page = plain(client.get(reverse("groupbuy:envelope", args=[envelope.pk])))
        paper = client.get(reverse("groupbuy:envelope_statement", args=[envelope.pk])).content
        printed = "".join(sheet.extract_text() for sheet in PdfReader(BytesIO(paper)).pages)

        for said in (page, printed):
            assert "12,5" in said
            assert not [order for order in evening.orders if order.reference in said]
        assert len(PdfReader(BytesIO(paper)).pages) == 1
