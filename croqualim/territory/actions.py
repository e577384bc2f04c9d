"""Lists of communes come in. Nothing is taken out: structures and groups hang on to communes."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from croqualim.territory import rules
from croqualim.territory.models import Commune, Department, Epci
from croqualim.territory.rules import Changes, CommuneRow

BATCH = 2_000
COLUMNS = (
    "name",
    "search_name",
    "department_id",
    "epci_id",
    "postal_codes",
    "population",
    "latitude_microdegrees",
    "longitude_microdegrees",
)


@transaction.atomic
def import_communes(*, rows: Sequence[CommuneRow]) -> Changes:
    """Create what is new, change what differs. Applied twice, it changes nothing the second time.

    What a list does not say (EPCI, coordinates) stays as it was.
    """
    _note_departments({row.department for row in rows})
    _note_epcis({row.epci for row in rows if row.epci})
    known = Commune.objects.in_bulk()
    new, changed = [], []
    for row in rows:
        before = known.get(row.code)
        commune = _as_commune(row, before)
        if before is None:
            new.append(commune)
        elif _facts(commune) != _facts(before):
            changed.append(commune)
    Commune.objects.bulk_create(new, batch_size=BATCH)
    _update(changed)
    return Changes(len(new), len(changed), len(rows) - len(new) - len(changed))


def _as_commune(row: CommuneRow, before: Commune | None) -> Commune:
    """What it becomes; `before` lends what the row does not say."""
    epci_siren, latitude, longitude = None, None, None
    if before is not None:
        epci_siren = before.epci_id
        latitude, longitude = before.latitude_microdegrees, before.longitude_microdegrees
    if row.epci is not None:
        epci_siren = row.epci[0]
    if row.point is not None:
        latitude, longitude = row.point
    return Commune(
        code=row.code,
        name=row.name,
        search_name=rules.search_name(row.name),
        department_id=row.department[0],
        epci_id=epci_siren,
        postal_codes=list(row.postal_codes),
        population=row.population,
        latitude_microdegrees=latitude,
        longitude_microdegrees=longitude,
    )


def _facts(commune: Commune) -> tuple[object, ...]:
    return tuple(getattr(commune, column) for column in COLUMNS)


def _update(communes: Sequence[Commune]) -> None:
    """One upsert a batch, where bulk_update would weave a CASE for each column and row."""
    if communes:
        Commune.objects.bulk_create(
            communes,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["code"],
            update_fields=[column.removesuffix("_id") for column in COLUMNS],
        )


def _note_departments(departments: Iterable[tuple[str, str]]) -> None:
    Department.objects.bulk_create(
        [Department(code=code, name=name) for code, name in sorted(departments)],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name"],
    )


def _note_epcis(epcis: Iterable[tuple[str, str]]) -> None:
    Epci.objects.bulk_create(
        [Epci(siren=siren, name=name) for siren, name in sorted(epcis)],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["siren"],
        update_fields=["name"],
    )
