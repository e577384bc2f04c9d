"""What somebody who is not her may try with codes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from croqualim.accounts import actions
from croqualim.accounts.models import Purpose, SignInCode
from croqualim.accounts.rules import Address, Reason
from croqualim.messages.models import Message
from tests.accounts.conftest import ask_for_code, code_sent_to, is_signed_in, post, shown

pytestmark = pytest.mark.django_db
PHONE = "+33612345678"
HERS = Address("sms", PHONE)


def refusal(action, **arguments):
    with pytest.raises(actions.AccountRefused) as refused:
        action(**arguments)
    return refused.value.problem


@pytest.fixture
def statements_of_asking(now):
    """The first words of each statement that asking costs, savepoints aside."""

    def ask(**arguments):
        with CaptureQueriesContext(connection) as context:
            actions.request_code(**arguments, now=now)
        statements = [" ".join(query["sql"].split()[:4]) for query in context.captured_queries]
        return [statement for statement in statements if "SAVEPOINT" not in statement]

    return ask


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def use(ticket, figures, *, now, purpose=Purpose.SIGN_IN):
    return actions.use_code(ticket=ticket, figures=figures, purpose=purpose, now=now)


@pytest.fixture
def ticket(amina, now):
    return actions.request_code(address=HERS, browser="hers", now=now)


def test_a_known_and_an_unknown_address_are_answered_alike(amina):
    pages = {}
    for phone in ("0612345678", "0699999999"):
        browser = Client(enforce_csrf_checks=True)
        code_url = ask_for_code(browser, phone)
        pages[phone] = [shown(browser.get(code_url))]
        pages[phone] += [shown(post(browser, code_url, {"code": "12345"})) for _ in range(6)]

    assert pages["0612345678"] == pages["0699999999"]
    assert Message.objects.count() == 1


def test_asking_costs_the_same_but_for_the_message(amina, statements_of_asking):
    known = statements_of_asking(address=HERS, browser="a")
    unknown = statements_of_asking(address=Address("sms", "+33699999999"), browser="b")

    assert [statement for statement in known if "outbox_" not in statement] == unknown


def test_staff_are_answered_like_strangers_and_get_no_code(browser, nadia):
    nadia.phone = PHONE
    nadia.save()

    for reach in ("nadia@exemple.fr", "0612345678"):
        page = browser.get(ask_for_code(browser, reach)).text
        assert "Entrez avec votre mot de passe" in page

    assert not Message.objects.exists()


def test_the_fifth_wrong_try_kills_the_code(ticket, now):
    code = code_sent_to(PHONE)
    tries = [refusal(use, ticket=ticket, figures=wrong(code), now=now) for _ in range(5)]

    assert [problem.reason for problem in tries] == [Reason.WRONG] * 4 + [Reason.TOO_MANY_TRIES]
    assert refusal(use, ticket=ticket, figures=code, now=now).reason == Reason.TOO_MANY_TRIES


def test_trying_for_ever_overflows_nothing(ticket, now):
    SignInCode.objects.update(tries=6)

    refusal(use, ticket=ticket, figures="1", now=now)

    assert SignInCode.objects.get().tries == 6


def test_a_code_lasts_ten_minutes(ticket, now):
    late = now + timedelta(minutes=10)

    assert refusal(use, ticket=ticket, figures=code_sent_to(PHONE), now=late).reason == (
        Reason.TOO_LATE
    )
    assert use(ticket, code_sent_to(PHONE), now=late - timedelta(seconds=1)) == HERS


def test_a_code_serves_once(ticket, now):
    use(ticket, code_sent_to(PHONE), now=now)

    again = refusal(use, ticket=ticket, figures=code_sent_to(PHONE), now=now)
    assert again.reason == Reason.TOO_LATE


def test_a_code_read_over_her_shoulder_is_worth_nothing_in_another_browser(
    browser, other_browser, amina
):
    ask_for_code(browser, "0612345678")
    hers = code_sent_to(PHONE)
    code_url = reverse("accounts:enter_code")

    assert other_browser.get(code_url).url == reverse("accounts:sign_in")
    ask_for_code(other_browser, "0612345678")
    if code_sent_to(PHONE) != hers:
        post(other_browser, code_url, {"code": hers})

    assert not is_signed_in(other_browser)
    assert post(browser, code_url, {"code": hers}).status_code == 302
    assert is_signed_in(browser)


def test_the_number_of_a_code_is_worth_nothing_without_its_ticket(ticket, now):
    forged = actions.Ticket(ticket.code_id, "guessed")

    assert refusal(use, ticket=forged, figures=code_sent_to(PHONE), now=now).reason == Reason.WRONG


def test_a_code_to_sign_in_does_not_change_an_address(ticket, now):
    figures = code_sent_to(PHONE)

    assert refusal(
        use, ticket=ticket, figures=figures, purpose=Purpose.CHANGE_ADDRESS, now=now
    ).reason == (Reason.TOO_LATE)


def test_the_table_holds_no_code(ticket):
    stored = SignInCode.objects.values_list("code_digest", flat=True).get()

    assert code_sent_to(PHONE) not in stored
    assert len(stored) == 64


def test_five_codes_an_hour_and_fifteen_a_day_for_an_address(amina, now):
    def ask(at, browser):
        return actions.request_code(address=HERS, browser=browser, now=at)

    for hour in range(3):
        at = now + timedelta(hours=hour)
        for number in range(5):
            ask(at, f"{hour}.{number}")
        problem = refusal(ask, at=at, browser="another")
        assert problem.reason == Reason.TOO_MANY_CODES
    assert problem.until == now + timedelta(days=1)
    refusal(ask, at=now + timedelta(hours=20), browser="another")
    ask(now + timedelta(days=1), "another")


def test_twenty_codes_an_hour_for_a_browser(now):
    def ask(number):
        address = Address("sms", f"+336000000{number:02}")
        return actions.request_code(address=address, browser="same", now=now)

    for number in range(20):
        ask(number)

    assert refusal(ask, number=20).reason == Reason.TOO_MANY_CODES


def test_too_many_codes_is_said_with_the_moment_to_come_back(browser, amina):
    for _ in range(5):
        ask_for_code(browser, "0612345678")

    page = post(browser, reverse("accounts:sign_in"), {"reach": "0612345678"}).text

    assert "Plusieurs codes ont déjà été demandés." in page
    assert 'value="0612345678"' in page


def test_the_session_key_changes_on_signing_in(browser, amina):
    code_url = ask_for_code(browser, "0612345678")
    before = browser.session.session_key

    post(browser, code_url, {"code": code_sent_to(PHONE)})

    assert browser.session.session_key != before
    intruder = Client()
    intruder.cookies["sessionid"] = before
    assert not is_signed_in(intruder)


@pytest.mark.parametrize(
    "wanted", ["https://ailleurs.example/", "//ailleurs.example", "javascript:alert(1)", "/\\x.fr"]
)
def test_signing_in_never_leads_off_the_site(browser, amina, wanted, landing):
    code_url = ask_for_code(browser, "0612345678", url=f"/compte/entrer/?next={wanted}")

    assert "ailleurs" not in code_url
    assert post(browser, code_url, {"code": code_sent_to(PHONE)}).url == landing


def test_signing_in_leads_where_she_was_going(browser, amina):
    asked = browser.get(reverse("accounts:change_names")).url
    code_url = ask_for_code(browser, "0612345678", url=asked)

    response = post(browser, code_url, {"code": code_sent_to(PHONE)})

    assert response.url == reverse("accounts:change_names")


def test_each_form_wants_its_csrf_token(browser, amina):
    for name in ("sign_in", "staff_sign_in", "forgotten_password"):
        assert browser.post(reverse(f"accounts:{name}"), {"reach": "0612345678"}).status_code == 403
    code_url = ask_for_code(browser, "0612345678")
    assert browser.post(code_url, {"code": code_sent_to(PHONE)}).status_code == 403
    assert not is_signed_in(browser)


def test_reading_never_signs_in(browser, amina):
    code_url = ask_for_code(browser, "0612345678")

    browser.get(code_url, {"code": code_sent_to(PHONE)})

    assert not is_signed_in(browser)


def test_the_choice_of_the_family_is_for_the_family(browser, amina, now):
    actions.add_to_household(
        person=amina, given_name="Samir", family_name="Exemple", shares_address=True, now=now
    )
    stranger = actions.register_person(given_name="Zoé", family_name="Ailleurs", now=now)
    choice_url = reverse("accounts:choose_person")
    assert browser.get(choice_url).url == reverse("accounts:sign_in")
    code_url = ask_for_code(browser, "0612345678")
    post(browser, code_url, {"code": code_sent_to(PHONE)})

    for tried in (stranger.pk, "", "x", 10**30, "9" * 5000):
        assert post(browser, choice_url, {"person": tried}).status_code == 404
    assert not is_signed_in(browser)


def test_who_left_is_let_in_no_more(browser, amina):
    amina.is_active = False
    amina.save()

    ask_for_code(browser, "0612345678")

    assert not Message.objects.exists()
