"""One cell of a spreadsheet -> a value, or the problem with it."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from croqualim.catalogue.rules import words
from croqualim.kernel.money import parse_euros
from croqualim.kernel.quantity import Unit, parse_quantity
from croqualim.kernel.text import fold

# A hundred tonnes, ten thousand euros: above, somebody has typed a zero too many.
MAX_QUANTITY = 100_000_000
MAX_PRICE_CENTS = 1_000_000
CELLS_KEPT = 4096  # a column says few things, many times
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Reason(StrEnum):
    MISSING = "missing"
    NO_LETTERS = "no letters"
    TOO_LONG = "too long"
    NOT_A_PRICE = "not a price"
    NEGATIVE_PRICE = "negative price"
    NOT_A_QUANTITY = "not a quantity"
    NOT_METRIC = "not metric"
    NOT_PACKAGING = "not packaging"
    UNITS_DIFFER = "units differ"
    UNKNOWN_FAMILY = "unknown family"
    UNKNOWN_LABEL = "unknown label"
    UNKNOWN_ALLERGEN = "unknown allergen"
    NOT_YES_OR_NO = "not yes or no"
    NOT_MONTHS = "not months"
    TOO_MANY_CELLS = "too many cells"
    REPEATED = "repeated"
    SEVERAL_PRODUCERS = "several producers"
    SEVERAL_PRODUCTS = "several products"
    UNIT_FIXED = "unit fixed"
    SKU_TAKEN = "sku taken"
    NAME_TAKEN = "name taken"
    # doubts: likely, to be looked at before it is taken
    SIZE_FROM_NAME = "size from name"
    PRICE_GUESSED = "price guessed"
    PRICE_ODD = "price odd"
    SAME_PRODUCT = "same product"


@dataclass(frozen=True)
class Problem:
    reason: Reason
    field: str = ""  # the product's field it is about
    given: str = ""  # what was written there
    line: int = 0  # the other line it is about


class Unreadable(Exception):
    def __init__(self, reason: Reason, given: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.given = given


def clean_line(text: str) -> str:
    """One line of text: no control characters, single spaces, composed accents."""
    return " ".join(clean_text(text).split())


def clean_text(text: str) -> str:
    """Text of several lines: no control characters but line feeds, composed accents."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.isprintable():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    return text.strip()


