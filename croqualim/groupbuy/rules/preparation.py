"""What goes into which bag, said so that somebody can weigh it."""

from collections import Counter
from collections.abc import Iterable

from croqualim.kernel.money import NO_BREAK_SPACE
from croqualim.kernel.quantity import Unit, in_words

# What stays in the cold until its owner is there: it is not in the bag.
KEPT_COLD = {"fruit", "vegetables", "dairy"}


def portions(quantities: Iterable[int], unit: Unit | str) -> str:
    """[500, 2000, 500] in grams -> '2 × 500 g + 1 × 2 kg': how many bags of how much."""
    counted = sorted(Counter(quantities).items())
    times = f"{NO_BREAK_SPACE}×{NO_BREAK_SPACE}"
    return " + ".join(f"{number}{times}{in_words(size, unit)}" for size, number in counted)


def short_name(given_name: str, family_name: str) -> str:
    """('Amina', 'Exemple') -> 'Amina E.': enough to hand a bag over, no more than that."""
    return f"{given_name}{NO_BREAK_SPACE}{family_name[:1].upper()}." if family_name else given_name


def still_held(held: int, sent: int) -> int:
    """What stays held in the warehouse for the other shops once this one has been sent its part."""
    return max(0, held - sent)
