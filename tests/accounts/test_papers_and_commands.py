"""The card on paper; what the person who keeps the server may do."""

from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from croqualim.accounts import actions, papers
from croqualim.accounts.models import Person
from croqualim.messages.models import Message
from tests.accounts.conftest import post
from tests.accounts.test_passwords import NEW, link_sent_to
from tests.accounts.test_staff import STAFF, install

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["Amina", '#let x = "1" *a* $b$ \\', "Marie-Antoinette Joséphine", "X" * 80]
)
def test_the_card_is_one_sheet_with_her_name_and_how_to_use_it(name, now):
    person = actions.register_person(given_name=name, family_name="Exemple", now=now)
    secret = actions.issue_card(person=person, actor=person, now=now)

    pages = PdfReader(BytesIO(papers.card_pdf(person=person, secret=secret))).pages

    assert len(pages) == 1
    words = "".join(pages[0].extract_text().replace("\u200b", "").split())
    assert "".join(name.split()) in words
    assert "àgarderpourvous" in words
    assert "Montrezcecarréàl’épicerie" in words


def test_the_card_tells_two_people_of_one_given_name_apart(now):
    person = actions.register_person(given_name="Odile", family_name="Lavande", now=now)

    content = papers.card_pdf(person=person, secret="x" * 32, numbers=["n° 12, La Viste"])

    words = PdfReader(BytesIO(content)).pages[0].extract_text().replace("\u00a0", " ")
    assert "Odile Lavande" in " ".join(words.split())
    assert "n° 12, La Viste" in words


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_first_person_of_an_installation_is_invited_from_the_server(browser):
    run("invite_staff", "nadia@exemple.fr", "Nadia", "Exemple")
    run("invite_staff", "Nadia@exemple.fr", "Nadia", "Exemple")

    assert Person.objects.count() == 1
    assert post(browser, link_sent_to("nadia@exemple.fr"), {"new_password": NEW}).url == STAFF


def test_no_address_no_invitation():
    with pytest.raises(CommandError, match="n’est pas une adresse"):
        run("invite_staff", "nadia", "Nadia", "Exemple")

    assert not Person.objects.exists()


def test_whoever_keeps_the_server_resets_a_lost_telephone(browser, nadia, landing):
    install(browser, nadia)
    assert browser.get(landing).status_code == 200

    run("reset_second_factor", "nadia@exemple.fr")

    assert browser.get(landing).status_code == 302
    assert "La personne qui tient le serveur" in Message.objects.latest("pk").body
    with pytest.raises(CommandError, match="Personne de l’équipe"):
        run("reset_second_factor", "inconnu@exemple.fr")