def disarm(text: str) -> str:
    """What a spreadsheet would run as a formula becomes text: '=A1' -> "'=A1" (OWASP)."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA_STARTS) else text


def rearm(text: str) -> str:
    """The way back from `disarm`."""
    is_disarmed = text.startswith("'") and text.lstrip("'").startswith(FORMULA_STARTS)
    return text[1:] if is_disarmed else text


@lru_cache(CELLS_KEPT)
def read_price(text: str) -> int:
    """'3,20 €', '3.2000' -> 320 cents. Raises Unreadable; never rounds what somebody asks."""
    bare = re.sub(r"\s|€|euros?$|eur$", "", text.lower())
    if bare.startswith(("-", "−")):
        raise Unreadable(Reason.NEGATIVE_PRICE, text)
    bare = re.sub(r"([.,]\d\d\d*?)0+$", r"\1", bare)
    try:
        cents = parse_euros(bare)
    except ValueError as error:
        raise Unreadable(Reason.NOT_A_PRICE, text) from error
    if not 0 <= cents <= MAX_PRICE_CENTS:
        raise Unreadable(Reason.NOT_A_PRICE, text)
    return cents


# how people write it, folded -> how the kernel reads it
SYMBOLS: Mapping[str, str] = {
    "kilo": "kg",
    "kilos": "kg",
    "kilogramme": "kg",
    "kilogrammes": "kg",
    "kgs": "kg",
    "gramme": "g",
    "grammes": "g",
    "grs": "g",
    "tonne": "t",
    "tonnes": "t",
    "litre": "l",
    "litres": "l",
    "pieces": "piece",
    "pce": "piece",
    "pc": "piece",
    "unite": "piece",
    "unites": "piece",
    "u": "piece",
}
IMPERIAL = {"lb", "lbs", "oz"}
MASSES = {"g", "gr", "kg", "t"}
VOLUMES = {"ml", "cl", "l"}


@dataclass(frozen=True)
class Amount:
    """A whole number of base units. A bare number says no unit: it counts pieces, or nothing."""

    quantity: int
    unit: Unit | None


@lru_cache(CELLS_KEPT)
def read_amount(text: str) -> Amount:
    """'500 g', '2,5 kg', 'le litre', '12' -> whole base units. Raises Unreadable."""
    match = re.fullmatch(
        r"(?:les?\s|la\s|une?\s)?\s*([\d\s]*(?:[.,]\d+)?)\s*(\D*)", text.lower().strip()
    )
    if match is None:
        raise Unreadable(Reason.NOT_A_QUANTITY, text)
    number, symbol = re.sub(r"\s", "", match[1]) or "1", fold(match[2])
    if symbol in IMPERIAL:
        raise Unreadable(Reason.NOT_METRIC, text)
    unit = unit_of(symbol, text)
    try:
        value = parse_quantity(_without_trailing_zeros(number) + SYMBOLS.get(symbol, symbol), unit)
    except ValueError as error:
        raise Unreadable(Reason.NOT_A_QUANTITY, text) from error
    if not 0 < value <= MAX_QUANTITY:
        raise Unreadable(Reason.NOT_A_QUANTITY, text)
    return Amount(value, unit if symbol else None)


def unit_of(symbol: str, text: str) -> Unit:
    """The base unit of a folded symbol. Raises Unreadable, about the whole text."""
    symbol = SYMBOLS.get(symbol, symbol)
    if symbol in MASSES:
        return Unit.GRAM
    if symbol in VOLUMES:
        return Unit.MILLILITRE
    if symbol in ("", "piece"):
        return Unit.PIECE
    raise Unreadable(Reason.NOT_A_QUANTITY, text)


def _without_trailing_zeros(number: str) -> str:
    return re.sub(r"[.,]0*$|([.,]\d*?[1-9])0+$", r"\1", number)


@dataclass(frozen=True)
class Packaging:
    name: str
    amount: Amount


@lru_cache(CELLS_KEPT)
def read_packaging(text: str) -> Packaging:
    """'sac de 25 kg', "bidon d'5 L", 'carton de 6 x 500 g', '25 kg'. Raises Unreadable."""
    match = re.fullmatch(r"(.+)\sde\s+(\d.*)", text.strip(), re.IGNORECASE) or re.fullmatch(
        r"(\D*?)\s*(?:\bd['’]|:)?\s*(\d.*)", text.strip(), re.IGNORECASE
    )
    if match is None:
        raise Unreadable(Reason.NOT_PACKAGING, text)
    name = clean_line(match[1])
    if len(name) > MAX_LENGTHS["packaging_name"]:
        raise Unreadable(Reason.TOO_LONG, text)
    try:
        return Packaging(name, read_multiple(match[2]))
    except Unreadable as error:
        raise Unreadable(Reason.NOT_PACKAGING, text) from error


def read_multiple(text: str) -> Amount:
    """'6 x 500 g' -> 3 kg; '25 kg' as it is. Raises Unreadable."""
    times = re.fullmatch(r"(\d{1,4})\s*[x×]\s*(.+)", text, re.IGNORECASE)
    if times is None:
        return read_amount(text)
    one = read_amount(times[2])
    if not 0 < one.quantity * int(times[1]) <= MAX_QUANTITY:
        raise Unreadable(Reason.NOT_A_QUANTITY, text)
    return Amount(one.quantity * int(times[1]), one.unit)


MAX_LENGTHS: Mapping[str, int] = {
    "sku": 60,
    "name": 150,
    "origin": 120,
    "packaging_name": 40,
    "producer": 150,
    "description": 5_000,
}
MAX_SEARCH_NAME = 170  # folding may lengthen: 'œ' becomes 'oe'


def read_text(field: str, text: str) -> str:
    """The text, if the field has room for it. Raises Unreadable."""
    folds = field in ("name", "producer")
    if len(text) > MAX_LENGTHS[field] or (folds and len(fold(text)) > MAX_SEARCH_NAME):
        raise Unreadable(Reason.TOO_LONG, f"{text[:40]}…")
    if folds and text and not fold(text):
        raise Unreadable(Reason.NO_LETTERS, text)
    return text


def read_codes(known: Mapping[str, str], text: str, reason: Reason) -> list[str]:
    """'gluten, lait' -> codes in the order of the list; 'aucun' -> none. Raises Unreadable."""
    if fold(text) in words.NOTHING:
        return []
    parts = [part for part in re.split(r"[,;/|\n]", text) if fold(part)]
    codes = {known.get(fold(part)) for part in parts}
    if None in codes:
        raise Unreadable(reason, next(p.strip() for p in parts if fold(p) not in known))
    return [code for code in dict.fromkeys(known.values()) if code in codes]


def read_yes_or_no(text: str) -> bool:
    """'oui', 'x' -> True; 'non' -> False. Raises Unreadable."""
    if fold(text) in words.YES:
        return True
    if fold(text) in words.NO:
        return False
    raise Unreadable(Reason.NOT_YES_OR_NO, text)
