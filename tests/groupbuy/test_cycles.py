"""A coordinator composes a cycle, announces it, moves it, follows it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localtime, now

from croqualim.groupbuy.actions import collectives, cycles, dates
from croqualim.groupbuy.models import Cycle, Event, EventKind, Offer, Popup
from croqualim.groupbuy.rules.stages import Stage
from croqualim.messages.models import Message
from tests.factories import PersonFactory, ProductFactory, RoleFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def month():
    noon = now().replace(hour=11, minute=0, second=0, microsecond=0)  # shops end the same day
    return open_month(now=noon)


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def typed(moment):
    return localtime(moment).strftime("%Y-%m-%dT%H:%M")


def dates_typed(month, **changes):
    group, at = month.group.pk, localtime(month.popup.starts_at).replace(hour=16, minute=0)
    return {
        "name": "Avril",
        "opens_at": typed(month.cycle.opens_at),
        "closes_at": typed(month.cycle.closes_at),
        f"{group}-place": "La halle",
        f"{group}-starts_at": typed(at),
        f"{group}-ends": "19:00",
        **changes,
    }


# a new cycle


def test_dates_are_suggested_and_can_be_kept_as_they_are(desk, month):
    response = desk.get(page("new_cycle", month.collective.pk))
    form = response.context["form"]
    suggested = {bound.html_name: bound.value() for bound in form}
    sent = {
        name: value.strftime("%Y-%m-%dT%H:%M") if hasattr(value, "year") else value
        for name, value in suggested.items()
    }

    response = desk.post(page("new_cycle", month.collective.pk), sent)

    cycle = Cycle.objects.exclude(pk=month.cycle.pk).get()
    assert response.url == page("cycle_offers", cycle.pk)
    assert cycle.stage(now()) is Stage.DRAFT
    assert cycle.popups.get().place == month.popup.place
    assert cycle.closes_at - cycle.opens_at == month.cycle.closes_at - month.cycle.opens_at


def test_making_it_twice_makes_it_once(desk, month):
    for _ in range(2):
        desk.post(page("new_cycle", month.collective.pk), dates_typed(month))

    assert Cycle.objects.filter(name="Avril").count() == 1
    assert Popup.objects.filter(cycle__name="Avril").count() == 1
    assert Event.objects.filter(kind=EventKind.CYCLE_MADE).count() == 2  # month's and this one


def test_hours_are_those_of_paris(desk, month):
    desk.post(page("new_cycle", month.collective.pk), dates_typed(month))

    shop = Popup.objects.get(cycle__name="Avril")
    assert (localtime(shop.starts_at).hour, localtime(shop.ends_at).hour) == (16, 19)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Donnez un nom à ce cycle."),
        ("opens_at", "", "Choisissez un jour et une heure."),
        ("opens_at", "bientôt", "Choisissez un jour et une heure."),
        ("closes_at", "2020-01-01T10:00", "La clôture vient après l’ouverture."),
        ("opens_at", "0001-01-01T00:00", "Vérifiez l’année"),
        ("closes_at", "9999-12-31T23:59", "Vérifiez l’année"),
        ("{group}-starts_at", "9999-12-31T23:59", "Vérifiez l’année"),
        ("{group}-place", "", "Écrivez le lieu de l’épicerie."),
        ("{group}-ends", "15:00", "La fin vient après le début."),
        ("{group}-ends", "tard", "Choisissez une heure."),
        ("{group}-starts_at", "2020-01-01T10:00", "L’épicerie vient après la clôture"),
    ],
)
def test_bad_dates_are_explained_beside_the_field(desk, month, field, value, sentence):
    field = field.format(group=month.group.pk)

    html = desk.post(
        page("new_cycle", month.collective.pk), dates_typed(month, **{field: value})
    ).text

    assert html.count(sentence) == 2  # beside the field, and in the summary
    assert f'href="#id_{field}"' in html
    assert not Cycle.objects.filter(name="Avril").exists()


def test_a_group_without_shop_this_month_is_left_out(desk, month):
    other = collectives.add_group(
        collective=month.collective, name="Monclar", commune=month.group.commune, place="X"
    )
    sent = dates_typed(month, **{f"{month.group.pk}-takes_part": "on"})

    desk.post(page("new_cycle", month.collective.pk), sent)

    assert [popup.group for popup in Popup.objects.filter(cycle__name="Avril")] == [month.group]
    html = desk.post(page("new_cycle", month.collective.pk), dates_typed(month)).text
    assert "Gardez au moins une épicerie" in html
    assert other.name in html


def test_without_group_there_is_first_a_group_to_add(client):
    role = RoleFactory()
    collective = collectives.found_collective(structure=role.structure, warehouse_name="Ici")
    client.force_login(role.person)

    assert client.get(page("new_cycle", collective.pk)).url == page("add_group", collective.pk)


# its products


@pytest.fixture
def draft(month):
    return cycles.make_cycle(
        collective=month.collective,
        name="Avril",
        opens_at=month.now + DAY,
        closes_at=month.now + 8 * DAY,
        shops=[cycles.ShopPlan(month.group, "Ici", month.now + 9 * DAY, month.now + 10 * DAY)],
        actor=month.coordinator,
        now=month.now,
    )


def boxes(response):
    return {
        bound.html_name
        for bound in response.context["form"]
        if bound.html_name.startswith("offer-") and bound.value()
    }


def test_a_new_cycle_proposes_everything(desk, month, draft):
    ProductFactory(buyer=month.collective.structure, is_active=False)
    response = desk.get(page("cycle_offers", draft.pk))

    assert boxes(response) == {f"offer-{offer.product_id}" for offer in month.offers}
    assert "3,20" in response.text


def test_products_are_kept_with_their_limits(desk, month, draft):
    first, second = (offer.product_id for offer in month.offers)

    response = desk.post(
        page("cycle_offers", draft.pk), {f"offer-{first}": "on", f"limit-{first}": "40 kg"}
    )

    assert response.url == page("publish_cycle", draft.pk)
    assert list(draft.offers.values_list("product", "limit_quantity")) == [(first, 40_000)]
    assert second not in draft.offers.values_list("product", flat=True)


@pytest.mark.parametrize(
    ("limit", "sentence"),
    [
        ("beaucoup", "Écrivez une limite comme"),
        ("40", "Écrivez une limite comme"),
        ("12 l", "Écrivez une limite comme"),
        ("-3 kg", "Écrivez une limite comme"),
        ("100 g", "trop peu"),
        ("0 kg", "trop peu"),
        ("900000 t", "vérifiez cette limite"),
    ],
)
def test_a_limit_that_cannot_be_is_explained_on_its_line(desk, month, draft, limit, sentence):
    product = month.offers[0].product_id

    html = desk.post(
        page("cycle_offers", draft.pk), {f"offer-{product}": "on", f"limit-{product}": limit}
    ).text

    assert html.count(sentence) == 2
    assert f'value="{limit}"' in html
    assert not draft.offers.exists()


def test_a_cycle_needs_a_product(desk, draft):
    assert "Cochez au moins un produit." in desk.post(page("cycle_offers", draft.pk), {}).text


def test_what_is_ordered_stays_and_is_not_limited_below(desk, month):
    month.order({month.offers[0]: 1500})
    ordered, other = (offer.product_id for offer in month.offers)

    html = desk.post(
        page("cycle_offers", month.cycle.pk), {f"limit-{ordered}": "1 kg", f"offer-{other}": "on"}
    ).text
    assert "sont déjà commandés" in html

    desk.post(page("cycle_offers", month.cycle.pk), {f"limit-{ordered}": "2 kg"})
    assert list(month.cycle.offers.values_list("product", "limit_quantity")) == [(ordered, 2000)]


def test_keeping_the_same_products_notes_nothing(desk, month):
    events = Event.objects.count()
    sent = {f"offer-{offer.product_id}": "on" for offer in month.offers}

    desk.post(page("cycle_offers", month.cycle.pk), sent)

    assert Event.objects.count() == events


@pytest.mark.parametrize("products", [3, 100])
def test_the_checklist_costs_the_same_for_any_catalogue(
    client, products, django_assert_num_queries
):
    month = open_month(now=now(), products=products)
    client.force_login(month.coordinator)

    with django_assert_num_queries(6):
        client.get(page("cycle_offers", month.cycle.pk))


def test_a_product_is_withdrawn_with_its_reason(desk, month):
    offer = month.offers[0]
    url = page("withdraw_offer", month.cycle.pk, offer.pk)

    assert "Écrivez pourquoi" in desk.post(url, {"reason": ""}).text
    for _ in range(2):
        desk.post(url, {"reason": "La récolte a gelé"})

    assert Offer.objects.get(pk=offer.pk).withdrawn_at
    assert Event.objects.get(kind=EventKind.OFFER_WITHDRAWN).reason == "La récolte a gelé"
    assert "La récolte a gelé" in desk.get(page("cycle", month.cycle.pk)).text


def test_an_offer_of_another_cycle_is_not_found(desk, month, draft):
    url = page("withdraw_offer", draft.pk, month.offers[0].pk)

    assert desk.post(url, {"reason": "non"}).status_code == 404


# announcing


def test_it_is_read_again_then_announced_once(desk, month, draft):
    html = desk.post(page("publish_cycle", draft.pk)).text
    assert "Choisissez d’abord des produits." in html

    cycles.set_offers(
        cycle=draft,
        limits={month.offers[0].product: None},
        actor=month.coordinator,
        now=month.now,
    )
    assert desk.get(page("publish_cycle", draft.pk)).status_code == 200
    draft.refresh_from_db()
    assert draft.published_at is None  # reading announces nothing
    for _ in range(2):
        desk.post(page("publish_cycle", draft.pk))

    draft.refresh_from_db()
    assert draft.stage(now()) is Stage.ANNOUNCED
    assert Event.objects.filter(cycle=draft, kind=EventKind.CYCLE_PUBLISHED).count() == 1


def test_a_cycle_already_closed_is_not_announced(desk, month, draft):
    Cycle.objects.filter(pk=draft.pk).update(
        opens_at=month.now - 2 * DAY, closes_at=month.now - DAY
    )

    assert "La clôture est déjà passée" in desk.post(page("publish_cycle", draft.pk)).text


def announced(month, draft):
    products = {offer.product: None for offer in month.offers}
    acting = {"actor": month.coordinator, "now": month.now}
    cycles.set_offers(cycle=draft, limits=products, **acting)
    cycles.publish_cycle(cycle=draft, **acting)
    return draft


def test_an_announcement_is_taken_back_before_orders_open(desk, month, draft):
    month.member()
    announced(month, draft)
    waiting = Message.objects.filter(key__startswith=f"cycle:{draft.pk}:open:")
    assert waiting.exists()
    html = desk.get(page("cycle", draft.pk)).text
    assert "en cours" not in html
    assert page("unpublish_cycle", draft.pk) in html

    for _ in range(2):
        desk.post(page("unpublish_cycle", draft.pk))

    draft.refresh_from_db()
    assert draft.stage(now()) is Stage.DRAFT
    assert not waiting.exists()
    assert Event.objects.filter(cycle=draft, kind=EventKind.CYCLE_CHANGED).count() == 2
    cycles.publish_cycle(cycle=draft, actor=month.coordinator, now=month.now)
    assert waiting.exists()


def test_once_orders_are_open_it_stays_announced(desk, month):
    html = desk.post(page("unpublish_cycle", month.cycle.pk)).text

    assert "Les commandes ont déjà commencé" in html
    month.cycle.refresh_from_db()
    assert month.cycle.published_at


def dearer(product):
    product.price_cents += 70
    product.save()
    return product


def test_before_the_opening_offers_take_the_price_of_the_day(desk, month, draft):
    announced(month, draft)
    product = dearer(month.offers[0].product)
    retired = month.offers[1].product
    retired.is_active = False
    retired.save()

    html = desk.get(page("cycle_offers", draft.pk)).text
    assert "3,20\u00a0€ le kilo → 3,90\u00a0€ le kilo" in html
    assert html.count("n’est plus au catalogue") == 1

    desk.post(page("cycle_offers", draft.pk), {f"offer-{product.pk}": "on"})
    assert draft.offers.get().farmer_price_cents == product.price_cents
    assert "3,90" in desk.get(page("cycle", draft.pk)).text  # its history says it


def test_once_open_a_price_stays_as_it_was_offered(desk, month):
    product = dearer(month.offers[0].product)

    assert "→" not in desk.get(page("cycle_offers", month.cycle.pk)).text
    desk.post(page("cycle_offers", month.cycle.pk), {f"offer-{product.pk}": "on"})

    assert month.cycle.offers.get(product=product).farmer_price_cents == 320


def test_boxes_are_checked_as_last_month_or_not_at_all(desk, month, draft):
    ProductFactory(buyer=month.collective.structure)
    url = page("cycle_offers", draft.pk)

    as_last_month = desk.get(url, {"cocher": "mois-dernier"})

    assert boxes(as_last_month) == {f"offer-{offer.product_id}" for offer in month.offers}
    assert f"{len(month.offers)} produits cochés sur {len(month.offers) + 1}" in as_last_month.text
    assert boxes(desk.get(url, {"cocher": "rien"})) == set()


def test_one_change_more_is_said_in_the_singular(desk, month):
    lines = [[f"Produit {n}", "1", "2"] for n in range(5)]
    Event.objects.create(
        cycle=month.cycle, kind=EventKind.CYCLE_CHANGED, details={"lines": lines}, at=month.now
    )

    assert "et 1 autre<" in desk.get(page("cycle", month.cycle.pk)).text


# moving it


def test_who_ordered_is_told_when_her_shop_moves(desk, month):
    order = month.order({month.offers[0]: 500})
    Message.objects.all().delete()
    sent = dates_typed(month)

    for _ in range(2):
        desk.post(page("change_dates", month.cycle.pk), sent)

    message = Message.objects.get(key__startswith=f"order:{order.pk}:moved:")
    assert order.reference in message.body
    assert "La halle" in message.body
    month.popup.refresh_from_db()
    assert month.popup.place == "La halle"
    assert Event.objects.filter(kind=EventKind.CYCLE_CHANGED, cycle=month.cycle).count() == 2
    assert "La halle" in desk.get(page("cycle", month.cycle.pk)).text


def test_orders_that_are_open_are_not_put_off(desk, month):
    html = desk.post(
        page("change_dates", month.cycle.pk),
        dates_typed(month, opens_at=typed(month.now + DAY)),
    ).text

    assert "Les commandes sont déjà ouvertes" in html


def test_once_bought_only_shops_move(desk, month):
    Cycle.objects.filter(pk=month.cycle.pk).update(bought_at=month.now)
    before = month.cycle.closes_at

    desk.post(
        page("change_dates", month.cycle.pk),
        dates_typed(month, closes_at=typed(month.now + 9 * DAY)),
    )

    month.cycle.refresh_from_db()
    month.popup.refresh_from_db()
    assert (month.cycle.closes_at, month.popup.place) == (before, "La halle")
    with pytest.raises(cycles.CycleRefused):
        dates.change_dates(
            cycle=month.cycle,
            opens_at=month.cycle.opens_at,
            closes_at=before + DAY,
            shops=[],
            actor=month.coordinator,
            now=month.now,
        )


def test_a_shop_that_closed_does_not_move(month):
    Popup.objects.update(closed_at=month.now)

    with pytest.raises(cycles.CycleRefused):
        dates.change_dates(
            cycle=month.cycle,
            opens_at=month.cycle.opens_at,
            closes_at=month.cycle.closes_at,
            shops=[cycles.ShopPlan(month.group, "Ailleurs", month.now, month.now + DAY)],
            actor=month.coordinator,
            now=month.now,
        )


# following it


def test_its_page_adds_up_what_is_ordered(desk, month):
    month.order({month.offers[0]: 1500, month.offers[1]: 500}, share_percent=50)
    month.order({month.offers[0]: 1000})

    response = desk.get(page("cycle", month.cycle.pk))

    totals = response.context["totals"]
    assert (totals.orders, totals.grams, totals.cost_cents) == (2, 3000, 960)
    assert "3\u00a0kg" in response.text


def test_a_cancelled_order_counts_for_nothing(desk, month):
    order = month.order({month.offers[0]: 1500})
    order.cancelled_at = month.now
    order.save()

    totals = desk.get(page("cycle", month.cycle.pk)).context["totals"]
    assert (totals.orders, totals.grams, totals.cost_cents) == (0, 0, 0)


@pytest.mark.parametrize("orders", [3, 30])
@pytest.mark.parametrize(("name", "queries"), [("cycle", 9), ("cycle_orders", 8)])
def test_its_pages_cost_the_same_for_any_number(
    desk, month, orders, name, queries, django_assert_num_queries
):
    for _ in range(orders):
        month.order({month.offers[0]: 500})

    with django_assert_num_queries(queries):
        desk.get(page(name, month.cycle.pk))


def test_orders_are_found_by_reference_by_name_and_by_number(desk, month):
    first, second = month.order({month.offers[0]: 500}), month.order({month.offers[0]: 1000})

    def found(**search):
        found = desk.get(page("cycle_orders", month.cycle.pk), search).context["page"]
        return {order.pk for order in found}

    assert found() == {first.pk, second.pk}
    assert found(cherche=first.reference.lower()) == {first.pk}
    assert found(cherche=second.placed_by.family_name) == {second.pk}
    assert found(cherche=str(second.membership.number)) == {second.pk}
    assert found(cherche="xyzzy") == set()
    assert found(groupement=month.group.pk) == {first.pk, second.pk}
    assert found(groupement=month.group.pk + 1) == set()


def test_neither_lists_nor_history_tell_a_share(desk, month):
    order = month.order({month.offers[0]: 1500}, share_percent=50)

    shown = [
        desk.get(page("cycle_orders", month.cycle.pk)).text,
        desk.get(page("order_history", order.pk)).text,
    ]

    for text in shown:
        assert order.reference in text
        for secret in ("50 %", "50\u00a0%", "4,80", "1,60"):
            assert secret not in text
    assert "2,40" not in shown[0]  # her own page says what she pays, and nothing beside it


# nobody else's

OF_A_CYCLE = [
    "cycle",
    "cycle_offers",
    "publish_cycle",
    "unpublish_cycle",
    "change_dates",
    "cycle_orders",
]


@pytest.mark.parametrize("name", OF_A_CYCLE)
@pytest.mark.parametrize("who", ["stranger", "member", "other coordinator", "till", "anonymous"])
def test_others_find_nothing(client, month, name, who):
    order = month.order({month.offers[0]: 500})
    somebody = {
        "stranger": PersonFactory,
        "member": lambda: order.placed_by,
        "other coordinator": lambda: RoleFactory().person,
        "till": lambda: RoleFactory(structure=month.collective.structure, kind="till").person,
        "anonymous": lambda: None,
    }[who]()
    expected = 302
    if somebody:
        client.force_login(somebody)
        expected = 404

    assert client.get(page(name, month.cycle.pk)).status_code == expected
    assert client.post(page(name, month.cycle.pk)).status_code in (expected, 405)
    assert client.get(page("order_history", order.pk)).status_code == expected
    assert client.get(page("new_cycle", month.collective.pk)).status_code == expected
    url = page("withdraw_offer", month.cycle.pk, month.offers[0].pk)
    assert client.post(url, {"reason": "non"}).status_code == expected
    assert not Event.objects.filter(kind=EventKind.OFFER_WITHDRAWN).exists()
