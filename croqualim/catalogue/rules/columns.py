"""Which line of a table holds the headers, and which column is which."""

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


@dataclass(frozen=True)
class Sheet:
    """The lines under the headers, each cell under its column. `ignored`: headers we do not use."""

    layout: Layout
    ignored: tuple[str, ...]
    rows: tuple["Row", ...]


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


def read_sheet(content: bytes) -> Sheet:
    """What an uploaded file says, in our own layout or Open Food Network's. Raises FileRefused."""
    tables = read_tables(content)
    found = [(header, table) for table in tables if (header := find_header(table))]
    if not found:
        said = any(table.lines for table in tables)
        raise FileRefused(FileReason.NO_HEADERS if said else FileReason.EMPTY)
    header, table = max(found, key=lambda pair: len(pair[0].places))
    if table.flaw:
        raise FileRefused(table.flaw)
    sheet = below(header, table)
    if len(sheet.rows) > MAX_LINES:
        raise FileRefused(FileReason.TOO_MANY_LINES)
    return sheet


def find_header(table: Table) -> Header | None:
    """The line, near the top, that names most columns: a producer, and a product's name or code."""
    candidates = [
        Header(layout, line, places(line.cells, headers))
        for line in table.lines[:HEADING_LINES]
        for layout, headers in LAYOUTS.items()
    ]
    enough = [
        header
        for header in candidates
        if "producer" in header.places and {"name", "sku"} & header.places.keys()
    ]
    return max(enough, key=lambda header: len(header.places), default=None)


def places(cells: Sequence[str], headers: Mapping[str, tuple[str, ...]]) -> dict[str, int]:
    """Where each column stands, headers compared without case, accents or punctuation."""
    known = {fold(word): column for column, words in headers.items() for word in words}
    found: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if column := known.get(fold(cell)):
            found.setdefault(column, place)
    return found


def below(header: Header, table: Table) -> Sheet:
    """The lines under the header."""
    cells, used = header.line.cells, set(header.places.values())
    return Sheet(
        header.layout,
        tuple(cell for place, cell in enumerate(cells) if cell and place not in used),
        tuple(
            Row(
                line.number,
                {c: line.cells[p] if p < len(line.cells) else "" for c, p in header.places.items()},
                overflows=table.is_text and any(line.cells[len(cells) :]),
            )
            for line in table.lines
            if line.number > header.line.number
        ),
    )
