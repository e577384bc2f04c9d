"""How often one may ask, and what a code is worth."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from croqualim.accounts import rules
from croqualim.accounts.rules import Limit, Problem, Reason, SentCode

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
seconds = st.integers(0, 3 * 24 * 3600)
moments = st.lists(seconds.map(lambda s: START + timedelta(seconds=s)), max_size=60).map(sorted)
limit_lists = st.lists(
    st.builds(
        Limit, st.integers(1, 6), st.integers(60, 90_000).map(lambda s: timedelta(seconds=s))
    ),
    min_size=1,
    max_size=2,
)


@given(moments, limit_lists)
def test_no_span_ever_holds_more_than_its_limit(asked, limits):
    granted = []
    for moment in asked:
        if rules.wait_until(granted, limits, now=moment) is None:
            granted.append(moment)

    for limit in limits:
        for first in granted:
            within = [m for m in granted if first <= m < first + limit.within]
            assert len(within) <= limit.times


@given(moments, limit_lists, seconds)
def test_the_moment_that_is_told_is_the_first_that_works(asked, limits, later):
    now = START + timedelta(seconds=later)
    asked = [moment for moment in asked if moment <= now]

    until = rules.wait_until(asked, limits, now=now)

    if until is not None:
        assert until > now
        assert rules.wait_until(asked, limits, now=until) is None
        assert rules.wait_until(asked, limits, now=until - timedelta(seconds=1)) is not None


@given(moments, seconds)
def test_what_is_thrown_away_would_not_have_counted(asked, later):
    now = START + timedelta(seconds=later)
    kept = rules.still_counted(asked, now=now)

    for limits in (rules.CODES_PER_ADDRESS, rules.CODES_PER_BROWSER, rules.PASSWORDS_PER_NAME):
        assert rules.wait_until(asked, limits, now=now) == rules.wait_until(kept, limits, now=now)


@given(st.booleans(), st.integers(1, 8), st.booleans(), st.integers(-700, 700))
def test_only_the_right_code_in_time_unused_within_five_tries_opens(same, tries, used, age):
    code = SentCode(expires_at=START, tries=tries, is_used=used)
    now = START + timedelta(seconds=age)

    opens = rules.verdict(code, is_same=same, now=now) is None

    assert opens == (same and tries <= 5 and not used and now < START)


def test_the_fifth_wrong_try_says_that_it_was_the_last():
    code = SentCode(expires_at=START + timedelta(minutes=1), tries=5, is_used=False)

    assert rules.verdict(code, is_same=False, now=START) == Problem(Reason.TOO_MANY_TRIES)


@given(st.text(max_size=20))
def test_figures_are_all_that_is_kept_of_a_code(text):
    assert all(figure.isdecimal() for figure in rules.figures_of(text))
    assert rules.figures_of("123 456") == "123456"
