"""croqualim import-communes [FILE]"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from croqualim.territory import files
from croqualim.territory.actions import import_communes
from croqualim.territory.rules import CommuneRow


class Command(BaseCommand):
    help = "Load communes: those we ship, or Etalab's file (communes.json) of the whole country."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE")

    def handle(self, *, file: Path | None, **options: Any) -> None:
        changes = import_communes(rows=_rows(file))
        self.stdout.write(
            f"{changes.created} communes créées, {changes.changed} changées, "
            f"{changes.same} déjà à jour."
        )


def _rows(file: Path | None) -> list[CommuneRow]:
    if file is None:
        return files.shipped()
    try:
        return files.from_etalab(file.read_bytes())
    except OSError as error:
        raise CommandError(f"{file} : ce fichier ne peut pas être lu.") from error
    except files.FileRefused as refused:
        raise CommandError(f"{file} : {refused}") from refused
