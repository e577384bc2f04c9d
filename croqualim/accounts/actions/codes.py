"""Six figures sent to a telephone or an address, good for ten minutes, once, in one browser."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from croqualim.accounts import access, letters, rules
from croqualim.accounts.actions import tallies
from croqualim.accounts.actions.refusal import AccountRefused
from croqualim.accounts.models import Person, Purpose, SignInCode
from croqualim.accounts.rules import Address, Reason
from croqualim.kernel.identifiers import new_secret
from croqualim.messages.actions import write
from croqualim.messages.models import Channel


@dataclass(frozen=True)
class Ticket:
    """What the browser that asked keeps in its session. The code is worth nothing without it."""

    code_id: int
    secret: str


def request_code(*, address: Address, browser: str, now: datetime) -> Ticket:
    """Send a code to those who sign in at this address.

    An unknown address is counted and answered alike, and nothing leaves. `browser`: what stands
    for the session that asks. Raises AccountRefused (TOO_MANY_CODES).
    """
    _forget_old(now=now)
    with transaction.atomic():
        _count(f"codes from {browser}", rules.CODES_PER_BROWSER, now=now)
        _count(f"codes to {address.value}", rules.CODES_PER_ADDRESS, now=now)
        is_known = access.people_signing_in_at(address.value).exists()
        return _make(Purpose.SIGN_IN, address, is_sent=is_known, now=now)


@transaction.atomic
def request_change_code(*, person: Person, address: Address, now: datetime) -> Ticket:
    """Send a code to an address that a person says is hers. Raises AccountRefused."""
    _count(f"codes for {person.pk}", rules.CODES_PER_PERSON, now=now)
    _count(f"codes to {address.value}", rules.CODES_PER_ADDRESS, now=now)
    return _make(Purpose.CHANGE_ADDRESS, address, is_sent=True, now=now)


def use_code(*, ticket: Ticket, figures: str, purpose: Purpose, now: datetime) -> Address:
    """The address that this code proves; it works once. Raises AccountRefused.

    Not one transaction: a try is counted before it is judged, and stays counted when it fails.
    """
    code = SignInCode.objects.filter(pk=ticket.code_id, purpose=purpose)
    code.filter(tries__lte=rules.CODE_TRIES).update(tries=F("tries") + 1)
    sent = code.first()
    if sent is None:
        raise AccountRefused.because(Reason.TOO_LATE)
    address = Address(sent.channel, sent.address)
    digest = _digest(purpose, address, ticket.secret, rules.figures_of(figures))
    problem = rules.verdict(
        rules.SentCode(sent.expires_at, sent.tries, sent.used_at is not None),
        is_same=constant_time_compare(digest, sent.code_digest),
        now=now,
    )
    if problem:
        raise AccountRefused(problem)
    if not code.filter(used_at=None).update(used_at=now):  # the same code, twice at once
        raise AccountRefused.because(Reason.TOO_LATE)
    return address


def _count(name: str, limits: tuple[rules.Limit, ...], *, now: datetime) -> None:
    if until := tallies.count(name=name, limits=limits, now=now):
        raise AccountRefused.because(Reason.TOO_MANY_CODES, until=until)


def _make(purpose: Purpose, address: Address, *, is_sent: bool, now: datetime) -> Ticket:
    figures = f"{secrets.randbelow(10**rules.FIGURES):0{rules.FIGURES}}"
    secret = new_secret()
    code = SignInCode.objects.create(
        purpose=purpose,
        channel=address.channel,
        address=address.value,
        code_digest=_digest(purpose, address, secret, figures),
        requested_at=now,
        expires_at=now + rules.CODE_LASTS,
    )
    if is_sent:
        letter = letters.code_letter(figures, purpose=purpose, address=address)
        write(
            key=f"code:{code.pk}",
            channel=Channel(address.channel),
            address=address.value,
            subject=letter.subject,
            body=letter.body,
            now=now,
            useful_until=code.expires_at,
        )
    return Ticket(code.pk, secret)


def _digest(purpose: str, address: Address, secret: str, figures: str) -> str:
    value = "\n".join([purpose, address.channel, address.value, secret, figures])
    return salted_hmac("croqualim.accounts.code", value, algorithm="sha256").hexdigest()


def _forget_old(*, now: datetime) -> None:
    """In its own statements, before anything is locked: two deletions cannot wait in a ring."""
    SignInCode.objects.filter(requested_at__lt=now - rules.LONGEST).delete()
    tallies.forget_old(now=now)
