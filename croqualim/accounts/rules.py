"""How one may sign in: what a code is worth, how often one may ask or try. Values in, values out.

The numbers: 5 tries for each code and 15 codes a day leave 75 guesses a day out of a million at
one address; whoever guesses for a month has one chance in 444, and her telephone rings 450 times.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from croqualim.kernel.identifiers import phone_in_words

FIGURES = 6
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CHOICE_LASTS = timedelta(minutes=10)  # to say who one is, where a family shares a telephone
RECOVERY_CODES = 10
NAME_LENGTH = 80
SEARCH_NAME_LENGTH = 170
# Without 0, 1, 8 and 9, which are misread on paper: the base 32 of RFC 4648, in lower case.
RECOVERY_CODE = re.compile(r"[a-z2-7]{10}")


@dataclass(frozen=True)
class Limit:
    """At most so many times within any span of this length."""

    times: int
    within: timedelta


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CODES_PER_ADDRESS = (Limit(5, HOUR), Limit(15, DAY))
CODES_PER_BROWSER = (Limit(20, HOUR),)
CODES_PER_PERSON = (Limit(5, HOUR), Limit(15, DAY))  # who changes her telephone or e-mail
PASSWORDS_PER_NAME = (Limit(10, timedelta(minutes=15)),)
LINKS_PER_NAME = (Limit(3, HOUR),)
LONGEST = DAY  # what is older counts for nothing and is thrown away


@dataclass(frozen=True)
class Address:
    """Where somebody can be reached. `value` is in normal form: E.164, or lower case."""

    channel: str  # "sms" or "email", as messages says it
    value: str

    @property
    def is_phone(self) -> bool:
        return self.channel == "sms"

    @property
    def in_words(self) -> str:
        return phone_in_words(self.value) if self.is_phone else self.value


class Reason(StrEnum):
    WRONG = "wrong"
    TOO_LATE = "too late"
    TOO_MANY_TRIES = "too many tries"
    TOO_MANY_CODES = "too many codes"
    SIGNS_IN_OTHERWISE = "signs in otherwise"
    USERNAME_TAKEN = "username taken"


@dataclass(frozen=True)
class Problem:
    reason: Reason
    until: datetime | None = None


@dataclass(frozen=True)
class SentCode:
    """What is remembered of a code; `tries` counts the one being judged."""

    expires_at: datetime
    tries: int
    is_used: bool


def wait_until(
    moments: Sequence[datetime], limits: Sequence[Limit], *, now: datetime
) -> datetime | None:
    """When one more is allowed again; None: now. `moments` are those already counted."""
    frees = (_frees_at(moments, limit, now) for limit in limits)
    return max((at for at in frees if at is not None), default=None)


def _frees_at(moments: Sequence[datetime], limit: Limit, now: datetime) -> datetime | None:
    recent = sorted(moment for moment in moments if now - moment < limit.within)
    return recent[-limit.times] + limit.within if len(recent) >= limit.times else None


def still_counted(moments: Sequence[datetime], *, now: datetime) -> list[datetime]:
    return [moment for moment in moments if now - moment < LONGEST]


def verdict(code: SentCode, *, is_same: bool, now: datetime) -> Problem | None:
    """What keeps this code from opening, or None. A right code too late is too late."""
    if code.is_used or now >= code.expires_at:
        return Problem(Reason.TOO_LATE)
    if code.tries > CODE_TRIES:
        return Problem(Reason.TOO_MANY_TRIES)
    if not is_same:
        return Problem(Reason.TOO_MANY_TRIES if code.tries == CODE_TRIES else Reason.WRONG)
    return None


def figures_of(text: str) -> str:
    """'123 456' -> '123456': people copy the space they see."""
    return re.sub(r"\D", "", text)
