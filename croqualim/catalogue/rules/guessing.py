"""What a spreadsheet leaves to be understood: a sack in a name, what a price is for.

What is certain is written into the cells where our own reader finds it. What is only likely is
told as a doubt: somebody looks at the line before it is taken.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field, replace

from croqualim.catalogue.rules.cells import Problem, Reason
from croqualim.catalogue.rules.columns import Plan, PriceBasis, Row
from croqualim.catalogue.rules.entries import Entry, Value
from croqualim.kernel.money import round_half_up
from croqualim.kernel.quantity import Unit
from croqualim.kernel.text import fold

CONTAINERS = (
    "sacs?|bidons?|cartons?|seaux?|caisses?|cagettes?|bocal|bocaux|bo[iî]tes?|pots?|bouteilles?|"
    "briques?|poches?|paquets?|colis|lots?|plateaux?|barquettes?|filets?|f[uû]ts?|cubis?"
)
AMOUNT = r"\d+(?:[.,]\d+)?\s*(?:kgs?|kilos?|grammes?|gr?|litres?|[cm]?l)"
# 'Lentilles vertes 25KG', "Huile d'olive bidon 5L", 'Farine T65 (sac de 25 kg)', 'Riz - 5 x 1 kg'
SIZED = re.compile(
    rf"(?P<name>.*?[^\W\d_].*?)[\s,;:(\[–—-]+(?:en\s+)?(?:(?P<box>{CONTAINERS})\s*(?:de\s+|d['’]\s*)?)?"
    rf"(?P<amount>(?:\d+\s*[x×]\s*)?{AMOUNT})\s*[)\]]?",
    re.IGNORECASE,
)
# 'Œufs x30', 'Œufs par 30', 'Savon lot de 6', 'Citrons (12 pièces)'
COUNTED = re.compile(
    rf"(?P<name>.*?[^\W\d_].*?)[\s,;:(\[–—-]+(?:[x×]\s*|par\s+|(?P<box>{CONTAINERS})\s+de\s+)?"
    r"(?P<count>(?<=[x×])\d+|(?<=[x×]\s)\d+|(?<=par\s)\d+|(?<=de\s)\d+|\d+(?=\s*pi[eè]ces?|\s*unit[eé]s?))"
    r"\s*(?:pi[eè]ces?|unit[eé]s?)?\s*[)\]]?",
    re.IGNORECASE,
)
# the same in a folded name, wherever they stand
SIZE_WORDS = re.compile(
    rf"\b(?:(?:\d+\s*x\s*)?\d+(?:\s\d+)?\s*(?:kgs?|kilos?|grammes?|gr?|litres?|[cm]?l)|(?:{CONTAINERS})"
    r"|x\s*\d+|\d+\s*(?:pieces?|unites?))\b"
)
SMALL_WORDS = {"de", "d", "du", "des", "en", "par", "le", "la", "les", "l", "a", "au", "aux"}
# '12,50 €/kg', '80 € le sac', '3.20 euros par litre'
PRICED = re.compile(
    r"(?P<price>[\d\s.,\u00a0\u202f]+(?:€|euros?|eur)?)\s*(?:ht|ttc)?\s*"
    r"(?:(?:/|par|les?|la|du|au)\s*(?P<what>[a-zéèîû1]+\s*[a-z]*))?\s*(?:ht|ttc)?",
    re.IGNORECASE,
)
OF_WORD = {
    PriceBasis.KILO: {"kg", "kilo", "kilos", "kilogramme", "1 kg", "1kg"},
    PriceBasis.LITRE: {"l", "litre", "litres", "1 l", "1l"},
    PriceBasis.PIECE: {"piece", "pce", "pc", "unite", "u", "un", "une"},
    PriceBasis.PACKAGE: {
        *("sac", "carton", "colis", "bidon", "seau", "caisse", "cagette", "bocal", "boite"),
        *("pot", "bouteille", "brique", "paquet", "lot", "plateau", "barquette", "filet", "fut"),
        "conditionnement",
    },
}
SAID = {PriceBasis.KILO: "1 kg", PriceBasis.LITRE: "1 l", PriceBasis.PIECE: "1 pièce"}
# below and above, a kilo or a litre at this price is more likely a mistake of what it is for
LIKELY_CENTS = range(20, 8_001)


@dataclass(frozen=True)
class Understood:
    """A line whose cells our own reader understands, and what was only likely."""

    row: Row
    is_per_package: bool = False
    doubts: tuple[Problem, ...] = field(default=())


def understood(row: Row, plan: Plan, known_names: Collection[str]) -> Understood:
    """Put what the name and the price say into cells of their own. `known_names`: folded names of
    the catalogue; a product that is there keeps the whole of its name."""
    row, doubts = _size_of_name(row, known_names)
    row, basis = _basis_of_price(row)
    basis = basis or plan.basis
    if row.cells.get("priced") or not row.cells.get("price"):
        return Understood(row, doubts=doubts)
    if basis is PriceBasis.AS_WRITTEN and doubts:
        basis = PriceBasis.PACKAGE  # the price of what the name says, most often: to be checked
        doubts = (*doubts, Problem(Reason.PRICE_GUESSED, "price", row.cells["packaging"]))
    return _with_basis(row, basis, doubts)


def _with_basis(row: Row, basis: PriceBasis, doubts: tuple[Problem, ...]) -> Understood:
    packaging = row.cells.get("packaging", "")
    if basis in SAID:
        return Understood(_with(row, priced=SAID[basis]), doubts=doubts)
    if basis is PriceBasis.PACKAGE and packaging and (amount := _amount_in(packaging)):
        return Understood(_with(row, priced=amount), is_per_package=True, doubts=doubts)
    return Understood(row, doubts=doubts)


def _size_of_name(row: Row, known_names: Collection[str]) -> tuple[Row, tuple[Problem, ...]]:
    name = " ".join(row.cells.get("name", "").split())
    if row.cells.get("packaging") or not name or fold(name) in known_names:
        return row, ()
    if match := SIZED.fullmatch(name):
        amount, box = " ".join(match["amount"].split()), match["box"]
    elif match := COUNTED.fullmatch(name):
        amount, box = f"{match['count']} pièces", match["box"]
    else:
        return row, ()
    packaging = f"{box.lower()} de {amount}" if box else amount
    doubt = Problem(Reason.SIZE_FROM_NAME, "packaging", packaging)
    return _with(row, name=match["name"].rstrip(" ,;:-–—("), packaging=packaging), (doubt,)


def _basis_of_price(row: Row) -> tuple[Row, PriceBasis | None]:
    """'80 € le sac' -> 80 €, for the package."""
    price = row.cells.get("price", "").strip()
    match = PRICED.fullmatch(price)
    if match is None:
        return row, None
    bare = _without_thousands(match["price"])
    word = fold(match["what"] or "")
    if not word:
        return _with(row, price=bare), None
    basis = next((basis for basis, words in OF_WORD.items() if word in words), None)
    return (_with(row, price=bare), basis) if basis else (row, None)


def _without_thousands(price: str) -> str:
    """'1.234,50' and '1,234.50' -> with one mark alone, which is the decimals'."""
    last = max(price.rfind(","), price.rfind("."))
    if "," in price and "." in price:
        return re.sub(r"[.,]", "", price[:last]) + price[last:]
    return price


