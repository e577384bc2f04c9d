"""When the clock acts. Moments here are aware and in local time: people sleep by the clock."""

from datetime import datetime, time, timedelta

A_DAY = timedelta(days=1)
MORNING, EVENING = time(9), time(20)  # no telephone rings before the one or after the other


def reminder_at(opens_at: datetime, closes_at: datetime, *, days: int) -> datetime | None:
    """So many days before closing, at a decent hour; None when orders are not open a day by then.

    Never later than asked: the evening before rather than the morning after.
    """
    asked = closes_at - days * A_DAY
    at = _last_decent(asked)
    return at if at >= opens_at + A_DAY else None


def next_decent(now: datetime, *, before: datetime) -> datetime:
    """Now by day, tomorrow morning by night; now all the same when that would be too late."""
    at = now
    if now.time() < MORNING:
        at = _at(now, MORNING)
    elif now.time() > EVENING:
        at = _at(now + A_DAY, MORNING)
    return at if at < before else now


def _last_decent(moment: datetime) -> datetime:
    if moment.time() < MORNING:
        return _at(moment - A_DAY, EVENING)
    return _at(moment, EVENING) if moment.time() > EVENING else moment


def _at(day: datetime, hour: time) -> datetime:
    return day.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
