"""A coordinator keeps her members; she never sees a share, nor another's members."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import now

from croqualim.accounts.models import Card, Person
from croqualim.groupbuy.actions import collectives, joining, members
from croqualim.groupbuy.models import Membership
from tests.factories import PersonFactory, RoleFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month(now=now())


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    client.session.save()
    return client


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def listed(desk, month, **search):
    return [
        row.number for row in desk.get(page("members", month.collective.pk), search).context["page"]
    ]


def typed(month, **changes):
    return {
        "given_name": "Élie",
        "family_name": "Œillet",
        "reach": "",
        "group": month.group.pk,
        **changes,
    }


# the list


def test_three_letters_find_anybody_of_the_household(desk, month):
    _, first = month.member(given_name="Amina")
    _, second = month.member(given_name="Zoé")
    members.add_person(membership=second, given_name="Élie", family_name="Œillet", now=month.now)

    assert listed(desk, month) == [first.number, second.number]
    assert listed(desk, month, cherche="eli") == [second.number]
    assert listed(desk, month, cherche="oei") == [second.number]
    assert listed(desk, month, cherche=str(first.number)) == [first.number]
    assert listed(desk, month, cherche="9" * 40) == []
    assert listed(desk, month, cherche="!?") == []


def test_the_list_is_filtered_by_group(desk, month):
    _, here = month.member()
    other = collectives.add_group(
        collective=month.collective, name="Monclar", commune=month.group.commune, place="X"
    )
    there = joining.join_group(group=other, household=PersonFactory().household, now=month.now)

    assert listed(desk, month, groupement=other.pk) == [there.number]
    assert listed(desk, month, groupement="x") == [here.number, there.number]


def test_who_left_is_not_listed(desk, month):
    _, membership = month.member()
    joining.leave_group(membership=membership, now=month.now)

    assert listed(desk, month) == []


@pytest.mark.parametrize("households", [3, 60])
def test_the_list_costs_the_same_for_any_number(desk, month, households, django_assert_num_queries):
    for _ in range(households):
        month.member()

    with django_assert_num_queries(7):
        desk.get(page("members", month.collective.pk))


# her page


def test_the_page_of_a_household_tells_everything_but_its_share(desk, month):
    order = month.order({month.offers[0]: 500}, share_percent=50)

    html = desk.get(page("member", order.membership_id)).text

    assert order.reference in html
    assert order.placed_by.phone in html
    for secret in ("50 %", "50\u00a0%", "0,80", "1,60"):
        assert secret not in html


@pytest.mark.parametrize("people", [1, 9])
def test_her_page_costs_the_same_for_any_household(desk, month, people, django_assert_num_queries):
    _, membership = month.member()
    for n in range(people):
        members.add_person(
            membership=membership, given_name=f"Enfant {n}", family_name="Essai", now=month.now
        )

    with django_assert_num_queries(8):
        desk.get(page("member", membership.pk))


# enrolling


def test_somebody_without_telephone_is_enrolled_with_a_name(desk, month):
    response = desk.post(page("add_member", month.collective.pk), typed(month))

    membership = Membership.objects.get()
    assert response.url == page("member", membership.pk)
    person = membership.household.people.get()
    assert (str(person), person.phone, person.email) == ("Élie Œillet", "", "")
    assert membership.years.get().fee_cents == 100


@pytest.mark.parametrize("reach", ["", "06 11 22 33 44", "elie@exemple.fr"])
def test_enrolling_twice_is_enrolling_once(desk, month, reach):
    for _ in range(2):
        desk.post(page("add_member", month.collective.pk), typed(month, reach=reach))

    assert Membership.objects.count() == 1
    assert Person.objects.filter(family_name="Œillet").count() == 1


def test_two_people_may_have_the_same_name(month):
    for moment in (month.now, month.now + timedelta(days=1)):
        members.add_member(
            group=month.group, given_name="Jean", family_name="Essai", address=None, now=moment
        )

    assert Membership.objects.count() == 2


def test_a_name_that_is_there_already_is_asked_about_before_it_is_there_twice(desk, month):
    there = members.add_member(
        group=month.group,
        given_name="Élie",
        family_name="Œillet",
        address=None,
        now=month.now - timedelta(days=1),
    )
    url = page("add_member", month.collective.pk)

    asked = desk.post(url, typed(month, given_name="elie"))
    assert f"existe déjà (n° {there.number}, {month.group.name})" in asked.text
    assert page("member", there.pk) in asked.text
    assert Membership.objects.count() == 1

    answer = {"is_somebody_else": "on", "asked_about": asked.context["form"].asked_about}
    for _ in range(2):
        desk.post(url, typed(month, given_name="elie", **answer))
    assert Membership.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"family_name": ""}, "Écrivez un nom."),
        ({"family_name": "\u202e\u200b"}, "Écrivez un nom."),
        ({"family_name": "\u0301"}, "Écrivez un nom."),
        ({"reach": "12"}, "Écrivez un numéro complet"),
        ({"group": "999999"}, "Choisissez un groupement de la liste."),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_is_kept(desk, month, wrong, sentence):
    html = desk.post(page("add_member", month.collective.pk), typed(month, **wrong)).text

    assert sentence in html
    assert 'value="Élie"' in html
    assert not Membership.objects.exists()


def test_a_group_of_another_collective_is_no_choice(desk, month):
    RoleFactory(person=month.coordinator)
    elsewhere = collectives.found_collective(
        structure=RoleFactory().structure, warehouse_name="Ailleurs"
    )
    theirs = collectives.add_group(
        collective=elsewhere, name="Ailleurs", commune=month.group.commune, place="X"
    )

    desk.post(page("add_member", month.collective.pk), typed(month, group=theirs.pk))

    assert not Membership.objects.exists()


def test_somebody_more_eats_with_them(desk, month):
    _, membership = month.member()
    for _ in range(2):
        desk.post(page("add_person", membership.pk), {"given_name": "Lou", "family_name": "Essai"})

    assert membership.household.people.count() == 2


def other_collective(month):
    """A group run by somebody else."""
    elsewhere = collectives.found_collective(
        structure=RoleFactory().structure, warehouse_name="Ailleurs"
    )
    return collectives.add_group(
        collective=elsewhere, name="Ailleurs", commune=month.group.commune, place="X"
    )


@pytest.mark.parametrize("name", ["Élie", "Somebody"])
@pytest.mark.parametrize("is_member", [True, False])
def test_nobody_is_enrolled_by_a_coordinator_who_knows_her_telephone(desk, month, name, is_member):
    person = PersonFactory(
        given_name="Élie", family_name="Œillet", search_name="elie oeillet", phone="+33611223344"
    )
    if is_member:
        joining.join_group(group=other_collective(month), household=person.household, now=month.now)

    response = desk.post(
        page("add_member", month.collective.pk),
        typed(month, given_name=name, reach="06 11 22 33 44"),
    )

    assert "peut rejoindre le groupement elle-même par la page publique" in response.text
    assert not month.group.memberships.exists()
    assert Person.objects.filter(phone="+33611223344").count() == 1


def test_a_family_of_the_collective_shares_its_telephone(desk, month):
    month.member(phone="+33611223344")

    desk.post(page("add_member", month.collective.pk), typed(month, reach="06 11 22 33 44"))

    assert month.group.memberships.count() == 2


# cards and years


@pytest.mark.parametrize("address", [{"phone": "+33611223344"}, {"email": "elie@exemple.fr"}])
def test_whoever_has_an_address_enters_with_a_code_and_gets_no_card(desk, month, address):
    person, membership = month.member(**{"phone": "", **address})

    html = desk.get(page("member", membership.pk)).text
    response = desk.post(page("print_card", membership.pk, person.pk))

    assert "Imprimer sa carte" not in html
    assert "un code lui est envoyé" in html
    assert response.status_code == 404
    assert not Card.objects.exists()


def test_no_card_opens_a_household_of_two_collectives(desk, month):
    person, membership = month.member(phone="")
    there = joining.join_group(
        group=other_collective(month), household=person.household, now=month.now
    )
    assert desk.post(page("print_card", membership.pk, person.pk)).status_code == 404
    assert "Imprimer sa carte" not in desk.get(page("member", membership.pk)).text

    joining.leave_group(membership=there, now=month.now)
    assert desk.post(page("print_card", membership.pk, person.pk)).status_code == 200


def test_the_household_reads_that_a_card_was_printed(desk, client, month):
    person, membership = month.member(phone="")
    mother = PersonFactory(household=membership.household, given_name="Fatou", phone="")
    desk.post(page("print_card", membership.pk, mother.pk))

    client.force_login(person)

    assert "une carte depuis le" in client.get(reverse("accounts:account")).text


def test_where_somebody_has_a_telephone_no_card_opens_the_household(desk, month):
    _, membership = month.member()
    mother = PersonFactory(household=membership.household, given_name="Fatou", phone="")

    assert desk.post(page("print_card", membership.pk, mother.pk)).status_code == 404


def test_no_card_is_printed_for_who_left(desk, month):
    person, membership = month.member(phone="")
    joining.leave_group(membership=membership, now=month.now)

    assert desk.post(page("print_card", membership.pk, person.pk)).status_code == 404


def test_a_card_is_printed_and_opens_her_account(desk, month):
    person, membership = month.member(phone="")

    response = desk.post(page("print_card", membership.pk, person.pk))

    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF")
    assert "carte-" in response["Content-Disposition"]
    assert Card.objects.get(revoked_at=None).person == person


def test_a_lost_card_opens_nothing_and_a_reason_is_asked(desk, month):
    person, membership = month.member(phone="")
    desk.post(page("print_card", membership.pk, person.pk))

    html = desk.post(page("revoke_card", membership.pk, person.pk), {"reason": " "}).text
    assert "Écrivez pourquoi" in html
    assert Card.objects.filter(revoked_at=None).exists()

    desk.post(page("revoke_card", membership.pk, person.pk), {"reason": "Perdue au marché"})
    assert Card.objects.get().revoked_reason == "Perdue au marché"


def test_nobody_prints_the_card_of_another_household_nor_of_staff(desk, month):
    _, membership = month.member()
    stranger = PersonFactory(phone="")
    staff = PersonFactory(household=membership.household, username="a@exemple.fr", phone="")

    assert desk.post(page("print_card", membership.pk, stranger.pk)).status_code == 404
    assert desk.post(page("print_card", membership.pk, staff.pk)).status_code == 404
    assert not Card.objects.exists()


def test_a_year_that_ended_says_so_and_what_the_next_costs(desk, month):
    _, membership = month.member()
    year = membership.years.get()
    year.starts_on, year.ends_on = (year.starts_on - timedelta(days=n) for n in (400, 35))
    year.save()

    html = desk.get(page("member", membership.pk)).text

    assert "Finie depuis le" in html
    assert "Renouveler pour un an (1,00\u00a0€, à payer à l’épicerie)" in html


def test_a_year_too_early_is_not_renewed(desk, month):
    _, membership = month.member()

    desk.post(page("renew_year", membership.pk))

    assert membership.years.count() == 1


def test_ending_a_membership_keeps_its_history(desk, month):
    order = month.order({month.offers[0]: 500})

    assert desk.get(page("end_membership", order.membership_id)).status_code == 200
    desk.post(page("end_membership", order.membership_id))

    assert Membership.objects.get().left_at
    assert order.reference in desk.get(page("member", order.membership_id)).text


# nobody else's

OF_A_MEMBERSHIP = ["member", "add_person", "end_membership", "renew_year"]


@pytest.mark.parametrize("name", OF_A_MEMBERSHIP)
@pytest.mark.parametrize("who", ["stranger", "member", "other coordinator", "till"])
def test_others_find_nothing(client, month, name, who):
    person, membership = month.member()
    somebody = {
        "stranger": PersonFactory,
        "member": lambda: person,
        "other coordinator": lambda: RoleFactory().person,
        "till": lambda: RoleFactory(structure=month.collective.structure, kind="till").person,
    }[who]()
    client.force_login(somebody)

    assert client.get(page(name, membership.pk)).status_code in (404, 405)
    assert client.post(page(name, membership.pk)).status_code in (404, 405)
    assert client.post(page("print_card", membership.pk, person.pk)).status_code == 404
    assert client.get(page("members", month.collective.pk)).status_code == 404
    assert client.get(page("add_member", month.collective.pk)).status_code == 404
    membership.refresh_from_db()
    assert membership.left_at is None
