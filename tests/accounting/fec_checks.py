"""An independent reading of a FEC, from the tax administration's rules: nothing of ours imported.

Article A47 A-1 of the livre des procédures fiscales (VII and VIII), and what DGFiP's own
Test Compta Démat checks (github.com/DGFiP/Test-Compta-Demat; a program with windows and a
PostgreSQL of its own, which a test cannot run): names and order of the columns, encoding, dates,
amounts, required cells, numbers in one unbroken chronological sequence, entries that balance.
"""

import re
from collections import defaultdict
from datetime import date, datetime

NAME = re.compile(r"\d{9}FEC\d{8}\.txt")
COLUMNS = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
]
NEVER_EMPTY = {
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "ValidDate"),
}
AMOUNT = re.compile(r"-?\d+,\d{2}")


def faults_of(name: str, content: bytes, first: date, last: date) -> list[str]:
    """Every breach of the rules, in words; none for a file that the administration takes."""
    faults = [] if NAME.fullmatch(name) else [f"name {name}"]
    if not name.endswith(f"FEC{last:%Y%m%d}.txt"):
        faults.append("the name does not say the last day")
    rows = [row.split("\t") for row in content.decode("iso8859-15").split("\r\n")]
    if rows.pop() != [""]:
        faults.append("no end to the last line")
    if rows[0] != COLUMNS:
        faults.append(f"columns {rows[0]}")
    lines = [dict(zip(COLUMNS, row, strict=True)) for row in rows[1:]]
    return [*faults, *_cells(lines, first, last), *_numbers(lines), *_balances(lines)]


def _cells(lines, first, last):
    for n, line in enumerate(lines, start=2):
        for column in NEVER_EMPTY:
            if not line[column].strip():
                yield f"line {n}: {column} is empty"
        yield from _days(n, line)
        if not f"{first:%Y%m%d}" <= line["EcritureDate"] <= f"{last:%Y%m%d}":
            yield f"line {n}: out of the period"
        if not re.fullmatch(r"[1-7]\d{2}.*", line["CompteNum"]):
            yield f"line {n}: account {line['CompteNum']}"
        if bool(line["CompAuxNum"]) != bool(line["CompAuxLib"]):
            yield f"line {n}: half an auxiliary account"
        if not _is_one_amount(line["Debit"], line["Credit"]):
            yield f"line {n}: {line['Debit']} and {line['Credit']}"


def _is_one_amount(debit, credit):
    are_amounts = AMOUNT.fullmatch(debit) and AMOUNT.fullmatch(credit)
    return are_amounts and (debit == "0,00") != (credit == "0,00")


def _days(n, line):
    for column in ("EcritureDate", "PieceDate", "ValidDate"):
        try:
            datetime.strptime(line[column], "%Y%m%d")  # noqa: DTZ007
        except ValueError:
            yield f"line {n}: {column} {line[column]}"


def _numbers(lines):
    numbers = list(dict.fromkeys(int(line["EcritureNum"]) for line in lines))
    if numbers != list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False:
        yield "numbers are not one unbroken sequence"
    seen = [int(line["EcritureNum"]) for line in lines]
    if seen != sorted(seen):
        yield "an entry's lines are scattered"
    days = [line["EcritureDate"] for line in lines]
    if days != sorted(days):
        yield "not in the order of the days"


def _balances(lines):
    sums = defaultdict(int)
    for line in lines:
        sums[line["EcritureNum"]] += _cents(line["Debit"]) - _cents(line["Credit"])
    return [f"entry {number} does not balance" for number, total in sums.items() if total]


def _cents(amount: str) -> int:
    return int(amount.replace(",", ""))
