"""What makes a structure's facts acceptable, and who may hand on which role."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from stdnum.exceptions import ValidationError
from stdnum.fr import siret as siret_numbers

from croqualim.kernel.text import fold

NAME_LENGTH = 150
SEARCH_NAME_LENGTH = 170


class Reason(StrEnum):
    NAME_MISSING = "name missing"
    NAME_TOO_LONG = "name too long"
    SIRET_WRONG = "siret wrong"
    SIRET_TAKEN = "siret taken"
    LAST_COORDINATOR = "last coordinator"
    EMAIL_NEEDED = "e-mail needed"
    ADDRESS_IS_SOMEBODY_ELSE = "address is somebody else"


@dataclass(frozen=True)
class Problem:
    reason: Reason
    field: str | None = None


def spaced(name: str) -> str:
    return " ".join(name.split())


def search_name(name: str) -> str:
    return fold(name)[:SEARCH_NAME_LENGTH].rstrip()


def problem_with_name(name: str) -> Problem | None:
    if not fold(name):
        return Problem(Reason.NAME_MISSING, "name")
    return Problem(Reason.NAME_TOO_LONG, "name") if len(name) > NAME_LENGTH else None


def normal_siret(text: str) -> str:
    """'732 829 320 00074' -> '73282932000074'; '' stays ''. Raises ValueError.

    Fourteen figures with Luhn's key, as Insee gives them out (La Poste's own key included).
    """
    figures = re.sub(r"[\s.-]", "", text)
    if not figures:
        return ""
    try:
        return str(siret_numbers.validate(figures))
    except ValidationError as error:
        raise ValueError(text) from error


def has_enough_coordinators(others: Collection[int], *, leaves_by_herself: bool) -> bool:
    """Who coordinates alone does not walk away; an animator may still end her role."""
    return bool(others) or not leaves_by_herself
