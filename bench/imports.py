"""A producer's list of 50,000 lines: sent, looked at, applied, sent dearer, taken back.

    python -m bench.imports                                       on SQLite
    python -m tools.with_postgres python -m bench.imports         on PostgreSQL
    python -m bench.imports 5000                                  a shorter list

A fifth of the names hide their sack ("Riz 25 kg"): they are guessed, and wait to be looked at.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from croqualim.accounts.models import Person
    from croqualim.catalogue.models import CatalogueImport
    from croqualim.network.models import Structure

LINES = 50_000
FARMS = 40
PAGES = 20
HEADERS = ["Producteur", "Code", "Nom", "Famille", "Se commande par", "Conditionnement"]
HEADERS += ["Prix", "Pour", "Origine", "Labels"]
T = TypeVar("T")


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    with tempfile.TemporaryDirectory(prefix="croqualim-bench-") as folder:
        os.environ["DATA_DIR"], os.environ["DEBUG"] = folder, "1"
        import django  # noqa: PLC0415 (settings read the environment made above)

        django.setup()
        measure(int(sys.argv[1]) if len(sys.argv) > 1 else LINES)


def measure(lines: int) -> None:
    from django.core.management import call_command  # noqa: PLC0415 (needs a set-up Django)
    from django.db import connection  # noqa: PLC0415

    print(connection.vendor, lines)
    call_command("migrate", verbosity=0)
    buyer, person = _team()
    draft = said("draft, CSV", lambda: _draft(buyer, person, _as_csv(lines, 300)))
    said("draft, XLSX", lambda: _draft(buyer, person, _as_xlsx(lines, 300)))
    _look(person, draft)
    said("apply, all new", lambda: _apply(draft, person))
    said("draft again, the same", lambda: _draft(buyer, person, _as_csv(lines, 300)))
    dearer = said("draft again, dearer", lambda: _draft(buyer, person, _as_csv(lines, 310)))
    said("apply, all dearer", lambda: _apply(dearer, person))
    said("undo, all dearer", lambda: _undo(dearer, person))
    said("undo, all new", lambda: _undo(draft, person))


def _team() -> "tuple[Structure, Person]":
    from tests.factories import RoleFactory, StructureFactory  # noqa: PLC0415

    buyer = StructureFactory(name="Croq’en commun")
    return buyer, RoleFactory(structure=buyer, kind="coordinator").person


def _draft(buyer: "Structure", person: "Person", content: bytes) -> "CatalogueImport":
    from django.utils.timezone import now  # noqa: PLC0415

    from croqualim.catalogue.actions.importing import draft_import  # noqa: PLC0415

    started = time.process_time()
    draft = draft_import(
        buyer=buyer, file_name="tarif.csv", content=content, actor=person, now=now()
    )
    print(f"{'':28} {time.process_time() - started:6.2f} s of CPU without making the file")
    return draft


def _apply(draft: "CatalogueImport", person: "Person") -> None:
    from django.utils.timezone import now  # noqa: PLC0415

    from croqualim.catalogue.actions.importing import apply_import  # noqa: PLC0415

    apply_import(draft=draft, take_doubtful=True, actor=person, now=now())


def _undo(draft: "CatalogueImport", person: "Person") -> None:
    from django.utils.timezone import now  # noqa: PLC0415

    from croqualim.catalogue.actions.undoing import undo_import  # noqa: PLC0415

    undo_import(draft=draft, actor=person, now=now())


def _look(person: "Person", draft: "CatalogueImport") -> None:
    """The preview, its first page and its last."""
    from django.test import Client, override_settings  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    client, at = Client(), reverse("catalogue:preview", args=[draft.pk])
    client.force_login(person)
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        for query in ("", "?voir=doubtful", "?page=400"):
            client.get(at + query)
            started = time.perf_counter()
            for _ in range(PAGES):
                if client.get(at + query).status_code != 200:
                    raise RuntimeError(query)
            each = 1000 * (time.perf_counter() - started) / PAGES
            print(f"{'preview ' + query:28} {each:6.0f} ms")


def _rows(lines: int, cents: int) -> Iterator[list[str]]:
    yield HEADERS
    for number in range(lines):
        hidden = number % 5 == 0
        yield [
            f"Ferme {number % FARMS}",
            f"REF-{number}",
            f"Lentilles vertes {number}" + (" 25 kg" if hidden else ""),
            "Légumes secs",
            "500 g",
            "" if hidden else "sac de 25 kg",
            f"{cents // 100},{cents % 100:02}",
            "" if hidden else "1 kg",
            "Arles",
            "Agriculture biologique",
        ]


def _as_csv(lines: int, cents: int) -> bytes:
    return "\r\n".join(";".join(row) for row in _rows(lines, cents)).encode()


def _as_xlsx(lines: int, cents: int) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _rows(lines, cents):
        sheet.append(row)
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        return file.read()


def said(what: str, action: Callable[[], T]) -> T:
    """Seconds on the clock and of the processor."""
    wall, cpu = time.perf_counter(), time.process_time()
    result = action()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:28} {wall:6.2f} s ({cpu:6.2f} s of CPU)", flush=True)
    return result


if __name__ == "__main__":
    main()
