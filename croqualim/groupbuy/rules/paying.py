"""Paying producers: what is owed, gathered into one payment each. Amounts in cents."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from stdnum import iban as ibans
from stdnum.exceptions import ValidationError


class Reason(StrEnum):
    NOTHING_CHOSEN = "nothing chosen"
    NOT_OWED = "not owed"
    NOTHING_LEFT = "nothing left"
    NO_IBAN = "no iban"
    NO_OWN_IBAN = "no own iban"
    ALREADY_PAID = "already paid"
    CANCELLED = "cancelled"
    NOT_PAID = "not paid"
    NO_REASON = "no reason"
    NOT_THAT_DAY = "not that day"


@dataclass(frozen=True)
class Problem:
    reason: Reason
    producer: str = ""


class PayingRefused(Exception):
    """Nothing was paid, nor promised."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True)
class Due:
    """A movement that makes something owed to a producer; below zero, what she gives back."""

    transfer_id: int
    producer_id: int
    producer: str
    reference: str
    amount_cents: int


@dataclass(frozen=True)
class BankAccount:
    holder: str
    iban: str


@dataclass(frozen=True)
class Planned:
    """What one producer is paid, and for what."""

    producer_id: int
    producer: str
    dues: Sequence[Due]

    @property
    def amount_cents(self) -> int:
        return sum(due.amount_cents for due in self.dues)

    @property
    def references(self) -> list[str]:
        return list(dict.fromkeys(due.reference for due in self.dues))


def plan(dues: Iterable[Due], chosen: Collection[int]) -> list[Planned]:
    """One payment per producer for the chosen movements, in the order of the dues.

    Raises PayingRefused: all that is wrong, and then nothing is paid.
    """
    by_producer: dict[int, list[Due]] = {}
    for due in dues:
        if due.transfer_id in chosen:
            by_producer.setdefault(due.producer_id, []).append(due)
    planned = [
        Planned(producer_id, of_her[0].producer, of_her)
        for producer_id, of_her in by_producer.items()
    ]
    if not chosen:
        raise PayingRefused(Problem(Reason.NOTHING_CHOSEN))
    if sum(len(payment.dues) for payment in planned) < len(set(chosen)):
        raise PayingRefused(Problem(Reason.NOT_OWED))
    if empty := [payment.producer for payment in planned if payment.amount_cents <= 0]:
        raise PayingRefused(*(Problem(Reason.NOTHING_LEFT, name) for name in empty))
    return planned


def refuse_without_iban(planned: Iterable[Planned], known: Mapping[int, BankAccount]) -> None:
    """Raises PayingRefused, naming every producer whose account is not known."""
    missing = [payment.producer for payment in planned if payment.producer_id not in known]
    if missing:
        raise PayingRefused(*(Problem(Reason.NO_IBAN, name) for name in missing))


# EPC409-09: the countries that a SEPA credit transfer reaches
SEPA = frozenset(
    {
        *("AD", "AL", "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR"),
        *("GB", "GI", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "MC", "MD"),
        *("ME", "MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "SM", "VA"),
    }
)


def read_iban(text: str) -> str:
    """'fr76 3000 …' -> 'FR763000…'. Raises ValueError: length or check digits are wrong (ISO
    13616, and where the country has one its own key), or no SEPA transfer goes there."""
    try:
        iban = str(ibans.validate(text))
    except ValidationError as error:
        raise ValueError(text) from error
    if iban[:2] not in SEPA:
        raise ValueError(text)
    return iban


def masked(iban: str) -> str:
    """'FR7630006000011234567890189' -> 'FR76 … 0189'."""
    return f"{iban[:4]} … {iban[-4:]}" if iban else ""


# EPC217-08: the letters that every SEPA bank takes, once accents are gone
NOT_SEPA = re.compile(r"[^a-zA-Z0-9/\-?:().,'+ ]")


def sepa_text(text: str, longest: int) -> str:
    """Text as a bank file may hold it. `text` is already without accents."""
    return " ".join(NOT_SEPA.sub(" ", text).split())[:longest].strip()


def next_number(year: int, numbers: Iterable[str]) -> str:
    """'VIR-2026-001', then 002: after the highest of the year."""
    start = f"VIR-{year}-"
    used = [int(number.removeprefix(start)) for number in numbers if number.startswith(start)]
    return f"{start}{max(used, default=0) + 1:03}"
