"""A group of students: an address of the school or a code, on the page, and few tries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.actions import doors
from croqualim.groupbuy.models import Door, Membership
from croqualim.groupbuy.rules.doors import Asked, clean_domain, knows_address, knows_code
from tests.conftest import NOON
from tests.factories import PersonFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

AMU = Asked("univ-amu.fr", "TOMATE-26")


@given(code=st.text(max_size=40), email=st.emails())
def test_a_door_that_asks_for_nothing_recognises_nobody(code, email):
    """Empty is no password."""
    assert not knows_code(Asked(), code)
    assert not knows_address(Asked(), email)


@pytest.mark.parametrize(
    ("email", "is_known"),
    [
        ("amina@univ-amu.fr", True),
        ("amina@etu.univ-amu.fr", True),
        ("AMINA@UNIV-AMU.FR", True),
        ("amina@faux-univ-amu.fr", False),
        ("amina@univ-amu.fr.exemple.com", False),
        ("", False),
    ],
)
def test_an_address_of_the_school(email, is_known):
    assert knows_address(AMU, email) is is_known


@pytest.mark.parametrize("code", ["TOMATE-26", "tomate 26", " Tomate26 "])
def test_a_code_is_forgiving(code):
    assert knows_code(AMU, code)


@pytest.mark.parametrize("code", ["", "TOMATE", "TOMATE-27", "тomate26"])
def test_another_code_is_another_code(code):
    assert not knows_code(AMU, code)


@pytest.mark.parametrize("text", ["", "amu", "a b.fr", "x@y.fr", "-a.fr", "a..fr"])
def test_what_is_no_domain(text):
    with pytest.raises(ValueError):
        clean_domain(text)
    assert clean_domain("@Univ-AMU.fr ") == "univ-amu.fr"


@pytest.fixture
def group():
    group = open_month().group
    doors.set_door(group=group, email_domain="univ-amu.fr", invitation_code="TOMATE-26")
    return group


def page(group):
    return reverse("groupbuy:confirm_join", args=[group.slug])


@pytest.mark.django_db
def test_a_student_joins_by_her_address_without_a_code(client, group):
    client.force_login(PersonFactory(email="amina@etu.univ-amu.fr"))

    assert "Code d’invitation" not in plain(client.get(page(group)))
    client.post(page(group))

    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_somebody_else_joins_by_the_code_alone(client, group):
    client.force_login(PersonFactory(email="zoe@exemple.fr"))
    assert "@univ-amu.fr" in plain(client.get(page(group)))

    for code, sentence in (("", "Écrivez le code"), ("RADIS-99", "Ce n’est pas ce code")):
        assert sentence in plain(client.post(page(group), {"code": code}))
    assert not Membership.objects.exists()

    client.post(page(group), {"code": "tomate26"})
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_its_public_page_says_what_it_asks_for_but_not_the_code(client, group):
    said = plain(client.get(reverse("groupbuy:group", args=[group.slug])))

    assert "une adresse e-mail en @univ-amu.fr, ou un code d’invitation" in said
    assert "TOMATE" not in said


@pytest.mark.django_db
def test_a_robot_has_few_tries_and_even_the_right_code_waits(group):
    person = PersonFactory()

    def try_code(code, at):
        doors.join_through_door(group=group, person=person, code=code, now=at)

    for n in range(10):
        with pytest.raises(doors.DoorRefused) as refused:
            try_code(f"RADIS-{n}", NOON)
        assert refused.value.why is doors.Refusal.WRONG_CODE
    with pytest.raises(doors.DoorRefused) as refused:
        try_code("TOMATE-26", NOON)
    assert refused.value.why is doors.Refusal.TOO_MANY

    try_code("TOMATE-26", NOON + timedelta(hours=2))
    assert Membership.objects.count() == 1


@pytest.mark.django_db
def test_a_coordinator_chooses_what_her_group_asks_for(client):
    month = open_month()
    client.force_login(month.coordinator)
    address = reverse("groupbuy:door", args=[month.group.pk])

    assert "par exemple univ-amu.fr" in plain(client.post(address, {"email_domain": "la fac"}))
    assert "se devine moins" in plain(client.post(address, {"invitation_code": "abc"}))
    assert not Door.objects.exists()
    client.post(address, {"email_domain": "@Univ-AMU.fr", "invitation_code": ""})

    assert Door.objects.get().email_domain == "univ-amu.fr"
