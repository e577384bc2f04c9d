"""Staff passwords: guessed, forgotten, chosen, changed."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from croqualim.accounts import actions
from croqualim.accounts.rules import Reason
from croqualim.messages.models import Message
from tests.accounts.conftest import PASSWORD, is_signed_in, post, shown
from tests.accounts.test_staff import CREDENTIALS, STAFF, install

pytestmark = pytest.mark.django_db
NEW = "sept poireaux au soleil"
FORGOTTEN = "/compte/mot-de-passe/oublie/"


def refusal(*, password, now, username="nadia@exemple.fr"):
    with pytest.raises(actions.AccountRefused) as refused:
        actions.authenticate_staff(username=username, password=password, now=now)
    return refused.value.problem


def link_sent_to(address: str) -> str:
    body = Message.objects.filter(address=address).latest("pk").body
    return re.search(r"/compte/mot-de-passe/\S+", body)[0]


def test_ten_failures_lock_the_name_for_a_quarter_of_an_hour(nadia, now):
    failures = [refusal(password="x", now=now) for _ in range(10)]

    locked = refusal(password=PASSWORD, now=now + timedelta(minutes=14))

    assert {problem.reason for problem in [*failures, locked]} == {Reason.WRONG}
    later = now + timedelta(minutes=15)
    person = actions.authenticate_staff(username="nadia@exemple.fr", password=PASSWORD, now=later)
    assert person == nadia


def test_success_forgets_the_failures_before(nadia, now):
    for _ in range(3):
        for _ in range(9):
            refusal(password="x", now=now)
        actions.authenticate_staff(username="nadia@exemple.fr", password=PASSWORD, now=now)


def test_wrong_unknown_and_locked_are_said_alike(browser, nadia, now):
    def page(username, password="x"):
        return shown(post(browser, STAFF, {"username": username, "password": password}))

    pages = {page("nadia@exemple.fr"), page("inconnu@exemple.fr")}
    for _ in range(9):
        page("nadia@exemple.fr")
    pages.add(page("nadia@exemple.fr", PASSWORD))

    assert len(pages) == 1
    assert not is_signed_in(browser)


def test_a_member_has_no_password_to_guess(amina, now):
    refusal(username=amina.phone, password="", now=now)
    refusal(username="", password="", now=now)


def test_she_is_invited_by_somebody_and_chooses_her_password(browser, amina, now):
    nadia = actions.register_staff(
        given_name="Nadia", family_name="Exemple", username="nadia@exemple.fr", now=now
    )
    actions.invite_staff(person=nadia, actor=amina, now=now)
    assert "Amina Exemple" in Message.objects.get().body
    link = link_sent_to("nadia@exemple.fr")

    assert post(browser, link, {"new_password": NEW}).url == STAFF
    assert not is_signed_in(browser)
    assert post(browser, STAFF, {**CREDENTIALS, "password": NEW}).status_code == 302


def test_a_link_serves_once_and_for_one_person(browser, nadia, amina, now):
    actions.send_password_link(username="nadia@exemple.fr", now=now)
    link = link_sent_to("nadia@exemple.fr")

    assert browser.get(link.replace(f"/{nadia.pk}/", f"/{amina.pk}/")).status_code == 404
    post(browser, link, {"new_password": NEW})

    page = browser.get(link)
    assert page.status_code == 404
    assert "Ce lien ne sert plus" in page.text


def test_a_link_is_no_way_around_the_second_factor(browser, other_browser, nadia, now, landing):
    install(browser, nadia)
    actions.send_password_link(username="nadia@exemple.fr", now=now)
    post(other_browser, link_sent_to("nadia@exemple.fr"), {"new_password": NEW})
    post(other_browser, STAFF, {**CREDENTIALS, "password": NEW})

    assert other_browser.get(landing).url.startswith(reverse("accounts:second_factor"))
    assert browser.get(landing).status_code == 302  # the sessions before are closed


def test_whoever_forgets_is_answered_alike(browser, nadia):
    answers = {
        post(browser, FORGOTTEN, {"username": name}, follow=True).text.count("un lien vient d’y")
        for name in ("nadia@exemple.fr", "inconnu@exemple.fr")
    }

    assert answers == {1}
    assert [message.address for message in Message.objects.all()] == ["nadia@exemple.fr"]


def test_three_links_an_hour_and_no_more(nadia, now):
    for minute in range(5):
        actions.send_password_link(username="nadia@exemple.fr", now=now + timedelta(minutes=minute))

    assert Message.objects.count() == 3


@pytest.mark.parametrize("weak", ["onze lettre", "123456789012", "nadia exemple"])
def test_a_weak_password_is_refused_with_a_sentence(browser, nadia, now, weak):
    actions.send_password_link(username="nadia@exemple.fr", now=now)

    page = post(browser, link_sent_to("nadia@exemple.fr"), {"new_password": weak}).text

    assert "mot de passe" in page
    assert "<title>Erreur" in page


def test_she_changes_it_knowing_the_one_before_and_stays_in(browser, nadia, landing):
    install(browser, nadia)
    url = reverse("accounts:change_password")

    refused = post(browser, url, {"password": "x", "new_password": NEW}).text
    assert "pas votre mot de passe d’aujourd’hui" in refused
    assert post(browser, url, {"password": PASSWORD, "new_password": NEW}).status_code == 302

    assert browser.get(landing).status_code == 200
    nadia.refresh_from_db()
    assert nadia.check_password(NEW)
