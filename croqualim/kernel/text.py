"""Folding: how words are compared when people search."""

import unicodedata


def fold(text: str) -> str:
    """'Épeautre  de Haute-Provence' -> 'epeautre de haute provence'."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    kept = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
