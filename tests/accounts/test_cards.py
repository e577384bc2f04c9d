"""The personal card opens until it is revoked, and only by its button."""

import pytest
from django.urls import reverse

from croqualim.accounts import actions
from croqualim.accounts.models import Card
from croqualim.accounts.rules import Reason
from tests.accounts.conftest import is_signed_in, post, shown
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return PersonFactory()


@pytest.fixture
def secret(amina, coordinator, now):
    return actions.issue_card(person=amina, actor=coordinator, now=now)


def page_of(secret: str) -> str:
    return reverse("accounts:enter_by_card", args=[secret])


def test_the_card_greets_her_then_lets_her_in(browser, secret, landing):
    page = browser.get(page_of(secret))
    assert "Bonjour Amina" in page.text
    assert not is_signed_in(browser)

    assert post(browser, page_of(secret)).url == landing
    assert is_signed_in(browser)


def test_somebody_with_neither_telephone_nor_e_mail_has_a_card(browser, coordinator, now):
    person = actions.register_person(given_name="Lucette", family_name="Exemple", now=now)
    secret = actions.issue_card(person=person, actor=coordinator, now=now)

    post(browser, page_of(secret))

    assert browser.session["_auth_user_id"] == str(person.pk)


def test_a_new_card_stops_the_one_before(browser, secret, amina, coordinator, now):
    second = actions.issue_card(person=amina, actor=coordinator, now=now)

    assert browser.get(page_of(secret)).status_code == 404
    assert browser.get(page_of(second)).status_code == 200
    assert Card.objects.filter(revoked_at=None).count() == 1


def test_a_revoked_card_says_whom_to_ask_like_one_that_never_was(
    browser, secret, amina, coordinator, now
):
    assert actions.revoke_card(person=amina, actor=coordinator, reason="perdue", now=now)

    revoked, unknown = browser.get(page_of(secret)), browser.get(page_of("x" * 22))
    assert revoked.status_code == unknown.status_code == 404
    assert shown(revoked) == shown(unknown)
    assert "La coordination de votre groupement" in revoked.text
    assert browser.post(page_of(secret)).status_code in {403, 404}
    assert not is_signed_in(browser)
    card = Card.objects.get()
    assert (card.revoked_at, card.revoked_by, card.revoked_reason) == (now, coordinator, "perdue")


def test_revoking_closes_what_the_card_had_opened(browser, secret, amina, coordinator, now):
    post(browser, page_of(secret))

    actions.revoke_card(person=amina, actor=coordinator, reason="perdue", now=now)

    assert browser.get(reverse("accounts:account")).status_code == 302


def test_she_revokes_her_own_and_stays_in(browser, other_browser, secret):
    post(browser, page_of(secret))
    post(other_browser, page_of(secret))

    response = post(browser, reverse("accounts:account"))
    assert response.status_code == 405
    token = browser.cookies["csrftoken"].value
    browser.post(reverse("accounts:lose_card"), headers={"X-CSRFToken": token})

    assert browser.get(reverse("accounts:account")).status_code == 200
    assert other_browser.get(reverse("accounts:account")).status_code == 302
    assert browser.get(page_of(secret)).status_code == 404


def test_having_none_there_is_none_to_revoke(amina, coordinator, now):
    assert not actions.revoke_card(person=amina, actor=coordinator, reason="", now=now)


def test_staff_cannot_have_a_card(nadia, coordinator, now):
    with pytest.raises(actions.AccountRefused) as refused:
        actions.issue_card(person=nadia, actor=coordinator, now=now)

    assert refused.value.problem.reason == Reason.SIGNS_IN_OTHERWISE


def test_the_card_of_somebody_who_became_staff_opens_nothing(browser, secret, amina):
    amina.username = "amina@exemple.fr"
    amina.save()

    assert browser.get(page_of(secret)).status_code == 404


def test_the_table_does_not_hold_the_secret(secret):
    assert secret not in str(Card.objects.values().get())
