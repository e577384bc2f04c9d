"""Which products somebody means by a few letters: 'le ve', 'farine t65', 'lv', 'lantilles'.

Written letters are compared with the beginnings of a name's words, accents and plurals aside. Only
when nothing begins so do initials count ('lv'), and then slips of the finger, by the ratio of
Ratcliff and Obershelp that the standard library's difflib computes.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum

from croqualim.kernel.text import fold

SMALL_WORDS = frozenset(
    ["a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les"]
)
CLOSE = 0.75  # 'lant' for 'lent'; below, another word is as near
SHORTEST_SLIP = 4  # in three letters, any slip makes another word


class Fit(IntEnum):
    """How well a name answers, the best first."""

    WHOLE_NAME = 0
    EVERY_WORD = 1  # 'po ch' for 'Pois chiches', not for the flour of them
    FROM_THE_FIRST_WORD = 2
    IN_ORDER = 3
    ANY_ORDER = 4
    INITIALS = 5
    CLOSE = 6


@dataclass(frozen=True)
class Named:
    """A product by its words. `is_hers`: she usually takes it, or keeps it among her favourites."""

    key: int
    words: tuple[str, ...]
    is_hers: bool = False


@dataclass(frozen=True)
class Found:
    product: Named
    fit: Fit


def named(key: int, name: str, *, is_hers: bool = False) -> Named:
    return Named(key, tuple(fold(name).split()), is_hers)


def find(asked: str, products: Sequence[Named]) -> list[Found]:
    """The best first: what is named in full, what is hers, then by fit, in the shelf's order."""
    words = fold(asked).split()
    if not words:
        return []
    found = _fitting(words, products)
    if not found:
        found = _fitting([w for w in words if w not in SMALL_WORDS], products)
    if not found:
        found = _by_initials(words, products) or _nearly(words, products)
    return sorted(found, key=_rank)


def sure(found: Sequence[Found]) -> Named | None:
    """The one that is meant, when no other can be: alone, named in full, or alone hers."""
    for sieve in (_all, _by_its_name, _in_full, _hers):
        kept = [one for one in found if sieve(one)]
        if len(kept) == 1:
            return kept[0].product
    return None


def _all(_found: Found) -> bool:
    return True


def _by_its_name(found: Found) -> bool:
    return found.fit is Fit.WHOLE_NAME


def _in_full(found: Found) -> bool:
    return found.fit <= Fit.EVERY_WORD


def _hers(found: Found) -> bool:
    return found.product.is_hers


def _rank(found: Found) -> tuple[bool, bool, Fit]:
    return not _in_full(found), not _hers(found), found.fit


def _fitting(words: Sequence[str], products: Iterable[Named]) -> list[Found]:
    fits = ((product, _fit(words, product.words)) for product in products)
    return [Found(product, fit) for product, fit in fits if fit is not None]


def _fit(asked: Sequence[str], words: Sequence[str]) -> Fit | None:
    if not asked or not all(any(_answers(word, one) for word in words) for one in asked):
        return None
    if len(asked) == len(words) and all(map(_is_same, words, asked)):
        return Fit.WHOLE_NAME
    places = _places_in_order(asked, words)
    if places is None:
        return Fit.ANY_ORDER
    if len(places) == len(words):
        return Fit.EVERY_WORD
    return Fit.FROM_THE_FIRST_WORD if places[0] == 0 else Fit.IN_ORDER


def _places_in_order(asked: Sequence[str], words: Sequence[str]) -> list[int] | None:
    places: list[int] = []
    for one in asked:
        start = places[-1] + 1 if places else 0
        place = next((n for n in range(start, len(words)) if _answers(words[n], one)), None)
        if place is None:
            return None
        places.append(place)
    return places


def _answers(word: str, asked: str) -> bool:
    if asked.isdecimal():  # '65' is said for 'T65', but '2' is not for '72'
        return asked in re.findall(r"\d+", word)
    return word.startswith(asked) or _is_same(word, asked)


def _is_same(word: str, asked: str) -> bool:
    return _singular(word) == _singular(asked)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] in "sx" else word


def _by_initials(words: Sequence[str], products: Iterable[Named]) -> list[Found]:
    """'lv' -> Lentilles vertes."""
    letters = words[0]
    if len(words) > 1 or len(letters) < 2:
        return []
    return [
        Found(product, Fit.INITIALS)
        for product in products
        if "".join(w[0] for w in product.words if w not in SMALL_WORDS).startswith(letters)
    ]


def _nearly(words: Sequence[str], products: Sequence[Named]) -> list[Found]:
    """Each word as written, or as it may have been meant."""
    vocabulary = {word for product in products for word in product.words}
    meant = [_meant(word, vocabulary) for word in words]
    return [
        Found(product, Fit.CLOSE)
        for product in products
        if all(any(_answers(w, one) for w in product.words for one in ones) for ones in meant)
    ]


def _meant(word: str, vocabulary: Iterable[str]) -> list[str]:
    if len(word) < SHORTEST_SLIP or word.isdecimal():
        return [word]
    begun = {known[: len(word)] for known in vocabulary if len(known) >= SHORTEST_SLIP}
    return [word, *get_close_matches(word, sorted({*vocabulary, *begun}), n=4, cutoff=CLOSE)]
