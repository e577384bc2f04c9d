"""What the clock does by itself: opening, reminders, closing. Once each, and said."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now as clock

from croqualim.accounts.models import Person
from croqualim.catalogue import actions as catalogue
from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions import clockwork, cycles, ordering, recomposing
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.models import Automation, Cycle, Event, Offer, PurchaseOrder
from croqualim.groupbuy.tasks import do_what_is_due
from croqualim.messages.models import Message
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def month():
    month = open_month()
    month.coordinator.username = "camille@croqualim.example"
    month.coordinator.save()
    return month


def choose(month, **choices):
    clockwork.change_automation(
        collective=month.collective,
        **{"reminder_days": None, "closes_after_hours": None, **choices},
        now=month.now,
    )


def draft(month, *, is_planned=True, **changes):
    """Next month's cycle, of the same products, announced to nobody."""
    opens_at = month.now + 30 * DAY
    plan = {"opens_at": opens_at, "closes_at": opens_at + 7 * DAY, **changes}
    shop = plan["closes_at"] + 7 * DAY
    acting = {"actor": month.coordinator, "now": month.now}
    cycle = cycles.make_cycle(
        collective=month.collective,
        name="Avril 2026",
        shops=[cycles.ShopPlan(month.group, "Ici", shop, shop + HOUR)],
        **plan,
        **acting,
    )
    limits = {month.offers[0].product: 40_000, month.offers[1].product: None}
    cycles.set_offers(cycle=cycle, limits=limits, **acting)
    clockwork.let_open(cycle=cycle, opens_alone=is_planned, **acting)
    return cycle


def told(about):
    return list(Message.objects.filter(key__contains=about).order_by("pk"))


# opening


@pytest.mark.django_db
def test_a_planned_cycle_opens_at_its_hour_and_everybody_is_told_once(month):
    month.member()
    cycle = draft(month)

    do_what_is_due(now=cycle.opens_at - HOUR)
    cycle.refresh_from_db()
    assert cycle.published_at is None

    for late in (timedelta(), HOUR):
        do_what_is_due(now=cycle.opens_at + late)

    cycle.refresh_from_db()
    assert cycle.published_at == cycle.opens_at
    assert len(told(f"cycle:{cycle.pk}:open:")) == 1
    (letter,) = told(f"cycle:{cycle.pk}:opened")
    assert letter.address == month.coordinator.username
    assert {limit for (limit,) in cycle.offers.values_list("limit_quantity")} == {40_000, None}


@pytest.mark.django_db
def test_it_opens_at_the_prices_of_the_day_without_what_left_the_catalogue(month):
    cycle = draft(month)
    dearer, gone = (offer.product for offer in month.offers)
    catalogue.set_price(
        product=dearer, price_cents=340, priced_quantity=1000, actor=None, now=month.now
    )
    catalogue.retire_product(product=gone)

    do_what_is_due(now=cycle.opens_at)

    assert Offer.objects.get(cycle=cycle).farmer_price_cents == 340
    (letter,) = told(f"cycle:{cycle.pk}:opened")
    assert dearer.name in letter.body
    assert "3,40" in letter.body
    assert gone.name in letter.body
    assert Event.objects.filter(cycle=cycle, actor=None).exists()


@pytest.mark.django_db
def test_what_cannot_open_is_said_once_and_left_to_people(month):
    cycle = draft(month)
    for offer in month.offers:
        catalogue.retire_product(product=offer.product)

    for _ in range(2):
        do_what_is_due(now=cycle.opens_at)

    cycle.refresh_from_db()
    assert (cycle.published_at, cycle.opens_alone) == (None, False)
    (letter,) = told(f"cycle:{cycle.pk}:not-opened")
    assert "Aucun de ses produits" in letter.body


@pytest.mark.django_db
def test_a_worker_that_slept_through_the_month_does_not_open_it(month):
    cycle = draft(month)

    do_what_is_due(now=cycle.closes_at + HOUR)

    cycle.refresh_from_db()
    assert cycle.published_at is None
    assert "Sa clôture était déjà passée." in told("not-opened")[0].body


@pytest.mark.django_db
def test_an_announcement_taken_back_stays_taken_back(month):
    cycle = draft(month)
    acting = {"cycle": cycle, "actor": month.coordinator}
    cycles.publish_cycle(now=month.now, **acting)
    recomposing.unpublish_cycle(now=month.now, **acting)

    do_what_is_due(now=cycle.opens_at)

    cycle.refresh_from_db()
    assert cycle.published_at is None


