"""What a table is: headings, and how each column reads a row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Generic, NamedTuple, TypeVar

from croqualim.kernel.quantity import BIGGER, Unit

Row = TypeVar("Row")


class Kind(Enum):
    """What a column's values are; None is an empty cell in each."""

    TEXT = auto()  # str
    WHOLE = auto()  # int
    CENTS = auto()  # int, in cents: written in euros with two decimals
    QUANTITY = auto()  # Amount: written in kilograms, litres or pieces
    DAY = auto()  # date
    MOMENT = auto()  # datetime that knows its zone: written in the reader's


class Amount(NamedTuple):
    """A quantity in base units, with the unit its product is counted in."""

    quantity: int
    unit: str

    @property
    def scaled(self) -> tuple[int, int]:
        """(2500, 'g') -> (2500, 1000): what to divide by what, so that a column adds up."""
        if self.unit == Unit.PIECE:
            return self.quantity, 1
        return self.quantity, BIGGER[Unit(self.unit)][1]


Value = str | int | Amount | date | datetime | None


@dataclass(frozen=True)
class Column(Generic[Row]):
    heading: str
    read: Callable[[Row], Value]
    kind: Kind = Kind.TEXT
    width: int = 16  # in characters, in a spreadsheet


Columns = Sequence[Column[Row]]


@dataclass(frozen=True)
class Table(Generic[Row]):
    """Rows are taken one by one: they may come straight from the database."""

    title: str  # of the sheet, and of the file
    columns: Columns[Row]
    rows: Iterable[Row]


def unit_in_word(unit: str) -> str:
    """What an Amount is written in: 'kg', 'l', 'pièce'."""
    return "pièce" if unit == Unit.PIECE else BIGGER[Unit(unit)][0]
