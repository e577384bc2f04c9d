"""People and households, with or without a telephone; and finding them."""

import pytest
from django.urls import reverse

from croqualim.accounts import actions, queries
from croqualim.accounts.models import Person
from croqualim.accounts.rules import NAME_LENGTH, SEARCH_NAME_LENGTH, Reason
from croqualim.kernel.identifiers import phone_in_words
from croqualim.messages.models import Message
from tests.accounts.conftest import code_sent_to, post

pytestmark = pytest.mark.django_db


def register(given_name, family_name, *, now, **more):
    return actions.register_person(given_name=given_name, family_name=family_name, now=now, **more)


def test_somebody_without_telephone_or_e_mail_exists_fully(client, now, landing):
    person = register("Lucette", "Exemple", now=now)

    client.force_login(person)
    page = client.get(landing).text

    assert "Lucette Exemple" in page
    assert person.household_id
    assert not person.has_usable_password()


def test_a_telephone_that_cannot_be_one_is_refused(now):
    with pytest.raises(ValueError, match="12"):
        register("Amina", "Exemple", phone="12", now=now)


@pytest.mark.parametrize("typed", ["ben am", "AMI", "Bénali amina", "el kh", "benali"])
def test_people_are_found_by_the_beginnings_of_their_names(typed, now):
    amina = register("Amina", "Benali El-Khoury", now=now)
    register("Zoé", "Ailleurs", now=now)

    assert list(queries.people_named(typed)) == [amina]


@pytest.mark.parametrize("typed", ["", "  ", "%", "_", "nali", "amina zoé"])
def test_nothing_typed_or_nobody_so_named_finds_nobody(typed, now):
    register("Amina", "Benali", now=now)

    assert not queries.people_named(typed).exists()


def test_finding_costs_one_query_for_three_or_three_hundred(now, django_assert_num_queries):
    for number in range(20):
        register("Amina", f"Exemple{number}", now=now)

    with django_assert_num_queries(1):
        assert len(queries.people_named("ami")) == 20


def test_those_reached_at_an_address_are_active_and_may_be_several(now):
    amina = register("Amina", "Exemple", phone="0612345678", now=now)
    samir = register("Samir", "Exemple", phone="+33 6 12 34 56 78", now=now)
    gone = register("Parti", "Exemple", phone="0612345678", now=now)
    Person.objects.filter(pk=gone.pk).update(is_active=False)
    register("Lucette", "Exemple", now=now)

    assert list(queries.people_reached_at("+33612345678")) == [amina, samir]
    assert not queries.people_reached_at("").exists()


def test_a_name_that_grows_when_folded_still_fits(now):
    """One Arabic ligature folds into eighteen letters."""
    person = register("ﷺ" * NAME_LENGTH, "ﷺ" * NAME_LENGTH, now=now)

    person.refresh_from_db()
    assert len(person.search_name) <= SEARCH_NAME_LENGTH
    assert list(queries.people_named("ﷺ")) == [person]


def test_a_staff_name_is_unique_whatever_its_case(nadia, now):
    with pytest.raises(actions.AccountRefused) as refused:
        actions.register_staff(
            given_name="Autre", family_name="Exemple", username="NADIA@exemple.fr", now=now
        )

    assert refused.value.problem.reason == Reason.USERNAME_TAKEN
    assert Person.objects.count() == 1


def test_she_changes_her_name_and_is_found_by_it(client, amina, landing):
    client.force_login(amina)
    url = reverse("accounts:change_names")

    response = client.post(url, {"given_name": " Amina ", "family_name": "Été  Durand"})

    assert response.url == landing
    assert [str(person) for person in queries.people_named("ete")] == ["Amina Été Durand"]


def test_a_name_left_empty_is_asked_for_and_the_other_kept(client, amina):
    client.force_login(amina)

    page = client.post(
        reverse("accounts:change_names"), {"given_name": "", "family_name": "Durand"}
    ).text

    assert "Écrivez un prénom." in page
    assert 'value="Durand"' in page


@pytest.mark.parametrize(
    ("page", "typed", "address", "field"),
    [
        ("change_phone", "07 00 00 00 01", "+33700000001", "phone"),
        ("change_email", "Amina@Exemple.fr", "amina@exemple.fr", "email"),
    ],
)
def test_a_new_address_counts_once_its_code_came_back(
    browser, amina, landing, page, typed, address, field
):
    browser.force_login(amina)
    before = getattr(amina, field)
    confirm = post(browser, reverse(f"accounts:{page}"), {"reach": typed}).url
    amina.refresh_from_db()
    assert getattr(amina, field) == before
    code = code_sent_to(address)

    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert "pas le bon" in post(browser, confirm, {"code": wrong}).text
    assert post(browser, confirm, {"code": code}).url == landing

    amina.refresh_from_db()
    assert getattr(amina, field) == address
    assert browser.get(confirm).url == landing


def test_a_code_that_somebody_awaits_is_not_for_the_next_one_on_this_telephone(browser, amina, now):
    browser.force_login(amina)
    confirm = post(browser, reverse("accounts:change_phone"), {"reach": "0700000001"}).url

    browser.force_login(register("Samir", "Exemple", now=now))

    assert browser.get(confirm).status_code == 302


def test_five_new_addresses_an_hour_and_no_more(browser, amina):
    browser.force_login(amina)
    url = reverse("accounts:change_phone")
    for number in range(5):
        post(browser, url, {"reach": f"070000000{number}"})

    assert "Plusieurs codes" in post(browser, url, {"reach": "0700000009"}).text
    assert Message.objects.count() == 5


@pytest.mark.parametrize(("shares", "phone"), [("on", "+33612345678"), ("", "")])
def test_she_adds_somebody_who_eats_with_her(client, amina, landing, shares, phone):
    client.force_login(amina)

    client.post(
        reverse("accounts:add_to_household"),
        {"given_name": "Samir", "family_name": "Exemple", "shares_address": shares},
    )

    samir = Person.objects.get(given_name="Samir")
    assert samir.household_id == amina.household_id
    assert samir.phone == phone
    assert "Samir Exemple" in client.get(landing).text


def test_the_account_page_costs_the_same_for_a_large_household(
    client, amina, landing, now, django_assert_num_queries
):
    for number in range(12):
        register(f"Enfant{number}", "Exemple", household=amina.household, now=now)
    client.force_login(amina)

    with django_assert_num_queries(4):  # session, person, card, household
        client.get(landing)


def test_leaving_everywhere_closes_every_telephone(browser, other_browser, amina, landing):
    browser.force_login(amina)
    other_browser.force_login(amina)
    browser.get(landing)

    browser.post(
        reverse("accounts:sign_out_everywhere"),
        headers={"X-CSRFToken": browser.cookies["csrftoken"].value},
    )

    assert browser.get(landing).status_code == 302
    assert other_browser.get(landing).status_code == 302


@pytest.mark.parametrize(
    ("phone", "said"), [("+33612345678", "06 12 34 56 78"), ("+3225551234", "+32 2 555 12 34")]
)
def test_a_number_is_shown_as_it_is_said(phone, said):
    assert phone_in_words(phone) == said


def test_leaving_is_a_button_not_an_address(client, amina):
    client.force_login(amina)

    assert client.get(reverse("accounts:sign_out")).status_code == 405
