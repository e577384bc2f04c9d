"""Words: how they are compared when people search, how a name is kept."""

import unicodedata

# Marks that turn the direction of what follows: in a name, they rewrite the page around it.
DIRECTIONS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def fold(text: str) -> str:
    """'Épeautre  de Haute-Provence' -> 'epeautre de haute provence'."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    kept = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def clean_name(text: str) -> str:
    """'  Anne\u202e  Marie ' -> 'Anne Marie'; '' when no letter or figure is left to read."""
    name = " ".join(text.translate(DIRECTIONS).split())
    return name if fold(name) else ""
