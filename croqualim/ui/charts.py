"""Bar charts, laid out on the server: legible without colour, without script and in print."""

from collections.abc import Sequence
from dataclasses import dataclass

FULL_WIDTH = 1000


@dataclass(frozen=True)
class Bar:
    """One row of a chart: what is counted, how many, and the number as it is said ("93 kg")."""

    label: str
    value: int
    words: str


@dataclass(frozen=True)
class DrawnBar:
    """`width` runs from 0 to FULL_WIDTH."""

    label: str
    words: str
    width: int


def lay_out(rows: Sequence[Bar]) -> list[DrawnBar]:
    """Bars from zero, the longest at full width; something is never drawn as nothing.

    Raises ValueError on a negative value, which a bar from zero cannot say.
    """
    if any(row.value < 0 for row in rows):
        raise ValueError("A bar chart shows values from zero up.")
    longest = max((row.value for row in rows), default=0) or 1
    return [DrawnBar(row.label, row.words, _width(row.value, longest)) for row in rows]


def _width(value: int, longest: int) -> int:
    return max(5, value * FULL_WIDTH // longest) if value else 0
