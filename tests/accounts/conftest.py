import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from croqualim.accounts import actions
from croqualim.accounts.models import Person
from croqualim.messages.models import Message

PASSWORD = "quatre radis sous la pluie"


@pytest.fixture(autouse=True)
def landing(settings) -> str:
    """Accounts is tested without the pages above it."""
    settings.LOGIN_REDIRECT_URL = "accounts:account"
    return reverse("accounts:account")


@pytest.fixture
def amina() -> Person:
    return actions.register_person(
        given_name="Amina", family_name="Exemple", phone="06 12 34 56 78", now=_now()
    )


@pytest.fixture
def nadia() -> Person:
    """She coordinates: a password and, once installed, a second factor."""
    person = actions.register_staff(
        given_name="Nadia", family_name="Exemple", username="nadia@exemple.fr", now=_now()
    )
    actions.change_password(person=person, password=PASSWORD, now=_now())
    return person


@pytest.fixture
def browser() -> Client:
    """As a real one: it must send the CSRF token it was given."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def other_browser() -> Client:
    return Client(enforce_csrf_checks=True)


def post(browser: Client, url: str, data=None, *, follow: bool = False):
    """Load the page, then send its form, the way a browser does."""
    page = browser.get(url)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
    fields = {**(data or {}), "csrfmiddlewaretoken": token[1] if token else ""}
    return browser.post(url, fields, follow=follow)


def code_sent_to(address: str) -> str:
    """The six figures of the latest message that left for this address."""
    message = Message.objects.filter(address=address).latest("pk")
    return re.search(r"\d{6}", message.body)[0]


def ask_for_code(browser: Client, reach: str, *, url: str = "/compte/entrer/") -> str:
    response = post(browser, url, {"reach": reach})
    assert response.status_code == 302, response.text
    return response.url


def is_signed_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def shown(page) -> str:
    """The page without what differs from one to the next: tokens, and the address typed."""
    text = re.sub(r'(csrfmiddlewaretoken" value=|csrftoken": )"\w+"', "", page.text)
    return re.sub(r"\+33\d{9}|0\d( ?\d\d){4}|[\w.]+@exemple\.fr", "", text)


def _now() -> datetime:
    return datetime.now(UTC)
