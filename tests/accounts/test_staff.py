"""Staff: password, second factor, and nowhere to go before both."""

import re

import pytest
from django.urls import get_resolver, reverse
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from croqualim.accounts import actions
from croqualim.accounts.middleware import OPEN_PAGES
from croqualim.accounts.models import Person
from croqualim.messages.models import Message
from tests.accounts.conftest import PASSWORD, is_signed_in, post

pytestmark = pytest.mark.django_db
STAFF, FACTOR = "/compte/equipe/", "/compte/second-facteur/"
INSTALL, BEGIN = f"{FACTOR}installer/", f"{FACTOR}commencer/"
CREDENTIALS = {"username": "Nadia@Exemple.fr ", "password": PASSWORD}


def press(browser, url, **data):
    """A button on a page already open."""
    token = browser.cookies["csrftoken"].value
    return browser.post(url, data, headers={"X-CSRFToken": token})


def figures(person, *, steps=0) -> str:
    device = TOTPDevice.objects.get(user=person)
    return f"{totp(device.bin_key, drift=steps):06}"


def install(browser, person) -> list[str]:
    post(browser, STAFF, CREDENTIALS)
    press(browser, BEGIN)
    page = post(browser, INSTALL, {"code": figures(person)}).text
    return re.findall(r"<code>([a-z2-7]{5}-[a-z2-7]{5})</code>", page)


@pytest.fixture
def codes(browser, nadia):
    return install(browser, nadia)


def test_the_first_time_she_installs_her_telephone_and_keeps_ten_codes(browser, nadia, landing):
    response = post(browser, STAFF, CREDENTIALS, follow=True)
    assert response.redirect_chain[-1][0] == INSTALL
    press(browser, BEGIN)
    page = browser.get(INSTALL).text
    assert "<svg" in page
    assert "otpauth://totp/Croqualim%3Anadia%40exemple.fr" in page

    page = post(browser, INSTALL, {"code": figures(nadia)})

    assert len(set(re.findall(r"<code>([a-z2-7-]{11})</code>", page.text))) == 10
    assert page.headers["Cache-Control"].count("no-store") == 1
    assert browser.get(landing).status_code == 200
    assert browser.get(INSTALL).status_code == 200  # another telephone, when she wants one
    assert "<code>" not in browser.get(INSTALL).text


def test_then_the_password_and_the_six_figures_let_her_in(codes, other_browser, nadia, landing):
    TOTPDevice.objects.update(last_t=-1)  # half a minute later
    assert post(other_browser, STAFF, CREDENTIALS).url == FACTOR
    key = other_browser.session.session_key

    assert post(other_browser, FACTOR, {"code": figures(nadia)}).url == landing
    assert other_browser.get(landing).status_code == 200
    assert other_browser.session.session_key != key


def test_figures_serve_once(codes, other_browser, nadia, landing):
    post(other_browser, STAFF, CREDENTIALS)

    assert post(other_browser, FACTOR, {"code": figures(nadia)}).status_code == 200
    assert other_browser.get(landing).url.startswith(FACTOR)


def test_a_recovery_code_serves_once(codes, browser, other_browser, landing):
    code = codes[0].upper().replace("-", " ")
    post(other_browser, STAFF, CREDENTIALS)
    assert post(other_browser, FACTOR, {"code": code}).url == landing
    other_browser.logout()

    post(other_browser, STAFF, CREDENTIALS)
    assert post(other_browser, FACTOR, {"code": code}).status_code == 200


def test_the_table_holds_no_recovery_code(codes):
    stored = set(StaticToken.objects.values_list("token", flat=True))

    assert len(stored) == 10
    assert not stored & {code.replace("-", "") for code in codes}


def test_new_recovery_codes_replace_the_others(codes, browser, other_browser):
    page = press(browser, f"{FACTOR}secours/").text
    assert len(re.findall(r"<code>", page)) == 10
    post(other_browser, STAFF, CREDENTIALS)

    assert post(other_browser, FACTOR, {"code": codes[1]}).status_code == 200


