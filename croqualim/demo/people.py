"""Invented people, and the structures that the network's first report names.

Family names are plants: nobody is called so. The structures are in the directory alone: what the
demonstration tells of money and orders is of invented ones.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

DATA = Path(__file__).parent / "data"


def inhabitants() -> list[tuple[str, str]]:
    """Given and family name of each household's first person."""
    return [(line["given_name"], line["family_name"]) for line in _lines("people.csv")]


def known_structures() -> list[dict[str, str]]:
    """name, category, commune_code (INSEE), what_it_does."""
    return list(_lines("structures.csv"))


def _lines(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")
