"""When reminders leave: so many days before, never at night, never too early or too late."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.rules.clockwork import EVENING, MORNING, next_decent, reminder_at

PARIS = ZoneInfo("Europe/Paris")
DAY = timedelta(days=1)
MOMENTS = st.integers(0, 6 * 366 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=PARIS) + timedelta(minutes=minutes)
)


@given(opens=MOMENTS, lasts=st.integers(1, 40), hours=st.integers(0, 23), days=st.integers(1, 7))
def test_a_reminder_is_decent_and_leaves_time_to_order(opens, lasts, hours, days):
    closes = opens + lasts * DAY + timedelta(hours=hours)

    at = reminder_at(opens, closes, days=days)

    if at is not None:
        assert MORNING <= at.time() <= EVENING
        assert opens + DAY <= at <= closes - days * DAY
        assert at > closes - (days + 1) * DAY


@given(now=MOMENTS, left=st.integers(1, 10_000).map(lambda n: timedelta(minutes=n)))
def test_what_is_late_waits_for_the_morning_unless_it_is_the_last_moment(now, left):
    at = next_decent(now, before=now + left)

    assert now <= at < now + left
    assert at == now or at.time() == MORNING
    if left > timedelta(hours=14):
        assert MORNING <= at.time() <= EVENING


@pytest.mark.parametrize(
    ("closes", "at"),
    [
        ("2026-12-06 18:00", "2026-12-04 18:00"),
        ("2026-12-06 23:59", "2026-12-04 20:00"),
        ("2026-12-07 00:00", "2026-12-04 20:00"),
        ("2026-10-26 12:00", "2026-10-24 12:00"),  # the hour changes between
    ],
)
def test_two_days_before_as_the_clock_on_the_wall_says(closes, at):
    opens = datetime(2026, 10, 1, tzinfo=PARIS)
    assert reminder_at(opens, in_paris(closes), days=2) == in_paris(at)


def in_paris(text):
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)