def test_her_telephone_cannot_be_replaced_by_who_has_the_password_alone(
    codes, other_browser, nadia
):
    key = TOTPDevice.objects.get(user=nadia).key
    post(other_browser, STAFF, CREDENTIALS)

    assert press(other_browser, BEGIN).status_code == 302
    assert other_browser.get(INSTALL).url == FACTOR
    assert TOTPDevice.objects.get(user=nadia).key == key


def test_she_passes_to_another_telephone(codes, browser, other_browser, nadia):
    old = TOTPDevice.objects.get(user=nadia)
    press(browser, BEGIN)
    new = TOTPDevice.objects.get(user=nadia, confirmed=False)
    assert TOTPDevice.objects.filter(pk=old.pk).exists()  # until the new one is proved

    post(browser, INSTALL, {"code": f"{totp(new.bin_key):06}"})

    assert list(TOTPDevice.objects.filter(user=nadia)) == [new]


def test_a_wrong_code_installs_nothing(browser, nadia, landing):
    post(browser, STAFF, CREDENTIALS)
    press(browser, BEGIN)
    wrong = f"{(int(figures(nadia)) + 1) % 1_000_000:06}"

    assert "Ce code ne va pas" in post(browser, INSTALL, {"code": wrong}).text
    assert browser.get(landing).url.startswith(FACTOR)


def named_pages(resolver, namespace=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from named_pages(pattern, pattern.namespace or namespace)
        else:
            yield f"{namespace}:{pattern.name}", pattern


def sample_address(name, pattern):
    samples = {"int": 1, "str": "x", "slug": "x", "uuid": "0" * 32}
    kinds = {
        key: type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        for key, converter in pattern.pattern.converters.items()
    }
    return reverse(name, kwargs={key: samples[kind] for key, kind in kinds.items()})


def test_without_the_second_factor_no_page_of_the_site_opens(browser, nadia):
    post(browser, STAFF, CREDENTIALS)
    closed = [
        sample_address(name, pattern)
        for name, pattern in named_pages(get_resolver())
        if name not in OPEN_PAGES
    ]

    assert len(closed) > 10
    for address in closed:
        for response in (browser.get(address), press(browser, address)):
            assert response.status_code == 302, address
            assert response.url.startswith(FACTOR), address


def test_she_can_always_leave(browser, nadia):
    post(browser, STAFF, CREDENTIALS)

    press(browser, reverse("accounts:sign_out"))

    assert not is_signed_in(browser)


def test_she_is_led_where_she_was_going(codes, other_browser, nadia):
    TOTPDevice.objects.update(last_t=-1)
    wanted = reverse("accounts:change_names")
    staff = f"{STAFF}?next={wanted}"
    factor = post(other_browser, staff, CREDENTIALS).url

    assert post(other_browser, factor, {"code": figures(nadia)}).url == wanted


def test_members_have_no_second_factor_and_no_password(client, amina):
    client.force_login(amina)

    for name in ("second_factor", "install_second_factor", "change_password"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 404
    for name in ("begin_second_factor", "recovery_codes"):
        assert client.post(reverse(f"accounts:{name}")).status_code == 404


def test_losing_everything_starts_over_and_is_told(codes, browser, nadia, amina, landing, now):
    Message.objects.all().delete()
    actions.reset_second_factor(person=nadia, actor=amina, now=now)

    assert browser.get(landing).url.startswith(FACTOR)
    assert "Amina Exemple" in Message.objects.get(address="nadia@exemple.fr").body


def test_reading_writes_nothing(browser, nadia):
    post(browser, STAFF, CREDENTIALS)

    browser.get(INSTALL)

    assert not TOTPDevice.objects.exists()


def test_her_password_is_kept_by_argon2(nadia):
    assert Person.objects.get(pk=nadia.pk).password.startswith("argon2$argon2id$")
