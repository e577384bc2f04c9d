import pytest
from django.core.management import CommandError, call_command

from croqualim.messages.models import Message
from croqualim.network.models import Role, RoleKind

pytestmark = pytest.mark.django_db

WORDS = ("Réseau d’essai", "dominique@croqualim.example", "Dominique", "Tilleul")


def test_the_first_animator_is_invited_and_doing_it_again_changes_no_role():
    call_command("begin_network", *WORDS)
    call_command("begin_network", *WORDS)

    role = Role.objects.get()
    assert (role.kind, role.structure.name) == (RoleKind.ANIMATOR, "Réseau d’essai")
    assert Message.objects.filter(address=WORDS[1]).exists()


def test_what_is_no_address_is_said():
    with pytest.raises(CommandError, match="pas une adresse"):
        call_command("begin_network", "Réseau", "dominique", "Dominique", "Tilleul")
