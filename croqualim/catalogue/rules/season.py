"""The months in which a product is fresh: 1 to 12, sorted. None named: all year.

Out of them it may still be sold, kept since (apples in March); that is said, not forbidden.
"""

import re
from collections.abc import Iterable, Sequence

from croqualim.catalogue.rules.cells import Reason, Unreadable
from croqualim.kernel.period import MONTHS
from croqualim.kernel.text import fold

ALL_YEAR = {"toute l annee", "toute annee", "tous", "tous les mois", "annee", "toujours"}
YEAR = range(1, 13)
BETWEEN = re.compile(r"\b(?:a|jusqu (?:a|en))\b")  # "de juin à octobre", folded
VOWELS = "aeiou"
SHORTEST = 3  # letters that tell a month: "fév", "sept"; "jui" alone is two of them


def sorted_months(months: Iterable[int]) -> list[int]:
    """Each once, in order; all twelve are the same as none."""
    found = sorted(set(months) & set(YEAR))
    return [] if len(found) == len(YEAR) else found


def months_of(value: object) -> list[int]:
    """What is stored, as months."""
    return [int(month) for month in value] if isinstance(value, list) else []


def is_fresh(months: Sequence[int], month: int) -> bool:
    return not months or month in months


def season_in_words(months: Sequence[int]) -> str:
    """[1, 4, 11, 12] -> 'avril, de novembre à janvier'; none: 'toute l’année'."""
    if not months:
        return "toute l’année"
    return ", ".join(_run_in_words(run) for run in _runs(set(months)))


def out_of_season_in_words(months: Sequence[int], month: int) -> str:
    """After « hors saison »: 'en avril (saison : de novembre à mars)'; '' when it is fresh."""
    if is_fresh(months, month):
        return ""
    return f"en {MONTHS[month - 1]} (saison : {season_in_words(months)})"


def _runs(months: set[int]) -> list[tuple[int, int]]:
    """First and last month of each run; a run goes on from December to January."""
    starts = [month for month in sorted(months) if _before(month) not in months]
    return [(start, _end_of(start, months)) for start in starts or [1]]


def _before(month: int) -> int:
    return month - 1 or 12


def _end_of(start: int, months: set[int]) -> int:
    end = start
    while (after := end % 12 + 1) in months and after != start:
        end = after
    return end


def _run_in_words(run: tuple[int, int]) -> str:
    first, last = (MONTHS[month - 1] for month in run)
    if first == last:
        return first
    together = (run[1] - run[0]) % 12 == 1
    of = "d’" if first[0] in VOWELS else "de "
    return f"{first} et {last}" if together else f"{of}{first} à {last}"


def read_season(text: str) -> list[int]:
    """'juin à octobre', '6-10', 'nov.-févr., mai' -> months; 'toute l’année' -> none.

    Raises Unreadable.
    """
    if fold(text) in ALL_YEAR:
        return []
    months: set[int] = set()
    for part in re.split(r"[,;/\n]|\bet\b", text):
        if fold(part):
            months |= _read_run(part, text)
    return sorted_months(months)


def _read_run(part: str, text: str) -> set[int]:
    ends = BETWEEN.split(fold(re.sub("[-–—]", " à ", part)).removeprefix("de ").removeprefix("d "))
    if len(ends) > 2:
        raise Unreadable(Reason.NOT_MONTHS, text)
    first, last = _read_month(ends[0], text), _read_month(ends[-1], text)
    return {(first - 1 + n) % 12 + 1 for n in range((last - first) % 12 + 1)}


def _read_month(word: str, text: str) -> int:
    word = word.strip()
    if word.isdecimal() and len(word) <= 2 and int(word) in YEAR:
        return int(word)
    alike = [n for n, name in enumerate(MONTHS, start=1) if fold(name).startswith(word)]
    if len(word) >= SHORTEST and len(alike) == 1:
        return alike[0]
    raise Unreadable(Reason.NOT_MONTHS, text)
