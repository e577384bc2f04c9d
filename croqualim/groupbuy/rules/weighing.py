"""Goods sold by their real weight: what a scale says, and when to look at it twice.

A step is about its quantity ("environ 800 g"); the amount follows what is weighed.
"""

from croqualim.kernel.quantity import Unit, parse_quantity

TOLERANCE_PERCENT = 25  # from there on it is more often a slip of the finger than a big pumpkin


def weighing_reference(cycle_id: int) -> str:
    """What a difference between two scales refers to in the books."""
    return f"cycle:{cycle_id}:weighing"


def parse_weight(text: str, expected: int) -> int:
    """What somebody reads off a scale, in grams: '812', '812 g', '0,812', '1,6 kg'.

    A bare number is grams or kilos, whichever comes nearer to the `expected` grams. Raises
    ValueError on anything else, and on nothing.
    """
    typed = text.strip()
    said = [f"{typed} g", f"{typed} kg"] if typed[-1:].isdigit() else [typed]
    found = [reading for reading in map(_read, said) if reading]
    if not found:
        raise ValueError(text)
    return min(found, key=lambda reading: _times(reading, expected))


def is_far(quantity: int, expected: int) -> bool:
    """Whether it weighs so much more or less than was expected that somebody must say so."""
    return abs(quantity - expected) * 100 > TOLERANCE_PERCENT * expected


def difference(wanted: int, there: int) -> int:
    """What scales disagree about: more was weighed out than was weighed in. 0 when it is so much
    that goods are missing, and not grams."""
    lack = wanted - there
    return lack if lack > 0 and not is_far(there, wanted) else 0


def _read(text: str) -> int | None:
    try:
        return parse_quantity(text, Unit.GRAM)
    except ValueError:
        return None


def _times(one: int, other: int) -> float:
    """How many times the one is the other, whichever is more."""
    return max(one, other) / max(1, min(one, other))
