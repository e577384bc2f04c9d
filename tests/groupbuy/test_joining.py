"""A neighbour finds a group, joins it, chooses her share, leaves."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils.timezone import localdate, now

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import collectives, joining
from croqualim.groupbuy.models import Membership, MembershipYear, Order, ShareChoice
from croqualim.messages.models import Message
from tests.factories import CommuneFactory, PersonFactory, RoleFactory
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db
NEWCOMER = {"given_name": "Nour", "family_name": "Essai", "reach": "06 11 22 33 44", "site": ""}


@pytest.fixture
def month():
    return open_month(now=now())


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def code_sent():
    return re.search(r"\b(\d{6})\b", Message.objects.get().body).group(1)


# finding a group


def test_groups_are_found_by_commune_by_postal_code_and_by_name(client, month):
    elsewhere = CommuneFactory(
        code="84007", name="Avignon", search_name="avignon", postal_codes=["84000", "84140"]
    )
    collectives.add_group(
        collective=month.collective, name="Monclar", commune=elsewhere, place="La halle"
    )

    def found(text):
        html = client.get(page("groups"), {"cherche": text}).text
        return {name for name in ("Barriol", "Monclar") if f">{name}<" in html}

    assert found("") == {"Barriol", "Monclar"}
    assert found("ARLES") == {"Barriol"}
    assert found("13200") == {"Barriol"}
    assert found("3200") == set()
    assert found("84140") == {"Monclar"}
    assert found("barri") == {"Barriol"}
    assert found("Lille") == set()


def test_a_group_says_its_next_shop(client, month):
    html = client.get(page("group", month.group.slug)).text

    assert month.popup.place in html
    assert "1,00" in html


def test_a_cycle_that_is_not_announced_shows_nowhere(client, month):
    month.cycle.published_at = None
    month.cycle.save()

    assert month.popup.place not in client.get(page("group", month.group.slug)).text


def test_a_closed_group_is_not_on_the_public_pages(client, month):
    month.group.is_joinable = False
    month.group.save()

    assert month.group.name not in client.get(page("groups")).text
    assert client.get(page("group", month.group.slug)).status_code == 404
    assert client.get(page("join", month.group.slug)).status_code == 404


def test_three_groups_or_thirty_cost_the_same(client, month, django_assert_num_queries):
    for n in range(30):
        collectives.add_group(
            collective=month.collective, name=f"Groupe {n}", commune=month.group.commune, place="X"
        )

    with django_assert_num_queries(1):
        client.get(page("groups"))


# joining


def test_a_newcomer_proves_her_telephone_then_presses_one_button(client, month):
    response = client.post(page("join", month.group.slug), NEWCOMER)
    assert not Membership.objects.exists()

    response = client.post(response.url, {"code": code_sent()}, follow=True)
    assert response.redirect_chain[-1][0] == page("confirm_join", month.group.slug)
    assert not Membership.objects.exists()

    response = client.post(page("confirm_join", month.group.slug), follow=True)
    membership = Membership.objects.get()
    assert membership.household.people.get().phone == "+33611223344"
    assert membership.share_percent == 100
    assert f"{membership.number}" in response.text
    assert MembershipYear.objects.get().fee_cents == 100


def test_nobody_learns_whether_a_telephone_is_known(client, month):
    known = PersonFactory(phone="+33611223344")

    unknown_answer = client.post(
        page("join", month.group.slug), {**NEWCOMER, "reach": "06 99 88 77 66"}
    )
    known_answer = client.post(page("join", month.group.slug), NEWCOMER)

    assert known_answer.url == unknown_answer.url
    assert Person.objects.filter(phone=known.phone).get() == known
    assert not Membership.objects.exists()


def test_pressing_twice_makes_one_person(client, month):
    client.post(page("join", month.group.slug), NEWCOMER)
    client.post(page("join", month.group.slug), NEWCOMER)

    assert Person.objects.filter(phone="+33611223344").count() == 1


def test_joining_twice_is_joining_once(client, month):
    client.force_login(PersonFactory())

    first = client.post(page("confirm_join", month.group.slug))
    second = client.post(page("confirm_join", month.group.slug))

    assert first.url == second.url
    assert Membership.objects.count() == MembershipYear.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"given_name": ""}, "Écrivez un prénom."),
        ({"reach": ""}, "Écrivez votre téléphone ou votre adresse e-mail."),
        ({"reach": "06 12"}, "Écrivez un numéro complet"),
        ({"reach": "nour@"}, "Écrivez un numéro complet"),
        ({"site": "https://robot.example"}, "Laissez ce champ vide."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, month, wrong, sentence):
    html = client.post(page("join", month.group.slug), {**NEWCOMER, **wrong}).text

    assert sentence in html
    assert 'value="Essai"' in html
    assert not Person.objects.filter(family_name="Essai").exists()
    assert not Message.objects.exists()


def test_a_robot_does_not_fill_a_group(client, month, monkeypatch):
    monkeypatch.setattr(joining, "NEWCOMERS", (joining.Limit(1, joining.HOUR),))
    client.post(page("join", month.group.slug), NEWCOMER)

    html = client.post(page("join", month.group.slug), {**NEWCOMER, "reach": "0699887766"}).text

    assert "Le prochain pourra partir" in html
    assert Person.objects.filter(family_name="Essai").count() == 1


def test_who_is_signed_in_goes_straight_to_the_button(client, month):
    client.force_login(PersonFactory())

    response = client.get(page("join", month.group.slug))

    assert response.url == page("confirm_join", month.group.slug)
    assert not Membership.objects.exists()  # reading writes nothing


# the share


def test_she_chooses_a_share_that_is_open(client, month):
    person, membership = month.member()
    client.force_login(person)

    html = client.get(page("share", membership.pk)).text
    assert "10,00" in html
    assert "Fonds solidaire" in html
    response = client.post(page("share", membership.pk), {"share_percent": "50"})

    assert response.url == page("membership", membership.pk)
    membership.refresh_from_db()
    assert membership.share_percent == 50
    assert ShareChoice.objects.get().actor == person


@pytest.mark.parametrize("asked", ["", "60", "-5", "gratuit"])
def test_a_share_that_is_not_open_is_refused(client, month, asked):
    person, membership = month.member()
    client.force_login(person)

    html = client.post(page("share", membership.pk), {"share_percent": asked}).text

    assert "hoisi" in html
    assert 'class="error-summary"' in html
    membership.refresh_from_db()
    assert membership.share_percent == 100


def test_a_share_that_closed_stays_hers_and_nobody_else_s(client, month):
    person, membership = month.member(share_percent=50)
    _, other = month.member()
    collectives.close_share(option=month.collective.share_options.get(share_percent=50))
    client.force_login(person)

    client.post(page("share", membership.pk), {"share_percent": "50"})

    membership.refresh_from_db()
    assert membership.share_percent == 50
    with pytest.raises(joining.ShareNotOpen):
        joining.choose_share(membership=other, share_percent=50, actor=person, now=now())


# her pages, and nobody else's


@pytest.mark.parametrize("name", ["membership", "share", "leave", "welcome"])
@pytest.mark.parametrize("who", ["stranger", "coordinator"])
def test_a_membership_is_its_household_s_alone(client, month, name, who):
    _, membership = month.member()
    client.force_login(month.coordinator if who == "coordinator" else PersonFactory())

    assert client.get(page(name, membership.pk)).status_code == 404
    assert client.post(page(name, membership.pk)).status_code in (404, 405)
    membership.refresh_from_db()
    assert membership.left_at is None


@pytest.mark.parametrize("name", ["membership", "share", "leave", "welcome"])
def test_her_pages_read_and_do_not_write(client, month, name):
    person, membership = month.member()
    client.force_login(person)

    assert client.get(page(name, membership.pk)).status_code == 200
    membership.refresh_from_db()
    assert membership.left_at is None


def test_leaving_keeps_her_order_and_says_so(client, month):
    order = month.order({month.offers[0]: 500})
    client.force_login(order.placed_by)

    assert order.reference in client.get(page("leave", order.membership_id)).text
    client.post(page("leave", order.membership_id))

    assert Membership.objects.get(pk=order.membership_id).left_at
    assert Order.objects.get(pk=order.pk).cancelled_at is None
    assert client.get(page("membership", order.membership_id)).status_code == 404


def test_the_till_that_scans_her_number_finds_her_at_its_shop(client, month):
    person, membership = month.member()
    till = RoleFactory(structure=month.collective.structure, kind="till").person

    def scanned_by(somebody):
        client.force_login(somebody)
        return client.get(page("scan_membership", membership.pk))

    assert scanned_by(till).url == f"{page('till', month.popup.pk)}?cherche={membership.number}"
    assert scanned_by(person).url == page("membership", membership.pk)
    assert scanned_by(PersonFactory()).status_code == 404


# years


def test_a_year_is_renewed_once_and_follows_the_last(month):
    _, membership = month.member()
    first = membership.years.get()
    before_its_end = month.now + timedelta(days=330)

    assert joining.renew_year(membership=membership, now=month.now) is None
    second = joining.renew_year(membership=membership, now=before_its_end)

    assert second.starts_on == first.ends_on
    assert joining.renew_year(membership=membership, now=before_its_end) is None
    assert first.starts_on == localdate(month.now)


@pytest.mark.parametrize(("days", "years"), [(1, 1), (364, 1), (365, 2), (800, 2)])
def test_who_comes_back_finds_her_number_and_pays_one_year_at_a_time(month, days, years):
    person, membership = month.member()
    joining.leave_group(membership=membership, now=month.now)
    later = month.now + timedelta(days=days)

    again = joining.join_group(group=month.group, household=person.household, now=later)

    assert again == membership
    assert again.left_at is None
    assert again.years.count() == years
