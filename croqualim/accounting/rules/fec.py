"""Fichier des écritures comptables: article A47 A-1 du livre des procédures fiscales, VII.

One line per line of entry, 18 columns separated by tabs under their names; days as AAAAMMJJ,
amounts with a comma; in ISO 8859-15; the file is named SIREN + "FEC" + last day + ".txt".
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from text_unidecode import unidecode

ENCODING = "iso8859-15"
COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)


@dataclass(frozen=True)
class FecLine:
    """A line of a validated entry. Amounts in cents, one of them 0."""

    journal_code: str
    journal_label: str
    number: int
    day: date
    account_number: str
    account_label: str
    party_code: str
    party_name: str
    piece: str
    piece_day: date
    label: str
    debit_cents: int
    credit_cents: int
    validated_on: date


def file_name(siren: str, last_day: date) -> str:
    return f"{siren}FEC{last_day:%Y%m%d}.txt"


def fec_file(lines: Iterable[FecLine]) -> Iterator[bytes]:
    """The file, as it is written."""
    yield _written(COLUMNS)
    for line in lines:
        yield _written(_columns(line))


def _columns(line: FecLine) -> tuple[str, ...]:
    return (
        line.journal_code,
        line.journal_label,
        str(line.number),
        _day(line.day),
        line.account_number,
        line.account_label,
        line.party_code,
        line.party_name,
        line.piece,
        _day(line.piece_day),
        line.label,
        _amount(line.debit_cents),
        _amount(line.credit_cents),
        "",
        "",
        _day(line.validated_on),
        "",
        "",
    )


def _written(cells: Iterable[str]) -> bytes:
    return ("\t".join(_cell(cell) for cell in cells) + "\r\n").encode(ENCODING)


def _cell(text: str) -> str:
    """One line without a separator; letters that the encoding lacks become their nearest ones."""
    bare = " ".join(text.replace("|", " ").replace("’", "'").split())
    return "".join(c if _is_encodable(c) else unidecode(c) for c in bare)


def _is_encodable(letter: str) -> bool:
    try:
        letter.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return letter.isprintable()


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02}"
