"""Words: how they are compared when people search, how a name is kept."""

import unicodedata

# Marks that turn the direction of what follows: in a name, they rewrite the page around it.
DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


LAST_KEPT = 0x2FFF  # letters of alphabets; beyond, too many to keep them all


class _Folded(dict[int, str]):
    """What becomes of a lower-case character; found once, for a list folds a million of them."""

    def __missing__(self, code: int) -> str:
        decomposed = unicodedata.normalize("NFKD", chr(code))
        kept = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
        folded = "".join(kept)
        if code <= LAST_KEPT:
            self[code] = folded
        return folded


FOLDED = _Folded({ord("œ"): "oe", ord("æ"): "ae"})


def fold(text: str) -> str:
    """'Épeautre  de Haute-Provence' -> 'epeautre de haute provence'."""
    return " ".join(text.lower().translate(FOLDED).split())


def clean_name(text: str) -> str:
    """'  Anne\u202e  Marie ' -> 'Anne Marie'; '' when no letter or figure is left to read."""
    name = " ".join(text.translate(DIRECTIONS).split())
    return name if fold(name) else ""
