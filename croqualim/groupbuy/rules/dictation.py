"""An order dictated by telephone, one line after the other.

    len 2            what it is by its initials, and how much of it
    1,5 kg farine    or the other way round
    - len, len 0     nothing of it after all
    #12 2 kg         the offer 12: what a button sends

What a line leaves open waits for an answer: a figure among those that may be meant, another word,
a quantity; 0 lets it go.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from croqualim.groupbuy.rules.matching import Found, Named, find, sure
from croqualim.groupbuy.rules.ordering import Basket, Offered, Problem, problems_with
from croqualim.groupbuy.rules.quantities import said_quantity
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.quantity import Unit

MOST_CANDIDATES = 9  # one figure chooses
NOTHING = "0"

_UNITS = r"kg|k|kilos?|gr?|grammes?|l|litres?|cl|ml|pi[eè]ces?|x"
_APART = re.compile(rf"(\d)\s+((?:{_UNITS})\b)")  # '1,5 kg' in one piece
_TIMES = re.compile(r"\bx\s+(\d)")
_QUANTITY = re.compile(rf"x?\d{{1,6}}(?:[.,]\d{{1,3}})?(?:{_UNITS})?")
_BOXES = re.compile(
    r"(?:paquets?|sachets?|bo[iî]tes?|bouteilles?|bocaux|bocal|pots?|sacs?|briques?)\s+(?:de\s+|d['’]\s*)?"
)
_OFFER = re.compile(r"#(\d{1,18})\s*(.*)")


@dataclass(frozen=True)
class Item:
    """What may be asked for."""

    named: Named
    unit: Unit
    offered: Offered

    @property
    def key(self) -> int:
        return self.named.key


@dataclass(frozen=True)
class Taken:
    """Understood: so much of it from now on; 0: no more of it."""

    key: int
    quantity: int


@dataclass(frozen=True)
class Waiting:
    """Something is still to say: which of several, or how much of one (`problem`: why not that)."""

    text: str
    candidates: tuple[int, ...]  # the best first
    quantity: str = ""  # as it was said
    problem: Problem | None = None

    @property
    def is_which(self) -> bool:
        return len(self.candidates) > 1

    def about(self, key: int) -> str:
        """The line that says the rest."""
        return f"#{key} {self.quantity}".strip()


@dataclass(frozen=True)
class Unknown:
    """Nothing is called so; or, `is_removal`, nothing in the order is."""

    text: str
    is_removal: bool = False


Heard = Taken | Waiting | Unknown


@dataclass(frozen=True)
class Dictated:
    """What became of some lines."""

    taken: tuple[Taken, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def dictate(
    lines: Sequence[str], *, waiting: Sequence[str], items: Sequence[Item], basket: Basket
) -> Dictated:
    """Hear some lines, after those that `waiting` for an answer. One line may be that answer."""
    said = [line.strip() for line in lines if line.strip()]
    first, *others = waiting or [""]
    before = [] if not first else [hear(first, items, basket)]
    after = [hear(other, items, basket) for other in others]
    if len(said) == 1 and before:
        now = _answered(before[0], said[0], items, basket)
    else:
        now = [*before, *(hear(line, items, basket) for line in said)]
    return _sorted([*now, *after])


def _sorted(heard: Sequence[Heard]) -> Dictated:
    return Dictated(
        tuple(one for one in heard if isinstance(one, Taken)),
        tuple(one for one in heard if isinstance(one, Waiting)),
        tuple(one for one in heard if isinstance(one, Unknown)),
    )


def _answered(asked: Heard, said: str, items: Sequence[Item], basket: Basket) -> list[Heard]:
    """What a line says to the one that waits; when it is about something else, both."""
    if not isinstance(asked, Waiting):
        return [asked, hear(said, items, basket)]
    if said in {NOTHING, "-"}:
        return []
    answer = _answer(asked, said, items)
    if answer:
        return [hear(answer, items, basket)]
    heard = hear(said, items, basket)
    return [heard] if _keys(heard) & set(asked.candidates) else [asked, heard]


def _answer(asked: Waiting, said: str, items: Sequence[Item]) -> str | None:
    """The whole line, once this is said."""
    if not asked.is_which:
        return f"#{asked.candidates[0]} {said}" if _is_quantity(said) else None
    if said.isdecimal() and 1 <= int(said) <= min(len(asked.candidates), MOST_CANDIDATES):
        return asked.about(asked.candidates[int(said) - 1])
    among = [item.named for item in items if item.key in asked.candidates]
    one = sure(find(said, among))
    return asked.about(one.key) if one else None


def _keys(heard: Heard) -> set[int]:
    if isinstance(heard, Taken):
        return {heard.key}
    return set(heard.candidates) if isinstance(heard, Waiting) else set()


def hear(text: str, items: Sequence[Item], basket: Basket) -> Heard:
    """One line, by itself."""
    line = " ".join(text.split())
    if match := _OFFER.fullmatch(line):
        key, quantity = int(match[1]), match[2]
        one = next((item for item in items if item.key == key), None)
        return _of_one(line, one, quantity) if one else Unknown(line)
    if line.startswith(("-", "−")):
        return _less(line, line[1:], items, basket)
    quantity, found = _read(line, [item.named for item in items])
    if _is_nothing(quantity):
        return _less(line, _words_of(line, quantity), items, basket)
    return _about(line, quantity, found, {item.key: item for item in items})


def _about(
    line: str, quantity: str, found: Sequence[Found], items: Mapping[int, Item]
) -> Waiting | Taken | Unknown:
    if not found:
        return Unknown(line)
    fitting = [one for one in found if _counts(quantity, items[one.product.key])] or found
    if one := sure(fitting):
        return _of_one(line, items[one.key], quantity)
    return Waiting(line, tuple(each.product.key for each in fitting), quantity)


def _less(line: str, words: str, items: Sequence[Item], basket: Basket) -> Heard:
    """Out of the order: only what is in it can be meant."""
    there = [item.named for item in items if basket.get(item.key)]
    _quantity, found = _read(words, there)
    if not found:
        return Unknown(line, is_removal=True)
    if one := sure(found):
        return Taken(one.key, 0)
    return Waiting(line, tuple(each.product.key for each in found), NOTHING)


def _of_one(line: str, item: Item, quantity: str) -> Taken | Waiting:
    """`quantity` of one product, by the rules of every order."""
    if not _counts(quantity, item):
        return Waiting(line, (item.key,), quantity)
    wanted = said_quantity(quantity, item.unit)
    problems = problems_with({item.key: wanted}, {item.key: item.offered}, stage=Stage.OPEN)
    if wanted and problems:
        return Waiting(line, (item.key,), quantity, problems[0])
    return Taken(item.key, wanted)


def _read(line: str, named: Sequence[Named]) -> tuple[str, list[Found]]:
    """The quantity as said, and what may be meant: the first reading under which something is."""
    for quantity, words in _readings(line):
        if found := find(words, named):
            bare = find(line, named) if quantity.isdecimal() else []  # 'farine 65': its name
            return ("", bare) if bare else (quantity, found)
        boxless = _BOXES.sub("", words, count=1)
        if boxless != words and (found := find(boxless, named)):
            return _of_boxes(quantity), found
    return "", []


def _of_boxes(quantity: str) -> str:
    """'2' packets are pieces: of what is weighed, it is asked how much."""
    return f"{quantity}pièces" if quantity.isdecimal() and int(quantity) else quantity


def _readings(line: str) -> Iterator[tuple[str, str]]:
    """The quantity last, first, or not said."""
    words = _in_one_piece(line).split()
    if len(words) > 1 and _QUANTITY.fullmatch(words[-1]):
        yield words[-1].lstrip("x"), " ".join(words[:-1])
    if len(words) > 1 and _QUANTITY.fullmatch(words[0]):
        yield words[0].lstrip("x"), " ".join(words[1:])
    yield "", " ".join(words)


def _words_of(line: str, quantity: str) -> str:
    return next(words for said, words in _readings(line) if said == quantity)


def _is_quantity(text: str) -> bool:
    return bool(_QUANTITY.fullmatch(_in_one_piece(text)))


def _in_one_piece(text: str) -> str:
    """'1,5 kg' -> '1,5kg', '3 × len' -> '3x len', 'len x 3' -> 'len x3'."""
    return _TIMES.sub(r"x\1", _APART.sub(r"\1\2", text.lower().replace("×", "x")))


def _is_nothing(quantity: str) -> bool:
    return bool(quantity) and not re.search(r"[1-9]", quantity)


def _counts(quantity: str, item: Item) -> bool:
    """Whether it can be said of this product: kilos are not, of a soap."""
    try:
        said_quantity(quantity, item.unit)
    except ValueError:
        return False
    return True
