"""Whole packagings: how they are said, and how people type what came of them."""

import re
from dataclasses import dataclass

from croqualim.kernel.money import NO_BREAK_SPACE
from croqualim.kernel.quantity import BIGGER, Unit, in_words, parse_quantity
from croqualim.kernel.text import fold

# Words for a packaging whatever its own name is.
ANY_PACKAGING = {"colis", "conditionnement", "paquet"}
# What a bare number is counted in: people read "kg" on a sack and type 25, never 25000.
TYPED_IN = {Unit.GRAM: "kg", Unit.MILLILITRE: "l", Unit.PIECE: ""}
NUMBER = r"\d+(?:[.,]\d+)?"


@dataclass(frozen=True)
class Packaging:
    """What a product comes in: `quantity` base units of `unit` to the packaging."""

    name: str  # "sac"; may be empty
    quantity: int
    unit: Unit | str

    def in_words(self, packages: int) -> str:
        """(4) -> '4 sacs de 25 kg'; without a name '4 × 25 kg'; single pieces '40 pièces'."""
        content = in_words(self.quantity, self.unit)
        if self.name:
            name = plural(self.name) if packages > 1 else self.name
            return f"{packages}{NO_BREAK_SPACE}{name} de {content}"
        if self.quantity == 1:
            return in_words(packages, self.unit)
        return f"{packages}{NO_BREAK_SPACE}×{NO_BREAK_SPACE}{content}"


FEMININE = {"barquette", "botte", "boite", "bouteille", "brique", "cagette", "caisse", "palette"}


def with_article(name: str) -> str:
    """'sac' -> 'le sac', 'caisse' -> 'la caisse', 'étui' -> 'l’étui', '' -> 'le conditionnement'.

    A word that is not known to be feminine is taken for masculine.
    """
    name = name or "conditionnement"
    first = fold(name).partition(" ")[0]
    if first[:1] in "aeiou":
        return f"l’{name}"
    return f"la {name}" if first in FEMININE else f"le {name}"


def plural(name: str) -> str:
    """'sac papier' -> 'sacs papier', 'seau' -> 'seaux', 'bocal' -> 'bocaux', 'colis' -> 'colis'."""
    first, space, rest = name.partition(" ")
    if first.endswith(("s", "x", "z")):
        many = first
    elif first.endswith("al"):
        many = f"{first[:-2]}aux"
    elif first.endswith(("au", "eu")):
        many = f"{first}x"
    else:
        many = f"{first}s"
    return f"{many}{space}{rest}"


def ordered_in_words(quantity: int, unit: Unit | str) -> str:
    """(93000, 'g') -> '93 kg commandés', (144, 'piece') -> '144 pièces commandées'."""
    feminine = "e" if Unit(unit) is Unit.PIECE else ""
    size = BIGGER[Unit(unit)][1] if Unit(unit) in BIGGER else 1
    many = "s" if quantity >= 2 * size or 2 <= quantity < size else ""
    return f"{in_words(quantity, unit)} commandé{feminine}{many}"


def parse_received(text: str, packaging: Packaging) -> int:
    """What somebody types in front of a lorry, in base units of the product.

    '80', '80 kg', '1 200 kg', '3 sacs', '2,5 sacs', '3 sacs de 24 kg', '3 x 24 kg',
    '3 sacs + 12 kg'. Raises ValueError on anything else.
    """
    return sum(_parse_part(part, packaging) for part in text.split("+"))


def _parse_part(text: str, packaging: Packaging) -> int:
    bare = re.sub(r"(?<=\d)[\s\u00a0\u202f]+(?=\d{3}(?!\d))", "", text.strip().lower())
    bare = re.sub(r"(?<=\d)\s*[x×*]\s*(?=\d)", " colis de ", bare)
    match = re.fullmatch(rf"({NUMBER})\s*([^\W\d_][^\d]*?)(?:\s+de\s+({NUMBER}.*))?", bare)
    if match is None or not _is_packaging(match[2], packaging):
        return _parse_measure(bare, packaging)
    content = _parse_measure(match[3], packaging) if match[3] else packaging.quantity
    return _whole(match[1], content)


def _parse_measure(text: str, packaging: Packaging) -> int:
    if re.fullmatch(NUMBER, text):
        text = f"{text} {TYPED_IN[Unit(packaging.unit)]}"
    return parse_quantity(text, packaging.unit)


def _is_packaging(word: str, packaging: Packaging) -> bool:
    word = fold(word)
    known = ANY_PACKAGING | {fold(packaging.name), fold(packaging.name.partition(" ")[0])} - {""}
    return word in known or word in {fold(plural(name)) for name in known}


def _whole(number: str, content: int) -> int:
    """'2,5' × 25000 -> 62500. Raises ValueError when a base unit would be cut."""
    whole, _separator, decimals = number.replace(",", ".").partition(".")
    value, remainder = divmod(int(whole + decimals) * content, int("1" + "0" * len(decimals)))
    if remainder:
        raise ValueError(number)
    return value
