"""Which line of a table holds the headers, and which column is which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from croqualim.catalogue.rules.reading import (
    HEADING_LINES,
    MAX_LINES,
    FileReason,
    FileRefused,
    Line,
    Table,
    read_tables,
)
from croqualim.catalogue.rules.words import FAMILIES
from croqualim.kernel.text import fold


class Layout(StrEnum):
    OWN = "own"
    OPEN_FOOD_NETWORK = "ofn"


# column -> the headers that announce it; the first is the one that we write
OWN_HEADERS: Mapping[str, tuple[str, ...]] = {
    "producer": (
        "Producteur",
        "productrice",
        "producteur trice",
        "fournisseur",
        "ferme",
        "paysan",
        "paysanne",
        "paysan ne",
        "nom du producteur",
    ),
    "sku": ("Code", "sku", "référence", "réf", "code produit", "code article", "référence produit"),
    "name": ("Nom", "produit", "nom du produit", "désignation", "libellé", "article"),
    "family": ("Famille", "catégorie", "rayon"),
    "description": ("Description", "détail", "commentaire"),
    "step": ("Se commande par", "pas", "pas de commande", "par"),
    "packaging": ("Conditionnement", "emballage", "colisage", "contenance du conditionnement"),
    "price": (
        "Prix (€)",
        "prix producteur",
        "prix du producteur",
        "prix unitaire",
        "tarif",
        "prix eur",
        "prix en euros",
    ),
    "priced": ("Pour", "prix pour", "unité de prix", "unité"),
    "origin": ("Origine", "provenance", "lieu de production"),
    "labels": ("Labels", "label", "signe de qualité", "signes de qualité"),
    "allergens": ("Allergènes", "allergène"),
    "is_active": ("Proposé", "actif", "disponible"),
    "season": ("Saison", "saisonnalité", "mois de récolte", "mois de saison"),
}
# https://guide.openfoodnetwork.org, product import: the columns of its own template, as they are
OFN_HEADERS: Mapping[str, tuple[str, ...]] = {
    "producer": ("producer",),
    "sku": ("sku",),
    "name": ("name",),
    "display_name": ("display_name",),
    "category": ("category",),
    "description": ("description",),
    "units": ("units",),
    "unit_type": ("unit_type",),
    "variant_unit_name": ("variant_unit_name",),
    "price": ("price",),
}
LAYOUTS = {Layout.OWN: OWN_HEADERS, Layout.OPEN_FOOD_NETWORK: OFN_HEADERS}


class PriceBasis(StrEnum):
    """What a price is for, where its own cell or line does not say."""

    AS_WRITTEN = "as written"
    KILO = "kilo"
    LITRE = "litre"
    PIECE = "piece"
    PACKAGE = "package"


# what a header holds when none of the exact ones is it; the first that is free takes it
LIKELY_HEADERS: Mapping[str, re.Pattern[str]] = {
    "producer": re.compile(r"\b(producteur|productrice|fournisseur|ferme|exploitation)s?\b"),
    "price": re.compile(r"\b(prix|tarif|pu|puht)\b|^euros? (le |la |par |du |au )?[a-z]"),
    "name": re.compile(r"^(nom|produit|designation|libelle|article|denomination|intitule)s?\b"),
    "sku": re.compile(r"\b(ref|reference|code)\b"),
    "packaging": re.compile(r"\b(condition\w*|colisage|condt?|emballage|contenance|format)\b"),
    "origin": re.compile(r"\b(origine|provenance)\b"),
}
BASIS_OF_HEADER: Mapping[PriceBasis, re.Pattern[str]] = {
    PriceBasis.KILO: re.compile(r"\b(kg|kilo\w*)\b"),
    PriceBasis.LITRE: re.compile(r"\b(l|litres?)\b"),
    PriceBasis.PACKAGE: re.compile(
        r"\b(sacs?|cartons?|colis|condition\w*|bidons?|caisses?|lots?)\b"
    ),
    PriceBasis.PIECE: re.compile(r"\b(pieces?|unites?)\b"),
}


@dataclass(frozen=True)
class Plan:
    """How a table is read: which column is which, what its prices are for, and who makes what no
    cell and no title above says. Guessed first, then as somebody corrects it."""

    places: Mapping[str, int]
    basis: PriceBasis = PriceBasis.AS_WRITTEN
    producer: str = ""


@dataclass(frozen=True)
class Sheet:
    """The lines under the headers, each cell under its column. `ignored`: headers we do not use.

    `headers`: all of them as they are written, each with the first thing said below it.
    """

    layout: Layout
    ignored: tuple[str, ...]
    rows: tuple["Row", ...]
    plan: Plan
    headers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Row:
    number: int
    cells: Mapping[str, str]
    overflows: bool  # more cells than headers: a comma of the text was taken for a border


@dataclass(frozen=True)
class Header:
    layout: Layout
    line: Line
    places: Mapping[str, int]


def read_sheet(content: bytes, plan: Plan | None = None) -> Sheet:
    """What an uploaded file says, in our own layout or Open Food Network's. `plan`: as somebody
    corrected it; our guess otherwise. Raises FileRefused."""
    tables = read_tables(content)
    found = [(header, table) for table in tables if (header := find_header(table))]
    if not found:
        said = any(table.lines for table in tables)
        raise FileRefused(FileReason.NO_HEADERS if said else FileReason.EMPTY)
    header, table = max(found, key=lambda pair: len(pair[0].places))
    if table.flaw:
        raise FileRefused(table.flaw)
    plan = plan or Plan(header.places, basis_of(header))
    sheet = below(header, table, plan)
    if len(sheet.rows) > MAX_LINES:
        raise FileRefused(FileReason.TOO_MANY_LINES)
    return sheet


def find_header(table: Table) -> Header | None:
    """The line, near the top, that names most columns: a product's name or code, beside who makes
    it or what it costs."""
    candidates = [
        Header(layout, line, places(line.cells, headers, is_likely=layout is Layout.OWN))
        for line in table.lines[:HEADING_LINES]
        for layout, headers in LAYOUTS.items()
    ]
    enough = [header for header in candidates if is_enough(header)]
    return max(enough, key=lambda header: len(header.places), default=None)


def is_enough(header: Header) -> bool:
    has_name = bool({"name", "sku"} & header.places.keys())
    if header.layout is Layout.OPEN_FOOD_NETWORK:
        return has_name and "producer" in header.places
    return has_name and bool({"producer", "price"} & header.places.keys())


def places(
    cells: Sequence[str], headers: Mapping[str, tuple[str, ...]], *, is_likely: bool = False
) -> dict[str, int]:
    """Where each column stands, headers compared without case, accents or punctuation; then, where
    asked, those that are only likely."""
    known = {fold(word): column for column, words in headers.items() for word in words}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if column := known.get(fold(cell)):
            found.setdefault(column, place)
    if is_likely:
        _add_likely(cells, found)
    return found


def _add_likely(cells: Sequence[str], found: dict[str, int]) -> None:
    for place, cell in enumerate(cells):
        said = fold(cell.replace("€", " euros "))
        if place in found.values() or not said or len(said) > 60:
            continue
        for column, pattern in LIKELY_HEADERS.items():
            if column not in found and pattern.search(said):
                found[column] = place
                break


def basis_of(header: Header) -> PriceBasis:
    """'Prix au kilo' -> the kilo; 'Prix sac HT' -> the package."""
    place = header.places.get("price")
    if header.layout is Layout.OPEN_FOOD_NETWORK or place is None:
        return PriceBasis.AS_WRITTEN
    said = fold(header.line.cells[place])
    if said in {fold(word) for word in OWN_HEADERS["price"]}:
        return PriceBasis.AS_WRITTEN
    matches = (basis for basis, pattern in BASIS_OF_HEADER.items() if pattern.search(said))
    return next(matches, PriceBasis.AS_WRITTEN)


def below(header: Header, table: Table, plan: Plan) -> Sheet:
    """The lines under the header; a title alone on its line names who makes what follows, where no
    column does."""
    cells, used = header.line.cells, set(plan.places.values())
    has_titles = header.layout is Layout.OWN and "producer" not in plan.places
    section = {"producer": plan.producer}
    rows, width = [], len(cells)
    for line in table.lines:
        if line.number <= header.line.number:
            continue
        if has_titles and (title := title_of(line)):
            section = _section_under(title, section, plan)
            continue
        said = {c: line.cells[p] if p < len(line.cells) else "" for c, p in plan.places.items()}
        if has_titles:
            said = {**section, **said}
        rows.append(Row(line.number, said, table.is_text and any(line.cells[width:])))
    return Sheet(
        header.layout,
        tuple(cell for place, cell in enumerate(cells) if cell and place not in used),
        tuple(rows),
        plan,
        tuple((cell, example_below(header, table, place)) for place, cell in enumerate(cells)),
    )


def _section_under(title: str, section: Mapping[str, str], plan: Plan) -> dict[str, str]:
    """A title is a family of products, or else who makes them; unless somebody has said who."""
    if fold(title) in FAMILIES:
        return {**section, "family": title}
    return {"producer": plan.producer or title}


def example_below(header: Header, table: Table, place: int) -> str:
    below_it = (
        line.cells[place]
        for line in table.lines
        if len(line.cells) > place and line.number > header.line.number and line.cells[place]
    )
    return next(below_it, "")[:60]


def title_of(line: Line) -> str:
    """'Ferme du Soleil', alone on its line."""
    said = [cell for cell in line.cells if cell]
    return said[0] if len(said) == 1 and re.search(r"[^\W\d_]", said[0]) else ""
