"""A collective is founded small, then keeps its groups, shares and envelopes."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils.timezone import now

from croqualim.groupbuy.actions import collectives, joining
from croqualim.groupbuy.models import Collective, Cycle, Group, ShareOption
from croqualim.groupbuy.urls import urlpatterns
from croqualim.ledger.models import Account, Envelope, Transfer
from croqualim.network.models import Category, RoleKind
from tests.factories import CommuneFactory, PersonFactory, RoleFactory, StructureFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month(now=now())


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


# founding


def first_steps(structure, **changes):
    return {
        "structure": structure.pk,
        "warehouse_name": "Le garage de Paul",
        "name": "Monclar",
        "commune": "Arles",
        "place": "La halle",
        **changes,
    }


@pytest.fixture
def founder(client):
    CommuneFactory()
    role = RoleFactory()
    client.force_login(role.person)
    return role


def test_a_structure_begins_with_a_garage_and_one_group(client, founder):
    assert client.get(page("found_collective")).status_code == 200

    response = client.post(page("found_collective"), first_steps(founder.structure))

    collective = Collective.objects.get()
    assert response.url == page("collective", collective.pk)
    assert collective.groups.get().name == "Monclar"
    assert [option.share_percent for option in collective.share_options.all()] == [100]
    assert client.get(response.url).status_code == 200


def test_founding_twice_is_founding_once(client, founder):
    first = client.post(page("found_collective"), first_steps(founder.structure))
    second = client.post(page("found_collective"), first_steps(founder.structure))

    assert first.url == second.url
    assert Collective.objects.count() == Group.objects.count() == 1


@pytest.mark.parametrize("field", ["warehouse_name", "name", "commune", "place"])
def test_what_lacks_is_said_and_the_rest_is_kept(client, founder, field):
    html = client.post(page("found_collective"), first_steps(founder.structure, **{field: ""})).text

    assert html.count('class="error-summary"') == 1
    assert "La halle" in html or field == "place"
    assert not Collective.objects.exists()


def test_an_animator_founds_for_a_structure_and_coordinates_it(client):
    CommuneFactory()
    animator = RoleFactory(kind=RoleKind.ANIMATOR).person
    structure = StructureFactory()
    client.force_login(animator)

    response = client.post(page("found_collective"), first_steps(structure))

    assert client.get(response.url).status_code == 200
    assert Collective.objects.get().structure == structure


def test_nobody_founds_for_a_structure_that_is_not_theirs(client, founder):
    client.post(page("found_collective"), first_steps(StructureFactory()))
    assert not Collective.objects.exists()

    client.force_login(PersonFactory())
    assert client.get(page("found_collective")).status_code == 404


# its page


def test_the_page_says_what_to_do_now_and_keeps_shares_secret(desk, month):
    month.order({month.offers[0]: 1500}, share_percent=50)

    html = desk.get(page("collective", month.collective.pk)).text

    assert "Voir les commandes" in html
    assert "10\u202f000,00" in html  # the envelope holds it; what it promises stays folded
    assert "2,40" not in html


def test_the_page_costs_the_same_for_any_month(desk, month, django_assert_num_queries):
    for n in range(9):
        collectives.add_group(
            collective=month.collective, name=f"G{n}", commune=month.group.commune, place="X"
        )
    for _ in range(9):
        month.member()

    with django_assert_num_queries(11):
        desk.get(page("collective", month.collective.pk))


# groups


def group_typed(**changes):
    return {
        "name": "Monclar",
        "commune": "Arles",
        "place": "La halle",
        "contact_name": "Awa",
        "contact_phone": "06 12 34 56 78",
        "is_joinable": "on",
        **changes,
    }


def test_a_group_is_added_once_and_changed(desk, month):
    for _ in range(2):
        desk.post(page("add_group", month.collective.pk), group_typed())
    group = Group.objects.get(name="Monclar")
    assert group.contact_phone == "+33612345678"

    desk.post(page("edit_group", group.pk), group_typed(name="Monclar Nord", is_joinable=""))

    group.refresh_from_db()
    assert (group.name, group.slug, group.is_joinable) == ("Monclar Nord", "monclar", False)


def test_groups_of_one_name_each_have_an_address(month):
    names = ["Zaz", "ZAZ", "zaz", "Zaz 3", "zàz", "…", "!"]
    groups = [
        collectives.add_group(
            collective=month.collective, name=name, commune=month.group.commune, place="X"
        )
        for name in names
    ]

    assert len({group.slug for group in groups}) == len(names)


def test_no_group_takes_an_address_that_says_something_else(client, month):
    """Read off the addresses themselves: whoever adds one must reserve its first word."""
    routes = [str(pattern.pattern) for pattern in urlpatterns]
    words = {route.split("/")[0] for route in routes if "<" not in route.split("/")[0]} - {""}
    assert len(words) > 9

    for word in words:
        group = collectives.add_group(
            collective=month.collective, name=word, commune=month.group.commune, place="X"
        )
        assert group.slug not in words
        assert client.get(page("group", group.slug)).status_code == 200


@pytest.mark.parametrize("field", ["name", "commune", "place"])
def test_a_group_needs_a_name_and_a_place(desk, month, field):
    html = desk.post(page("add_group", month.collective.pk), group_typed(**{field: ""})).text

    assert 'class="error-summary"' in html
    assert "Awa" in html
    assert Group.objects.count() == 1


def test_a_name_that_nobody_can_read_is_none(desk, month):
    for name in ("\u202e", "\u200b\u200b", "\u0301"):
        html = desk.post(page("add_group", month.collective.pk), group_typed(name=name)).text
        assert "Donnez un nom au groupement." in html
    assert Group.objects.count() == 1


def test_a_telephone_that_is_none_is_said_beside_it(desk, month):
    html = desk.post(page("add_group", month.collective.pk), group_typed(contact_phone="12")).text

    assert "Écrivez un numéro complet" in html


# shares and envelopes


def envelope_typed(**changes):
    return {
        "funder": StructureFactory(category=Category.FUNDER).pk,
        "name": "Fonds 2027",
        "purpose": "Prix accessibles",
        "starts_on": "2027-01-01",
        "ends_on": "2027-12-31",
        "amount": "1 500,50",
        "key": str(uuid4()),
        **changes,
    }


def test_an_envelope_is_opened_once_with_what_came(desk, month):
    typed = envelope_typed()
    for _ in range(2):
        desk.post(page("new_envelope", month.collective.pk), typed)

    envelope = Envelope.objects.get(name="Fonds 2027")
    assert envelope.account.balance_cents == 150_050
    assert sum(Account.objects.values_list("balance_cents", flat=True)) == 0


def test_topping_up_twice_from_one_page_is_topping_up_once(desk, month):
    transfers = Transfer.objects.count()
    typed = {"amount": "10", "key": str(uuid4())}
    for _ in range(2):
        desk.post(page("top_up_envelope", month.collective.pk, month.envelope.pk), typed)

    assert Transfer.objects.count() == transfers + 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": "dix"}, "Écrivez un montant en euros"),
        ({"amount": "0"}, "Écrivez un montant en euros"),
        ({"amount": "-5"}, "Écrivez un montant en euros"),
        ({"amount": "99999999"}, "vérifiez ce montant"),
        ({"ends_on": "2026-01-01"}, "La fin vient après le début."),
        ({"starts_on": "demain"}, "Choisissez un jour."),
        ({"starts_on": "0001-01-01"}, "Vérifiez l’année"),
        ({"ends_on": "9999-12-31"}, "Vérifiez l’année"),
        ({"funder": ""}, "Choisissez le financeur."),
    ],
)
def test_an_envelope_that_cannot_be_is_explained(desk, month, wrong, sentence):
    html = desk.post(page("new_envelope", month.collective.pk), envelope_typed(**wrong)).text

    assert sentence in html
    assert 'value="Fonds 2027"' in html
    assert Envelope.objects.count() == 1


def test_a_page_that_noted_an_amount_does_not_note_another(desk, month):
    url = page("top_up_envelope", month.collective.pk, month.envelope.pk)
    typed = {"amount": "10", "key": str(uuid4())}
    desk.post(url, typed)
    transfers = Transfer.objects.count()

    html = desk.post(url, {**typed, "amount": "20"}).text

    assert "Cette page a déjà servi" in html
    assert Transfer.objects.count() == transfers


def test_a_page_that_opened_an_envelope_does_not_open_another(desk, month):
    url = page("new_envelope", month.collective.pk)
    typed = envelope_typed()
    desk.post(url, typed)

    for changes in ({"amount": "20"}, {"name": "Un autre fonds"}):
        assert "Cette page a déjà servi" in desk.post(url, {**typed, **changes}).text
    assert Envelope.objects.filter(funder=typed["funder"]).count() == 1


def test_a_share_opens_with_who_pays_and_closes(desk, month):
    desk.post(
        page("shares", month.collective.pk),
        {"share_percent": "60", "envelope": month.envelope.pk},
    )
    assert ShareOption.objects.get(share_percent=60).is_open

    desk.post(page("close_share", month.collective.pk, 60))
    assert not ShareOption.objects.get(share_percent=60).is_open


@pytest.mark.parametrize("percent", ["5", "201", "100", "moitié", ""])
def test_a_share_out_of_reason_is_refused(desk, month, percent):
    html = desk.post(
        page("shares", month.collective.pk),
        {"share_percent": percent, "envelope": month.envelope.pk},
    ).text

    assert 'class="error-summary"' in html
    assert "%%" not in html
    assert ShareOption.objects.count() == 4


def test_the_envelope_of_somebody_else_pays_nothing(desk, month):
    elsewhere = open_elsewhere()

    desk.post(
        page("shares", month.collective.pk), {"share_percent": "60", "envelope": elsewhere.pk}
    )

    assert not ShareOption.objects.filter(share_percent=60).exists()
    url = page("top_up_envelope", month.collective.pk, elsewhere.pk)
    assert desk.post(url, {"amount": "1", "key": str(uuid4())}).status_code == 404


def open_elsewhere():
    other = collectives.found_collective(structure=StructureFactory(), warehouse_name="Là")
    return collectives.receive_envelope(
        collective=other,
        funder=StructureFactory(),
        name="À eux",
        purpose="",
        starts_on=now().date(),
        ends_on=now().date(),
        amount_cents=100,
        key="elsewhere",
        actor=PersonFactory(),
        now=now(),
    )


def test_the_full_price_stays_open(desk, month):
    desk.post(page("close_share", month.collective.pk, 100))

    assert ShareOption.objects.get(share_percent=100).is_open


def test_settings_are_kept_for_what_comes(desk, month):
    _, membership = month.member()
    desk.post(
        page("collective_settings", month.collective.pk),
        {"handling_percent": "5", "membership_fee": "2"},
    )

    month.collective.refresh_from_db()
    assert (month.collective.handling_percent, month.collective.membership_fee_cents) == (5, 200)
    assert membership.years.get().fee_cents == 100
    later = joining.join_group(
        group=month.group, household=PersonFactory().household, now=month.now
    )
    assert later.years.get().fee_cents == 200


# nobody else's


@pytest.mark.parametrize(
    "name", ["collective", "collective_settings", "add_group", "shares", "new_envelope"]
)
@pytest.mark.parametrize("who", ["stranger", "member", "other coordinator", "till", "anonymous"])
def test_others_find_nothing(client, month, name, who):
    somebody = {
        "stranger": PersonFactory,
        "member": lambda: month.member()[0],
        "other coordinator": lambda: RoleFactory().person,
        "till": lambda: RoleFactory(structure=month.collective.structure, kind="till").person,
        "anonymous": lambda: None,
    }[who]()
    expected = 302
    if somebody:
        client.force_login(somebody)
        expected = 404

    assert client.get(page(name, month.collective.pk)).status_code == expected
    assert client.get(page("edit_group", month.group.pk)).status_code == expected
    assert client.post(page("close_share", month.collective.pk, 50)).status_code == expected
    assert ShareOption.objects.get(share_percent=50).is_open


@pytest.mark.parametrize("name", ["collective_settings", "add_group", "shares", "new_envelope"])
def test_reading_writes_nothing(desk, month, name):
    before = (Group.objects.count(), Envelope.objects.count(), ShareOption.objects.count())

    assert desk.get(page(name, month.collective.pk)).status_code == 200
    assert desk.get(page("edit_group", month.group.pk)).status_code == 200
    url = page("top_up_envelope", month.collective.pk, month.envelope.pk)
    assert desk.get(url).status_code == 200
    assert before == (Group.objects.count(), Envelope.objects.count(), ShareOption.objects.count())


def test_no_past_month_is_lost(desk, month):
    for n in range(15):
        Cycle.objects.create(
            collective=month.collective,
            name=f"Mois {n}",
            opens_at=month.now - timedelta(days=30 * n + 30),
            closes_at=month.now - timedelta(days=30 * n + 20),
            settled_at=month.now,
        )

    html = desk.get(page("collective", month.collective.pk)).text

    assert all(f">Mois {n}<" in html for n in range(15))
