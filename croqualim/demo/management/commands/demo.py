from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.utils.timezone import localtime

from croqualim.demo.actions import build_region


class Command(BaseCommand):
    help = "Load the demonstration region (once) and serve it."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--only-build", action="store_true", help="load, do not serve")

    def handle(self, *, only_build: bool, **options: object) -> None:
        if not settings.DEMO:
            raise CommandError("Set DEMO=1: a demonstration never mixes with real people.")
        call_command("migrate", verbosity=0)
        call_command("import_communes", verbosity=0)
        self.stdout.write("La région de démonstration se prépare, par les vraies actions…")
        if build_region(now=localtime(), say=self._say):
            self.stdout.write(self.style.SUCCESS("La région est prête."))
        else:
            self.stdout.write("Elle est déjà là.")
        if not only_build:
            call_command("serve")

    def _say(self, sentence: str) -> None:
        self.stdout.write(f"  {sentence}")
        self.stdout.flush()
