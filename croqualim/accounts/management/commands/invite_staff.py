"""croqualim invite-staff EMAIL PRÉNOM NOM: the first person of an installation, or one more."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils.timezone import now

from croqualim.accounts import actions, queries


class Command(BaseCommand):
    help = "Invite une personne d’équipe : elle reçoit un lien pour choisir son mot de passe."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("given_name", metavar="prénom")
        parser.add_argument("family_name", metavar="nom")

    def handle(self, *, email: str, given_name: str, family_name: str, **options: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"« {email} » n’est pas une adresse e-mail.") from error
        person = queries.staff_named(email) or actions.register_staff(
            given_name=given_name, family_name=family_name, username=email, now=now()
        )
        actions.invite_staff(person=person, actor=None, now=now())
        self.stdout.write(f"Une invitation part à {person.username}.")