def _amount_in(packaging: str) -> str:
    """'sac de 25 kg' -> '25 kg'."""
    match = re.search(r"\d.*$", packaging)
    return match[0] if match else ""


def bare_name(name: str) -> str:
    """What is left to tell a product by: 'Lentilles vertes, sac 25kg' -> 'lentille verte'."""
    words = SIZE_WORDS.sub(" ", fold(name)).split()
    return " ".join(
        word[:-1] if len(word) > 3 and word[-1] in "sx" else word
        for word in words
        if word not in SMALL_WORDS
    )


def _with(row: Row, **cells: str) -> Row:
    return replace(row, cells={**row.cells, **cells})


def finished(entry: Entry, line: Understood) -> Entry:
    """A sack's price said by the kilo where it falls even; odd prices doubted."""
    said, doubts = dict(entry.said), line.doubts
    base = 1 if said.get("unit") == Unit.PIECE else 1000
    cents, quantity = said.get("price_cents"), said.get("priced_quantity")
    assumed: dict[str, Value] = dict(entry.assumed)
    if line.is_per_package and isinstance(cents, int) and isinstance(quantity, int):
        if cents * base % quantity == 0:
            said |= {"price_cents": cents * base // quantity, "priced_quantity": base}
        assumed["step_quantity"] = min(base, quantity)
        if base > 1 and round_half_up(cents * base, quantity) not in LIKELY_CENTS:
            doubts = (*doubts, Problem(Reason.PRICE_ODD, "price", line.row.cells["price"]))
    return replace(entry, said=said, assumed=assumed, doubts=doubts)
