"""How people write where they live, and what a list of communes says. Values in, values out."""

import re
from dataclasses import dataclass

from croqualim.kernel.text import fold

CODE = re.compile(r"[0-9][0-9AB][0-9]{3}")
POSTAL_CODE = re.compile(r"[0-9]{5}")
DEPARTMENT = re.compile(r"\((2[ab]|[0-9]{2,3})\)|(?<=\w)[ ,]+(2[ab]|[0-9]{2,3})$", re.IGNORECASE)
# '4e arrondissement', and what sorting offices add: no part of a commune's name.
BESIDE_THE_NAME = re.compile(
    r"\b[0-9]{1,2} ?(?:er|e|eme|ème)\b(?: ?arr\w*\.?)?|\bcedex\b(?: ?[0-9]{1,2}\b)?", re.IGNORECASE
)
NAME_LENGTH, SEARCH_NAME_LENGTH = 100, 120
IN_FULL = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}


def search_name(name: str) -> str:
    """'St-Rémy-de-Provence' -> 'saint remy de provence'."""
    return " ".join(IN_FULL.get(word, word) for word in fold(name).split())


@dataclass(frozen=True)
class Asked:
    """What somebody wrote of a commune. Empty: not said."""

    name: str = ""  # as search_name makes it
    postal_code: str = ""  # perhaps its first figures only
    department: str = ""

    @property
    def is_empty(self) -> bool:
        return not (self.name or self.postal_code)


def asked(text: str) -> Asked:
    """'13200 Arles', 'Arles (13)', 'marseille 4e', '132' -> what is known of the commune."""
    text = BESIDE_THE_NAME.sub(" ", text).strip()
    if re.fullmatch(r"[0-9]{2,5}", text):
        return Asked(postal_code=text)
    postal_code = department = ""
    if found := re.search(rf"\b{POSTAL_CODE.pattern}\b", text):
        postal_code, text = found.group(), text.replace(found.group(), " ")
    if found := DEPARTMENT.search(text.strip()):
        department = (found.group(1) or found.group(2)).upper()
        text = text.replace(found.group(), " ")
    return Asked(search_name(text), postal_code, department)


def department_of(postal_code: str) -> str:
    """Where a postal code leads, but for a few that cross a border; '' for Corsica's, which are
    shared by two départements."""
    if postal_code.startswith("20"):
        return ""
    return postal_code[: 3 if postal_code.startswith("97") else 2]


@dataclass(frozen=True)
class CommuneRow:
    """One commune of a list. None: this list does not say, so what is known stays."""

    code: str
    name: str
    department: tuple[str, str]  # code, name
    postal_codes: tuple[str, ...] = ()
    population: int = 0
    epci: tuple[str, str] | None = None  # SIREN, name
    point: tuple[int, int] | None = None  # microdegrees


@dataclass(frozen=True)
class Changes:
    """What an import did."""

    created: int
    changed: int
    same: int


def is_fit(row: CommuneRow) -> bool:
    """Whether the row can be a commune at all."""
    return (
        bool(CODE.fullmatch(row.code))
        and 0 < len(row.name.strip()) <= NAME_LENGTH
        and 0 < len(search_name(row.name)) <= SEARCH_NAME_LENGTH
        and 0 <= row.population < 2**31
        and all(POSTAL_CODE.fullmatch(code) for code in row.postal_codes)
    )
