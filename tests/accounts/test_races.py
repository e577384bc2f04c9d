"""A thousand tries at once are counted one by one."""

from collections import Counter

import pytest

from croqualim.accounts import actions, rules
from croqualim.accounts.models import Card, Person, Purpose, SignInCode, Tally
from croqualim.messages.models import Message
from tests.accounts.conftest import PASSWORD, code_sent_to
from tests.conftest import NOON

pytestmark = pytest.mark.django_db(transaction=True)
PROCESSES, PHONE = 8, "+33612345678"
HERS = rules.Address("sms", PHONE)


def outcome(action, **arguments) -> str:
    try:
        action(**arguments, now=NOON)
    except actions.AccountRefused as refused:
        return refused.problem.reason
    return "done"


def ask(number):
    browsers = (f"{number}.{n}" for n in range(3))
    return [outcome(actions.request_code, address=HERS, browser=one) for one in browsers]


def use(number, ticket, codes):
    arguments = {"ticket": actions.Ticket(*ticket), "purpose": Purpose.SIGN_IN}
    return [outcome(actions.use_code, figures=code, **arguments) for code in codes]


def guess_password(number):
    arguments = {"username": "nadia@exemple.fr", "password": "x"}
    return [outcome(actions.authenticate_staff, **arguments) for _ in range(2)]


def issue(number, person_id):
    person = Person.objects.get(pk=person_id)
    return [outcome(actions.issue_card, person=person, actor=person) for _ in range(2)]


def total(results) -> Counter:
    return Counter(one for result in results for one in result)


@pytest.fixture
def ticket(amina):
    ticket = actions.request_code(address=HERS, browser="hers", now=NOON)
    return [ticket.code_id, ticket.secret]


def test_five_codes_leave_and_no_more(at_once, amina):
    done = total(at_once("tests.accounts.test_races:ask", PROCESSES))

    assert done == {"done": 5, "too many codes": 19}
    assert Message.objects.count() == 5


def test_a_code_opens_once(at_once, ticket):
    codes = [code_sent_to(PHONE)]
    done = total(at_once("tests.accounts.test_races:use", 5, ticket=ticket, codes=codes))

    assert done == {"done": 1, "too late": 4}


def test_no_more_than_five_guesses_are_looked_at(at_once, ticket):
    wrong = f"{(int(code_sent_to(PHONE)) + 1) % 1_000_000:06}"
    guesses = [wrong] * 3
    done = total(at_once("tests.accounts.test_races:use", PROCESSES, ticket=ticket, codes=guesses))

    assert done["wrong"] <= 4
    assert done["done"] == 0
    assert SignInCode.objects.get().tries == 6
    assert use(0, ticket, [code_sent_to(PHONE)]) == ["too many tries"]


def test_no_more_than_ten_passwords_are_looked_at(at_once, nadia):
    """The eleventh is refused, even when it is right."""
    at_once("tests.accounts.test_races:guess_password", PROCESSES)

    assert [len(tally.moments) for tally in Tally.objects.all()] == [10]
    arguments = {"username": "nadia@exemple.fr", "password": PASSWORD}
    assert outcome(actions.authenticate_staff, **arguments) == "wrong"


def test_she_holds_one_card(at_once, amina):
    done = total(at_once("tests.accounts.test_races:issue", PROCESSES, person_id=amina.pk))

    assert done == {"done": 2 * PROCESSES}
    assert Card.objects.filter(revoked_at=None).count() == 1
