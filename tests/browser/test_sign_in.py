"""Signing in on a phone, in the stairwell: each page is sound, from the question to the account."""

import re

import pytest
from django.utils.timezone import now
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from playwright.sync_api import Page, expect

from croqualim.accounts import actions
from tests.accounts.conftest import PASSWORD, code_sent_to
from tests.browser.checks import check_axe, fits, touchable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look(page: Page) -> None:
    check_axe(page)
    fits(page)
    touchable(page)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_family_signs_in_with_its_telephone(phone: Page) -> None:
    amina = actions.register_person(
        given_name="Amina", family_name="Exemple", phone="0612345678", now=now()
    )
    actions.add_to_household(
        person=amina, given_name="Samir", family_name="Exemple", shares_address=True, now=now()
    )
    phone.goto("/compte/entrer/?next=/compte/")
    look(phone)
    press(phone, "Recevoir mon code")
    expect(phone).to_have_title(re.compile("^Erreur"))
    look(phone)
    phone.get_by_label("Votre téléphone ou votre adresse e-mail").fill("06 12 34 56 78")
    press(phone, "Recevoir mon code")
    look(phone)
    code = phone.get_by_label("Le code à six chiffres")
    assert code.get_attribute("autocomplete") == "one-time-code"
    assert code.get_attribute("inputmode") == "numeric"
    code.fill(code_sent_to("+33612345678"))
    press(phone, "Entrer")
    look(phone)
    press(phone, "Je suis Samir Exemple")
    expect(phone.get_by_role("heading", name="Mon compte")).to_be_visible()
    look(phone)


def test_a_coordinator_installs_her_second_factor(phone: Page) -> None:
    nadia = actions.register_staff(
        given_name="Nadia", family_name="Exemple", username="nadia@exemple.fr", now=now()
    )
    actions.change_password(person=nadia, password=PASSWORD, now=now())
    phone.goto("/compte/equipe/?next=/compte/")
    look(phone)
    phone.get_by_label("Votre adresse e-mail").fill("nadia@exemple.fr")
    phone.get_by_label("Votre mot de passe").fill(PASSWORD)
    press(phone, "Continuer")
    look(phone)
    press(phone, "Commencer")
    look(phone)
    key = TOTPDevice.objects.get().bin_key
    phone.get_by_label("Les six chiffres de l’application").fill(f"{totp(key):06}")
    press(phone, "Confirmer")
    look(phone)
    phone.get_by_role("link", name="J’ai gardé mes codes, continuer").click()
    expect(phone.get_by_role("heading", name="Mon compte")).to_be_visible()
    look(phone)