# reminders


def fill(month, member, offer, quantity):
    ordering.fill_basket(
        popup=month.popup, membership=member, quantities={offer.pk: quantity}, now=month.now
    )


@pytest.mark.django_db
def test_who_has_not_ordered_is_reminded_once_and_who_has_is_left_alone(month):
    choose(month, reminder_days=2)
    month.order({month.offers[0]: 1000})
    _, silent = month.member()
    _, choosing = month.member()
    fill(month, choosing, month.offers[0], 500)
    when = month.cycle.closes_at - 2 * DAY

    do_what_is_due(now=when - HOUR)
    assert not told(":remind:")
    for late in (timedelta(), HOUR, DAY):
        do_what_is_due(now=when + late)

    letters = {letter.key.split(":")[3]: letter for letter in told(":remind:")}
    assert letters.keys() == {str(silent.pk), str(choosing.pk)}
    assert "Votre panier vous attend" in letters[str(choosing.pk)].body
    assert "panier" not in letters[str(silent.pk)].body
    for letter in letters.values():
        assert letter.useful_until == month.cycle.closes_at
        assert reverse("groupbuy:choose", args=[month.popup.pk]) in letter.body


@pytest.mark.django_db
def test_a_change_that_waits_is_recalled_and_an_emptied_basket_is_no_basket(month):
    choose(month, reminder_days=2)
    order = month.order({month.offers[0]: 1000})
    fill(month, order.membership, month.offers[0], 1500)
    same = month.order({month.offers[0]: 1000})
    fill(month, same.membership, month.offers[0], 1000)
    _, emptied = month.member()
    fill(month, emptied, month.offers[0], 0)

    do_what_is_due(now=month.cycle.closes_at - 2 * DAY)

    letters = {letter.key.split(":")[3]: letter.body for letter in told(":remind:")}
    assert letters.keys() == {str(order.membership_id), str(emptied.pk)}
    assert order.reference in letters[str(order.membership_id)]
    assert "panier" not in letters[str(emptied.pk)]


@pytest.mark.django_db
def test_a_worker_that_comes_back_at_night_lets_people_sleep(month):
    choose(month, reminder_days=2)
    month.member()
    night = datetime(2026, 3, 8, 2, tzinfo=UTC)  # 3 in the morning, the day before the closing

    do_what_is_due(now=night)

    (letter,) = told(":remind:")
    assert letter.due_at == datetime(2026, 3, 8, 8, tzinfo=UTC)


@pytest.mark.django_db
def test_without_a_choice_nobody_is_reminded_and_nothing_closes(month):
    month.member()

    do_what_is_due(now=month.cycle.closes_at - DAY)
    do_what_is_due(now=month.cycle.closes_at + 9 * DAY)

    month.cycle.refresh_from_db()
    assert month.cycle.bought_at is None
    assert not told(":remind:")


# closing


@pytest.mark.django_db
def test_it_closes_after_its_delay_and_the_coordinator_knows(month):
    choose(month, closes_after_hours=2)
    month.order({month.offers[0]: 1000})

    do_what_is_due(now=month.cycle.closes_at + HOUR)
    assert not PurchaseOrder.objects.exists()
    for late in (2, 3):
        do_what_is_due(now=month.cycle.closes_at + late * HOUR)

    month.cycle.refresh_from_db()
    assert month.cycle.bought_at == month.cycle.closes_at + 2 * HOUR
    assert PurchaseOrder.objects.count() == 1
    (letter,) = told(":closed:")
    assert reverse("groupbuy:purchase_orders", args=[month.cycle.pk]) in letter.body


@pytest.mark.django_db
def test_what_closed_before_the_choice_is_not_touched(month):
    clockwork.change_automation(
        collective=month.collective,
        reminder_days=None,
        closes_after_hours=0,
        now=month.cycle.closes_at + HOUR,
    )

    do_what_is_due(now=month.cycle.closes_at + 2 * HOUR)

    month.cycle.refresh_from_db()
    assert month.cycle.bought_at is None


@pytest.mark.django_db
def test_one_collective_that_fails_keeps_no_other_waiting(month, caplog):
    choose(month, closes_after_hours=0)
    other = open_month()
    choose(other, closes_after_hours=0)
    month.order({month.offers[0]: 1000})
    Product.objects.filter(offers__cycle=month.cycle).update(unit="stone")  # nobody can say it

    do_what_is_due(now=other.cycle.closes_at)

    other.cycle.refresh_from_db()
    month.cycle.refresh_from_db()
    assert other.cycle.bought_at
    assert month.cycle.bought_at is None
    assert "close_alone" in caplog.text


