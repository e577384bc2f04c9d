"""A code sent to a telephone opens the account, once, in the browser that asked."""

from datetime import timedelta

import pytest
from django.urls import reverse

from croqualim.accounts import actions
from croqualim.accounts.models import Person, SignInCode, Tally
from croqualim.accounts.rules import Address
from croqualim.messages.models import Channel, Message
from tests.accounts.conftest import ask_for_code, code_sent_to, is_signed_in, post

pytestmark = pytest.mark.django_db
PHONE = "+33612345678"


def test_she_writes_her_number_as_she_says_it_and_is_let_in(browser, amina, landing):
    code_url = ask_for_code(browser, "06.12.34.56.78")

    response = post(browser, code_url, {"code": code_sent_to(PHONE)})

    assert response.url == landing
    assert "Amina Exemple" in browser.get(landing).text
    assert Person.objects.get(pk=amina.pk).last_login is not None


def test_the_sms_is_one_piece_and_bound_to_this_site(browser, amina, settings):
    settings.SITE_URL = "https://croqualim.example"
    ask_for_code(browser, "0612345678")

    message = Message.objects.get()
    assert message.channel == Channel.SMS
    assert message.body.endswith(f"@croqualim.example #{code_sent_to(PHONE)}")
    assert len(message.body) <= 160


def test_an_e_mail_address_is_written_in_any_case(browser, landing, now):
    actions.register_person(
        given_name="Paul", family_name="Exemple", email="Paul@Exemple.fr", now=now
    )
    code_url = ask_for_code(browser, " PAUL@exemple.FR ")

    assert post(browser, code_url, {"code": code_sent_to("paul@exemple.fr")}).url == landing


def test_a_code_copied_with_its_space_is_the_same_code(browser, amina, landing):
    code_url = ask_for_code(browser, "0612345678")
    code = code_sent_to(PHONE)

    assert post(browser, code_url, {"code": f" {code[:3]} {code[3:]} "}).url == landing


def test_a_family_that_shares_a_telephone_says_who_is_there(browser, amina, landing, now):
    samir = actions.add_to_household(
        person=amina, given_name="Samir", family_name="Exemple", shares_address=True, now=now
    )
    code_url = ask_for_code(browser, "0612345678")

    chooser = post(browser, code_url, {"code": code_sent_to(PHONE)}).url
    assert not is_signed_in(browser)
    page = browser.get(chooser).text
    assert "Amina Exemple" in page
    assert "Samir Exemple" in page

    assert post(browser, chooser, {"person": samir.pk}).url == landing
    assert browser.session["_auth_user_id"] == str(samir.pk)


@pytest.mark.parametrize("typed", ["", "06 12", "amina", "amina@", "@exemple.fr", '"a b"@x.fr'])
def test_what_is_no_address_is_said_beside_the_field_and_kept(browser, typed):
    page = post(browser, reverse("accounts:sign_in"), {"reach": typed}).text

    assert "<title>Erreur" in page
    assert "Écrivez" in page
    assert not SignInCode.objects.exists()


def test_somebody_already_in_goes_on(browser, amina, landing):
    browser.force_login(amina)

    assert browser.get(reverse("accounts:sign_in")).url == landing


def test_a_new_code_makes_the_browser_forget_the_first(browser, amina):
    ask_for_code(browser, "0612345678")
    first = code_sent_to(PHONE)
    code_url = ask_for_code(browser, "0612345678")
    if first == code_sent_to(PHONE):  # once in a million
        return

    post(browser, code_url, {"code": first})

    assert not is_signed_in(browser)


def test_what_is_remembered_of_codes_goes_after_a_day(amina, now):
    address = Address("sms", PHONE)
    actions.request_code(address=address, browser="a", now=now)
    actions.request_code(
        address=Address("sms", "+33600000000"), browser="b", now=now + timedelta(days=2)
    )

    assert not SignInCode.objects.filter(address=PHONE).exists()
    assert Tally.objects.count() == 2
