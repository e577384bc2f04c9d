"""croqualim begin-network STRUCTURE EMAIL PRÉNOM NOM: the first animator lets the others in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import now

from croqualim.accounts.actions import invite_staff, register_staff
from croqualim.accounts.queries import staff_named
from croqualim.network.actions import add_structure, give_role
from croqualim.network.models import Category, RoleKind, Structure


class Command(BaseCommand):
    help = "Ajoute une structure et invite la personne qui animera le réseau."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("structure")
        parser.add_argument("email")
        parser.add_argument("given_name", metavar="prénom")
        parser.add_argument("family_name", metavar="nom")

    @transaction.atomic
    def handle(self, *, structure: str, email: str, **names: Any) -> None:
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"« {email} » n’est pas une adresse e-mail.") from error
        at = now()
        home = Structure.objects.filter(name=structure).first() or add_structure(
            name=structure, category=Category.FUNDER, now=at
        )
        person = staff_named(email) or register_staff(
            given_name=names["given_name"],
            family_name=names["family_name"],
            username=email,
            now=at,
        )
        give_role(person=person, structure=home, kind=RoleKind.ANIMATOR, actor=None, now=at)
        invite_staff(person=person, actor=None, now=at)
        self.stdout.write(f"Une invitation part à {person.username}.")
