"""croqualim reset-second-factor EMAIL: telephone and recovery codes are lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import now

from croqualim.accounts import actions, queries


class Command(BaseCommand):
    help = "Retire le téléphone et les codes de secours d’une personne d’équipe, et le lui écrit."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *, email: str, **options: Any) -> None:
        person = queries.staff_named(email)
        if person is None:
            raise CommandError(f"Personne de l’équipe n’entre avec « {email} ».")
        actions.reset_second_factor(person=person, actor=None, now=now())
        self.stdout.write(f"{person} installera un autre téléphone à sa prochaine entrée.")
