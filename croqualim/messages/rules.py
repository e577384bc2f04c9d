"""What may be sent, in how many pieces, and when to try again. Knows neither SMTP nor tables."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

# After the first failure, the second… A sixth failure gives the message up.
DELAYS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=12),
)
# A worker that has claimed a message has this long to say what became of it. Longer than any
# SMTP conversation (EMAIL_TIMEOUT at each step); then the message is due again.
CLAIM = timedelta(minutes=10)

# What is known of a message whose worker never said what became of it; and once it has left again.
INTERRUPTED = "interrupted: it may have left"
MAYBE_TWICE = "interrupted once: it may have left twice"

# How long addresses and texts stay after the message left or was given up; and after the moment
# from which they are of no use (a sign-in code).
KEPT = timedelta(days=30)
KEPT_USELESS = timedelta(hours=1)

MAX_SEGMENTS = 3
MAX_ATTACHED_BYTES = 5_000_000  # what common mailboxes accept, with room for base64

# GSM 03.38, basic alphabet and extension (3GPP TS 23.038 §6.2.1).
GSM_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
# Typography that would halve the room of an SMS and that nobody misses on a telephone.
PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "\u00a0": " ", "\u202f": " "}) | (
    str.maketrans({"«": '"', "»": '"', "–": "-", "—": "-", "…": "...", "\u2011": "-"})
)

ADDRESSES = {
    "email": re.compile(r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+@[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+"),
    "sms": re.compile(r"\+[1-9][0-9]{6,14}"),
}
CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")


class Problem(StrEnum):
    """Why a text cannot be sent at all."""

    ADDRESS = "address"
    SUBJECT = "subject"
    EMPTY = "empty"
    TOO_LONG = "too long"
    ATTACHMENT_NAME = "attachment name"
    TOO_HEAVY = "too heavy"
    NO_ATTACHMENT = "no attachment by SMS"


def problem_with(
    *,
    channel: str,
    address: str,
    subject: str,
    body: str,
    attachments: Sequence[tuple[str, str, bytes]],
) -> Problem | None:
    """The first thing that forbids sending, or None. Lines in a header would add headers."""
    checks = {
        Problem.ADDRESS: not ADDRESSES[channel].fullmatch(address) or len(address) > 254,
        Problem.SUBJECT: bool(CONTROL.search(subject)) or len(subject) > 200,
        Problem.EMPTY: not body.strip(),
        Problem.TOO_LONG: channel == "sms" and segments(as_sms(body)) > MAX_SEGMENTS,
        Problem.NO_ATTACHMENT: channel == "sms" and bool(attachments),
        Problem.ATTACHMENT_NAME: not all(_is_fit_name(*names) for *names, _ in attachments),
        Problem.TOO_HEAVY: sum(len(content) for *_, content in attachments) > MAX_ATTACHED_BYTES,
    }
    return next((problem for problem, is_so in checks.items() if is_so), None)


def _is_fit_name(name: str, media_type: str) -> bool:
    is_type = re.fullmatch(r"[a-z]+/[A-Za-z0-9.+-]+", media_type)
    return bool(name) and len(name) <= 120 and not CONTROL.search(name) and bool(is_type)


def doubt_after(last_error: str) -> str:
    """What stays said of a message that has left, given what was said of it before."""
    return MAYBE_TWICE if last_error in (INTERRUPTED, MAYBE_TWICE) else ""


def next_try_at(*, attempts: int, now: datetime) -> datetime | None:
    """When to try again after `attempts` failures; None: no more."""
    return now + DELAYS[attempts - 1] if attempts <= len(DELAYS) else None


def as_sms(body: str) -> str:
    """The text as a telephone gets it: plain quotes and spaces, every accent kept."""
    return body.translate(PLAIN).strip()


def segments(body: str) -> int:
    """How many SMS this text costs: 160 septets alone and 153 each in a series; 70 and 67 UTF-16
    units as soon as one character is outside GSM 03.38. A character is never cut in two."""
    if all(c in GSM_BASIC or c in GSM_EXTENSION for c in body):
        return _packed((1 + (c in GSM_EXTENSION) for c in body), alone=160, in_series=153)
    return _packed((1 + (ord(c) > 0xFFFF) for c in body), alone=70, in_series=67)


def _packed(widths: Iterable[int], *, alone: int, in_series: int) -> int:
    widths = list(widths)
    if sum(widths) <= alone:
        return 1
    count, room = 1, in_series
    for width in widths:
        if width > room:
            count, room = count + 1, in_series
        room -= width
    return count
