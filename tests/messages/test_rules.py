from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.messages import rules
from croqualim.messages.rules import Problem, as_sms, next_try_at, segments
from tests.conftest import NOON

PLAIN_TEXT = {"subject": "", "body": "Bonjour", "attachments": ()}


def problem_with(channel, address, **changes):
    return rules.problem_with(channel=channel, address=address, **{**PLAIN_TEXT, **changes})


def test_tries_are_spaced_out_and_then_stop():
    tries = [next_try_at(attempts=n, now=NOON) for n in range(1, 7)]

    assert [at and at - NOON for at in tries] == [
        timedelta(minutes=1),
        timedelta(minutes=5),
        timedelta(minutes=30),
        timedelta(hours=2),
        timedelta(hours=12),
        None,
    ]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("é" * 160, 1),  # é is in the basic alphabet…
        ("ê" * 70, 1),  # … and ê is not
        ("ê" * 71, 2),
        ("€" * 80, 1),  # an extension character takes two septets
        ("€" * 81, 2),
        ("€" * 153, 3),  # 76 in each: the 77th does not fit in what is left
        ("🥕" * 35, 1),  # two UTF-16 units
        ("🥕" * 36, 2),
    ],
)
def test_segments_are_what_operators_bill(text, count):
    assert segments(text) == count


@given(st.text(max_size=600), st.text(max_size=40))
def test_a_longer_text_never_costs_fewer_segments(text, more):
    assert segments(text) <= segments(text + more)


@given(st.text(alphabet=sorted(rules.GSM_BASIC), max_size=600))
def test_plain_texts_cost_160_then_153_each(text):
    assert segments(text) == (1 if len(text) <= 160 else -(-len(text) // 153))


def test_french_typography_costs_nothing_on_a_telephone():
    text = as_sms("L’épicerie\u00a0: «\u202fà demain\u202f»…")

    assert text == 'L\'épicerie : " à demain "...'
    assert set(text) <= rules.GSM_BASIC


@pytest.mark.parametrize(
    "address",
    [
        *("", "amina", "amina@", "@x.fr", "a b@x.fr", "a@x.fr\nBcc: b@x.fr", "a@x.fr,b@x.fr"),
        *("Amina <a@x.fr>", "a@x.fr\r", "a@" + "x" * 260 + ".fr"),
    ],
)
def test_an_address_that_is_not_one_address_is_refused(address):
    assert problem_with("email", address) is Problem.ADDRESS


@pytest.mark.parametrize("number", ["0612345678", "+33 6 12 34 56 78", "+33612345678\n", "a@x.fr"])
def test_a_number_is_in_international_form(number):
    assert problem_with("sms", number) is Problem.ADDRESS
    assert problem_with("sms", "+33612345678") is None


@given(st.text(), st.sampled_from("\r\n\x00\u2028"), st.text())
def test_no_subject_makes_a_second_header(before, line_break, after):
    subject = before + line_break + after

    assert problem_with("email", "a@x.fr", subject=subject) is Problem.SUBJECT


@given(st.text())
def test_what_is_accepted_can_be_a_header(subject):
    if problem_with("email", "a@x.fr", subject=subject) is None:
        assert len((subject + "|").splitlines()) == 1


@pytest.mark.parametrize(
    ("attachments", "problem"),
    [
        ([("bon.pdf", "application/pdf", b"x")], None),
        ([("bon\n.pdf", "application/pdf", b"x")], Problem.ATTACHMENT_NAME),
        ([("", "application/pdf", b"x")], Problem.ATTACHMENT_NAME),
        ([("bon.pdf", "pdf\r\nX: y", b"x")], Problem.ATTACHMENT_NAME),
        ([("bon.pdf", "application/pdf", b"x" * 5_000_001)], Problem.TOO_HEAVY),
    ],
)
def test_attachments(attachments, problem):
    assert problem_with("email", "a@x.fr", attachments=attachments) is problem


def test_an_sms_is_short_and_carries_nothing():
    number = "+33612345678"

    assert problem_with("sms", number, body="a" * 459) is None
    assert problem_with("sms", number, body="a" * 460) is Problem.TOO_LONG
    assert (
        problem_with("sms", number, attachments=[("a.txt", "text/plain", b"")])
        is Problem.NO_ATTACHMENT
    )
    assert problem_with("sms", number, body=" \n") is Problem.EMPTY
