"""Lists of communes as they come: the one we ship, and Etalab's of the whole country."""

import csv
import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from croqualim.territory.rules import CommuneRow, is_fit

FOLDER = Path(__file__).parent / "data"


class FileRefused(Exception):
    """`str()` of it is a sentence for whoever chose the file."""


def shipped() -> list[CommuneRow]:
    """The communes of Provence-Alpes-Côte d’Azur (data/SOURCES.md)."""
    names = department_names()
    with (FOLDER / "communes.csv").open(encoding="utf-8", newline="") as file:
        return [_from_ours(line, names) for line in csv.DictReader(file)]


def department_names() -> dict[str, str]:
    with (FOLDER / "departments.csv").open(encoding="utf-8", newline="") as file:
        return {line["code"]: line["name"] for line in csv.DictReader(file)}


def _from_ours(line: dict[str, str], names: dict[str, str]) -> CommuneRow:
    latitude, longitude = line["latitude"], line["longitude"]
    return CommuneRow(
        code=line["code"],
        name=line["name"],
        department=(line["department"], names[line["department"]]),
        postal_codes=tuple(line["postal_codes"].split()),
        population=int(line["population"]),
        epci=(line["epci_siren"], line["epci_name"]) if line["epci_siren"] else None,
        point=(_microdegrees(latitude), _microdegrees(longitude)) if latitude else None,
    )


def _microdegrees(text: str) -> int:
    return int(Decimal(text) * 1_000_000)


def from_etalab(content: bytes) -> list[CommuneRow]:
    """Etalab's `communes.json` (npm @etalab/decoupage-administratif): the present communes in it.

    Arrondissements of Paris, Lyon and Marseille and communes that merged are left out.
    Raises FileRefused.
    """
    entries = _parsed(content)
    if not isinstance(entries, list):
        raise FileRefused(_("Ce fichier ne contient pas une liste de communes."))
    names = department_names()
    rows = [
        _from_etalab(number, entry, names)
        for number, entry in enumerate(entries, 1)
        if not (isinstance(entry, dict) and entry.get("type") not in ("commune-actuelle", None))
    ]
    if not rows:
        raise FileRefused(_("Ce fichier ne contient aucune commune actuelle."))
    _refuse_doubles(rows)
    return rows


def _parsed(content: bytes) -> Any:
    try:
        return json.loads(content)
    except UnicodeDecodeError as error:
        raise FileRefused(_("Ce fichier n’est pas du texte en UTF-8.")) from error
    except json.JSONDecodeError as error:
        sentence = _("Ce fichier n’est pas du JSON : la ligne %s ne se lit pas.")
        raise FileRefused(sentence % error.lineno) from error
    except RecursionError as error:
        raise FileRefused(_("Ce fichier ne contient pas une liste de communes.")) from error


def _from_etalab(number: int, entry: Any, names: dict[str, str]) -> CommuneRow:
    try:
        department = str(entry["departement"])
        row = CommuneRow(
            code=str(entry["code"]),
            name=str(entry["nom"]),
            department=(department, names[department]),
            postal_codes=tuple(sorted(map(str, entry.get("codesPostaux", ())))),
            population=int(entry.get("population", 0)),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise FileRefused(_cannot_read(number)) from error
    if not is_fit(row):
        raise FileRefused(_cannot_read(number))
    return row


def _cannot_read(number: int) -> str:
    return (
        _("L’entrée n° %s de ce fichier n’est pas une commune telle qu’Etalab les écrit.") % number
    )


def _refuse_doubles(rows: list[CommuneRow]) -> None:
    [(code, times)] = Counter(row.code for row in rows).most_common(1)
    if times > 1:
        raise FileRefused(_("Le code %s se trouve deux fois dans ce fichier.") % code)
