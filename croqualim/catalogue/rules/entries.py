"""One line of a spreadsheet -> what it says of a product.

What a line does not say (no such column, or an empty cell) it leaves as it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from croqualim.catalogue.rules.cells import Problem, Reason, Unreadable, clean_line, read_text
from croqualim.catalogue.rules.columns import Row

Value = str | int | bool | list[str] | list[int]
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """`said` is compared with the catalogue; `assumed` serves only to create what is not there.

    `doubts`: what was only guessed of it.
    """

    line: int
    producer: str
    said: Mapping[str, Value] = field(default_factory=dict)
    assumed: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()


class Reader:
    """Reads the cells of one line, and gathers what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.problems: list[Problem] = []
        if row.overflows:
            self.problems.append(Problem(Reason.TOO_MANY_CELLS))

    def read(self, column: str, read: Callable[[str], T]) -> T | None:
        """What a cell says; nothing when it is empty or when it cannot be read."""
        given = self.row.cells.get(column, "")
        if not given:
            return None
        try:
            return read(given)
        except Unreadable as error:
            self.problems.append(Problem(error.reason, column, error.given))
            return None

    def line_of_text(self, column: str) -> str | None:
        return self.read(column, lambda text: read_text(column, clean_line(text)))

    def producer(self) -> str:
        """Her name. Without one, the line cannot be placed."""
        name = self.line_of_text("producer") or ""
        if not name and not self.problems:
            self.problems.append(Problem(Reason.MISSING, "producer"))
        return name

    def entry(
        self, producer: str, said: Mapping[str, Value | None], assumed: Mapping[str, Value]
    ) -> Entry:
        """What was read; `said` without what no cell said."""
        return Entry(
            self.row.number,
            producer,
            {name: value for name, value in said.items() if value is not None},
            assumed,
            tuple(self.problems),
        )
