"""A shop that goes round: a stop for each order, said wherever it is collected."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from croqualim.groupbuy.actions import cycles, dates, ordering, repeating
from croqualim.groupbuy.actions.stops import StopsRefused, change_stops
from croqualim.groupbuy.models import Event, EventKind, Order, Popup, Stop
from croqualim.groupbuy.papers import preparation as papers
from croqualim.groupbuy.queries import preparation, till
from croqualim.groupbuy.queries.stops import plan_of
from croqualim.groupbuy.rules.ordering import Reason
from croqualim.groupbuy.rules.stops import Reason as StopReason
from croqualim.groupbuy.rules.stops import StopPlan
from croqualim.messages.models import Message
from tests.groupbuy.month import Month, open_month

pytestmark = pytest.mark.django_db


def plan(month: Month, place: str, hour: int, minute: int = 0) -> StopPlan:
    starts_at = localtime(month.popup.starts_at).replace(
        hour=hour, minute=minute, second=0, microsecond=0
    )
    return StopPlan(place, starts_at, starts_at + timedelta(hours=1))


def go_round(month: Month, *places: str) -> list[Stop]:
    """From 14 h, an hour each."""
    change(month, added=[plan(month, place, 14 + n) for n, place in enumerate(places)])
    return list(month.popup.stops.all())


def change(month: Month, **what) -> None:
    change_stops(popup=month.popup, **{"kept": {}, **what}, actor=month.coordinator, now=month.now)
    month.popup = Popup.objects.select_related("cycle", "group").get(pk=month.popup.pk)


def order_at(month: Month, stop: Stop | None, member=None, grams: int = 500) -> Order:
    person, membership = member or month.member()
    return ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={month.offers[0].pk: grams},
        stop=stop,
        actor=person,
        now=month.now,
    )


def refused(month: Month, stop: Stop | None, member=None) -> Reason:
    with pytest.raises(ordering.OrderRefused) as why:
        order_at(month, stop, member)
    return why.value.problems[0].reason


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def stops(month):
    return go_round(month, "Noves, la mairie", "Cabannes, salle des fêtes")


class TestOrdering:
    def test_it_is_said_where_she_collects(self, month, stops):
        order = order_at(month, stops[1])

        body = Message.objects.get().body
        assert "15\xa0h" in body
        assert "Cabannes, salle des fêtes" in body
        assert month.popup.place not in body
        (event,) = Event.objects.filter(order=order)
        assert event.details["lines"][-1][2] == str(stops[1])

    def test_a_stop_is_asked_for(self, month, stops):
        assert refused(month, None) is Reason.NO_STOP
        assert not Order.objects.exists()

    def test_a_stop_of_another_shop_is_refused(self, month, stops):
        elsewhere = open_month()
        (theirs,) = go_round(elsewhere, "Ailleurs")

        assert refused(month, theirs) is Reason.STOP_GONE
        assert not Order.objects.exists()

    def test_a_shop_that_stays_refuses_any_stop(self, month):
        (theirs,) = go_round(open_month(), "Ailleurs")

        assert refused(month, theirs) is Reason.STOP_GONE

    def test_a_removed_stop_is_refused(self, month, stops):
        change(month, removed={stops[0].pk})

        assert refused(month, stops[0]) is Reason.STOP_GONE

    def test_another_stop_alone_is_a_change(self, month, stops):
        member = month.member()
        order_at(month, stops[0], member)

        order = order_at(month, stops[1], member)

        assert Order.objects.get(pk=order.pk).stop == stops[1]
        changed = Event.objects.get(order=order, kind=EventKind.ORDER_CHANGED)
        assert changed.details["lines"] == [["lieu de retrait", str(stops[0]), str(stops[1])]]

    def test_the_same_again_changes_nothing(self, month, stops):
        member = month.member()
        order = order_at(month, stops[0], member)
        order_at(month, stops[0], member)
        order_at(month, None, member)

        assert Event.objects.filter(order=order).count() == 1
        assert Order.objects.get().stop == stops[0]

    def test_it_costs_one_query_more(self, month, django_assert_max_num_queries):
        stays, goes = month, open_month()
        stop = go_round(goes, "Noves", "Cabannes")[0]
        members = [stays.member(), goes.member()]
        order_at(open_month(), None)  # warm
        with django_assert_max_num_queries(40) as still:
            order_at(stays, None, members[0])
        with django_assert_max_num_queries(len(still) + 1):
            order_at(goes, stop, members[1])


class TestChanging:
    def test_a_chosen_stop_stays(self, month, stops):
        order_at(month, stops[0])

        with pytest.raises(StopsRefused) as why:
            change(month, removed={stops[0].pk})

        assert why.value.problem.reason is StopReason.CHOSEN
        assert Stop.objects.filter(pk=stops[0].pk).exists()

    def test_a_cancelled_order_holds_no_stop(self, month, stops):
        order = order_at(month, stops[0])
        ordering.cancel_order(order=order, actor=month.coordinator, now=month.now)

        change(month, removed={stops[0].pk})

        assert not Stop.objects.filter(pk=stops[0].pk).exists()
        placed = Event.objects.get(order=order, kind=EventKind.ORDER_PLACED)
        assert placed.details["lines"][-1][2] == str(stops[0])

    def test_those_who_chose_it_are_told_and_they_alone(self, month, stops):
        hers, other = order_at(month, stops[0]), order_at(month, stops[1])
        Message.objects.all().delete()

        change(month, kept={stops[0].pk: plan(month, "Noves, le stade", 13)})

        (message,) = Message.objects.all()
        assert hers.reference in message.body
        assert other.reference not in message.body
        assert "13\xa0h" in message.body
        assert "le stade" in message.body

    def test_the_same_again_tells_nobody(self, month, stops):
        order_at(month, stops[0])
        Message.objects.all().delete()
        events = Event.objects.count()

        change(
            month,
            kept={stop.pk: plan_of(stop) for stop in stops},
            added=[plan_of(stops[0]), plan_of(stops[1])],
        )

        assert not Message.objects.exists()
        assert (Event.objects.count(), month.popup.stops.count()) == (events, 2)

    def test_without_its_last_stop_the_shop_stays_in_its_place(self, month, stops):
        change(month, removed={stop.pk for stop in stops})

        assert not month.popup.has_stops
        assert order_at(month, None).stop is None

    def test_they_follow_the_day_of_their_shop(self, month, stops):
        order = order_at(month, stops[0])
        Message.objects.all().delete()
        a_month = timedelta(days=30)  # over the night when clocks change
        day = localtime(month.popup.starts_at) + a_month
        shop = cycles.ShopPlan(month.group, month.popup.place, day, day + timedelta(hours=3))

        dates.change_dates(
            cycle=month.cycle,
            opens_at=month.cycle.opens_at,
            closes_at=month.cycle.closes_at,
            shops=[shop],
            actor=month.coordinator,
            now=month.now,
        )

        moved = Stop.objects.get(pk=stops[0].pk)
        assert localtime(moved.starts_at) == localtime(stops[0].starts_at) + a_month
        message = Message.objects.get(key__contains=":moved:")  # once: of her stop, not of the shop
        assert order.reference in message.body
        assert moved.place in message.body

    def test_a_month_made_again_goes_round_again(self, month, stops):
        day = localtime(month.popup.starts_at) + timedelta(days=28)

        again = repeating.repeat_cycle(
            collective=month.collective,
            name="Avril 2026",
            opens_at=month.cycle.closes_at + timedelta(days=10),
            closes_at=month.cycle.closes_at + timedelta(days=20),
            shops=[cycles.ShopPlan(month.group, "Ici", day, day + timedelta(hours=3))],
            limits={offer.product: None for offer in month.offers},
            actor=month.coordinator,
            now=month.now,
            source=month.cycle,
        )

        popup = Popup.objects.get(cycle=again)
        assert popup.has_stops
        assert [plan_of(stop) for stop in popup.stops.all()] == [
            plan_of(stop).moved(28) for stop in stops
        ]


class TestHerPages:
    @pytest.fixture
    def month(self):
        return open_month(now=now())

    @pytest.fixture
    def her(self, month, client):
        person, membership = month.member()
        client.force_login(person)
        ordering.fill_basket(
            popup=month.popup,
            membership=membership,
            quantities={month.offers[0].pk: 500},
            now=month.now,
        )
        return person, membership

    def check(self, month):
        return reverse("groupbuy:check_answers", args=[month.popup.pk])

    def test_she_chooses_among_the_stops(self, client, month, stops, her):
        page = client.get(self.check(month)).content.decode()

        assert all(str(stop) in page for stop in stops)
        assert "checked" not in page

    def test_she_is_asked_when_she_does_not_say(self, client, month, stops, her):
        page = client.post(self.check(month)).content.decode()

        assert "Choisissez où vous retirez votre commande." in page
        assert not Order.objects.exists()

    def test_what_she_chose_is_kept_and_said(self, client, month, stops, her):
        answer = client.post(self.check(month), {"stop": stops[1].pk}, follow=True)

        assert Order.objects.get().stop == stops[1]
        page = answer.content.decode()
        assert "Cabannes, salle des fêtes" in page
        assert "15\xa0h" in page

    def test_the_last_place_is_chosen_already(self, client, month, stops, her):
        before = open_month()
        before.group = month.group
        past = go_round(before, "Cabannes, salle des fêtes")[0]
        order = order_at(before, past, before.member())
        Order.objects.filter(pk=order.pk).update(membership=her[1])

        page = client.get(self.check(month)).content.decode()

        assert page.count("checked") == 1
        assert f'value="{stops[1].pk}"' in page.split("checked")[0].rsplit("<input", 1)[1]

    def test_without_stops_nothing_is_asked(self, client, month, her):
        page = client.get(self.check(month)).content.decode()

        assert 'name="stop"' not in page
        client.post(self.check(month))
        assert Order.objects.get().stop is None


class TestTheCoordinator:
    @pytest.fixture
    def month(self):
        return open_month(now=now())

    @pytest.fixture(autouse=True)
    def here(self, client, month):
        client.force_login(month.coordinator)

    def address(self, month):
        return reverse("groupbuy:stops", args=[month.popup.pk])

    def test_she_adds_changes_and_removes(self, client, month, stops):
        first, second = stops
        client.post(
            self.address(month),
            {
                f"{first.pk}-place": "Noves, le stade",
                f"{first.pk}-starts": "13:00",
                f"{first.pk}-ends": "14:00",
                f"{second.pk}-remove": "on",
                "new1-place": "Eyragues",
                "new1-starts": "17:00",
                "new1-ends": "18:00",
            },
        )

        found = [str(stop).replace("\xa0", " ") for stop in month.popup.stops.all()]
        assert found == ["13 h à 14 h, Noves, le stade", "17 h à 18 h, Eyragues"]

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            (("Noves", "14:00", "13:00"), "La fin vient après le début."),
            (("", "14:00", "15:00"), "Écrivez le lieu de cet arrêt."),
            (("Noves", "vers 14", "15:00"), "Choisissez une heure."),
        ],
    )
    def test_what_cannot_be_is_said_and_kept(self, client, month, line, said):
        place, starts, ends = line
        page = client.post(
            self.address(month), {"new2-place": place, "new2-starts": starts, "new2-ends": ends}
        ).content.decode()

        assert said in page
        assert f'value="{ends}"' in page
        assert not Stop.objects.exists()

    def test_a_chosen_stop_is_not_removed(self, client, month, stops):
        order_at(month, stops[0])
        values = {f"{stops[0].pk}-remove": "on"}
        for stop in stops[1:]:
            values |= {
                f"{stop.pk}-place": stop.place,
                f"{stop.pk}-starts": "15:00",
                f"{stop.pk}-ends": "16:00",
            }

        page = client.post(self.address(month), values).content.decode()

        assert "Des foyers ont choisi cet arrêt" in page
        assert month.popup.stops.count() == 2

    def test_she_says_the_stop_on_the_telephone(self, client, month, stops):
        _person, membership = month.member()
        address = reverse("groupbuy:take_order", args=[membership.pk, month.popup.pk])
        ordering.fill_basket(
            popup=month.popup,
            membership=membership,
            quantities={month.offers[0].pk: 500},
            now=month.now,
        )
        read = client.post(address, {"ligne": ""})
        seal = read.context["taking"].fingerprint
        assert "Où retire-t-elle ?" in read.content.decode()

        unsaid = client.post(address, {"ligne": "", "relu": seal, "arret": ""})
        assert "Choisissez où retirer cette commande." in unsaid.content.decode()
        assert not Order.objects.exists()
        client.post(address, {"ligne": "", "relu": seal, "arret": stops[1].pk})

        assert Order.objects.get().stop == stops[1]


class TestTheEvening:
    def test_the_till_and_the_papers_follow_the_round(self, month, stops):
        second, first = order_at(month, stops[1]), order_at(month, stops[0])

        rows = till.rows(month.popup)

        assert [row.order_id for row in rows] == [first.pk, second.pk]
        assert till.stops_in(rows) == stops
        assert [row.order_id for row in till.rows_at(rows, stops[1])] == [second.pk]
        bags = preparation.by_order(month.popup)
        assert [bag.stop for bag in bags] == stops
        assert papers.sign_in_pdf(month.popup, now=month.now).startswith(b"%PDF")
        assert papers.by_order_pdf(month.popup, now=month.now).startswith(b"%PDF")

    def test_an_order_from_before_the_stops_keeps_the_shop(self, month):
        early = month.order({month.offers[0]: 500})
        late = order_at(month, go_round(month, "Noves")[0])

        assert [row.order_id for row in till.rows(month.popup)] == [early.pk, late.pk]
        assert [bag.reference for bag in preparation.by_order(month.popup)] == [
            early.reference,
            late.reference,
        ]
        assert Order.objects.get(pk=early.pk).pick_up == month.popup

    def test_the_till_shows_one_stop(self, client, month, stops):
        hers, other = order_at(month, stops[0]), order_at(month, stops[1])
        client.force_login(month.coordinator)

        address = reverse("groupbuy:till", args=[month.popup.pk])
        page = client.get(address, {"arret": stops[0].pk}).content.decode()

        assert hers.reference in page
        assert other.reference not in page
        assert client.get(address, {"arret": "rien"}).content.decode().count("À venir") >= 1