@pytest.mark.django_db
def test_what_the_database_refuses_of_one_cycle_keeps_no_other_waiting(month, caplog):
    choose(month, closes_after_hours=0)
    other = open_month()
    choose(other, closes_after_hours=0)
    month.order({month.offers[0]: 1000})
    PurchaseOrder.objects.create(  # the number that closing will want
        cycle=month.cycle,
        producer=month.offers[0].product.producer,
        number=f"BC-{month.cycle.pk}-1",
        made_at=month.now,
    )

    do_what_is_due(now=other.cycle.closes_at)

    other.cycle.refresh_from_db()
    month.cycle.refresh_from_db()
    assert other.cycle.bought_at
    assert month.cycle.bought_at is None
    assert "IntegrityError" in caplog.text


# pages


@pytest.mark.django_db
def test_choices_are_kept_and_shown(client):
    month = open_month()
    client.force_login(month.coordinator)
    page = reverse("groupbuy:automation", args=[month.collective.pk])

    client.post(page, {"reminder_days": "2", "closes_after_hours": "0"})

    chosen = Automation.objects.get()
    assert (chosen.reminder_days, chosen.closes_after_hours) == (2, 0)
    assert client.get(page).context["form"]["closes_after_hours"].value() == "0"
    client.post(page, {"reminder_days": "", "closes_after_hours": ""})
    chosen.refresh_from_db()
    assert (chosen.reminder_days, chosen.closes_after_hours) == (None, None)
    assert client.post(page, {"reminder_days": "400"}).status_code == 200


@pytest.mark.django_db
def test_a_draft_is_left_to_the_clock_and_taken_back(client):
    month = open_month(now=clock())
    cycle = draft(month, is_planned=False)
    client.force_login(month.coordinator)
    page = reverse("groupbuy:publish_cycle", args=[cycle.pk])

    client.post(page, {"seul": "oui"})
    cycle.refresh_from_db()
    assert (cycle.opens_alone, cycle.published_at) == (True, None)
    said = plain(client.get(reverse("groupbuy:cycle", args=[cycle.pk])))
    assert "s’annonce tout seul" in said

    client.post(page, {"seul": "non"})
    cycle.refresh_from_db()
    assert not cycle.opens_alone


# several workers, and one that dies


def tick(number, at):
    """What a worker does at each round. Called in other processes."""
    do_what_is_due(now=datetime.fromisoformat(at))


@pytest.mark.django_db(transaction=True)
def test_four_workers_open_remind_and_close_once(at_once, month):
    month.member()
    choose(month, reminder_days=2, closes_after_hours=0)
    cycle = draft(month, opens_at=month.now + HOUR, closes_at=month.now + 7 * DAY)

    for at in (cycle.opens_at, cycle.closes_at - 2 * DAY, cycle.closes_at):
        at_once("tests.groupbuy.test_clockwork:tick", 4, at=at.isoformat())

    kinds = list(Event.objects.filter(cycle=cycle).values_list("kind", flat=True))
    assert kinds.count("cycle_published") == kinds.count("cycle_bought") == 1
    for about in ("open:", "opened", "remind:", "closed"):
        assert len(told(f"cycle:{cycle.pk}:{about}")) == 1, about
    assert not Cycle.objects.filter(pk=cycle.pk, bought_at=None).exists()


def close_by_hand_or_clock(number, cycle_id, actor_id, at):
    moment = datetime.fromisoformat(at)
    if number % 2:
        do_what_is_due(now=moment)
    else:
        actor = Person.objects.get(pk=actor_id)
        close_cycle(cycle=Cycle.objects.get(pk=cycle_id), actor=actor, now=moment)


@pytest.mark.django_db(transaction=True)
def test_a_hand_and_the_clock_close_once_and_never_wait_for_each_other(at_once, month):
    choose(month, closes_after_hours=0)
    month.order({month.offers[0]: 1000})

    at_once(
        "tests.groupbuy.test_clockwork:close_by_hand_or_clock",
        4,
        cycle_id=month.cycle.pk,
        actor_id=month.coordinator.pk,
        at=month.cycle.closes_at.isoformat(),
    )

    kinds = list(Event.objects.filter(cycle=month.cycle).values_list("kind", flat=True))
    assert kinds.count("cycle_bought") == 1
    assert PurchaseOrder.objects.filter(cycle=month.cycle).count() == 1
