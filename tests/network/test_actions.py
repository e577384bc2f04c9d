from datetime import timedelta

import pytest

from croqualim.accounts.actions import register_person, register_staff
from croqualim.accounts.models import Person
from croqualim.accounts.rules import Address
from croqualim.messages.models import Message
from croqualim.network import access, actions
from croqualim.network.actions import NetworkRefused
from croqualim.network.models import STAFF_KINDS, Category, Role, RoleKind, Structure
from croqualim.network.rules import Reason
from tests.conftest import NOON
from tests.factories import CommuneFactory, PersonFactory, RoleFactory, StructureFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=30)


def add(**facts):
    return actions.add_structure(
        **{"name": "La Cagette", "category": Category.ACCESS, "now": NOON, **facts}
    )


def facts_of(structure, **changes):
    names = ("name", "category", "commune", "description", "siret", "email", "phone")
    return {**{name: getattr(structure, name) for name in names}, **changes}


def invite(structure, kind=RoleKind.COORDINATOR, address="lila@exemple.fr", **names):
    channel = "email" if "@" in address else "sms"
    return actions.invite(
        structure=structure,
        kind=kind,
        address=Address(channel, address),
        actor=PersonFactory(),
        now=NOON,
        **{"given_name": "Lila", "family_name": "Exemple", **names},
    )


def test_a_structure_is_kept_in_normal_form():
    arles = CommuneFactory()

    structure = add(
        name="  La  Cagette d’Été ",
        commune=arles,
        siret="732 829 320 00074",
        phone="04 90 00 00 00",
        email="bonjour@cagette.example",
    )

    structure.refresh_from_db()
    assert structure.name == "La Cagette d’Été"
    assert structure.search_name == "la cagette d ete"
    assert structure.siret == "73282932000074"
    assert structure.phone == "+33490000000"
    assert structure.commune == arles
    assert structure.created_at == NOON


@pytest.mark.parametrize(
    ("wrong", "reason", "field"),
    [
        ({"name": "  "}, Reason.NAME_MISSING, "name"),
        ({"name": "a" * 151}, Reason.NAME_TOO_LONG, "name"),
        ({"siret": "12345678901234"}, Reason.SIRET_WRONG, "siret"),
        ({"siret": "35600000000048"}, Reason.SIRET_TAKEN, "siret"),
    ],
)
def test_a_refused_structure_is_not_written(wrong, reason, field):
    add(name="La Poste", siret="35600000000048")

    with pytest.raises(NetworkRefused) as refused:
        add(**wrong)

    assert (refused.value.problem.reason, refused.value.problem.field) == (reason, field)
    assert Structure.objects.count() == 1


def test_many_structures_may_have_no_siret():
    add()
    add()

    assert Structure.objects.count() == 2


def test_a_change_refused_changes_nothing():
    add(name="La Poste", siret="35600000000048")
    mine = add(name="La Cagette", siret="73282932000074")

    with pytest.raises(NetworkRefused):
        actions.change_structure(
            structure=mine,
            **facts_of(mine, name="Autre", siret="35600000000048"),
            actor=PersonFactory(),
            now=LATER,
        )

    mine.refresh_from_db()
    assert (mine.name, mine.siret) == ("La Cagette", "73282932000074")


def test_a_structure_changes_and_is_found_by_its_new_name():
    structure = add()

    actions.change_structure(
        structure=structure,
        **facts_of(structure, name="L’Épicerie", siret="73282932000074"),
        actor=PersonFactory(),
        now=LATER,
    )

    structure.refresh_from_db()
    assert (structure.search_name, structure.created_at) == ("l epicerie", NOON)


def test_a_role_given_twice_is_one_role():
    person, structure = PersonFactory(), StructureFactory()
    given = {"person": person, "structure": structure, "kind": RoleKind.TILL}

    first = actions.give_role(**given, actor=None, now=NOON)
    second = actions.give_role(**given, actor=PersonFactory(), now=LATER)

    assert first == second
    assert Role.objects.get().since == NOON


def test_a_role_ended_may_be_given_anew_and_its_past_stays():
    coordinator = RoleFactory().person
    role = RoleFactory(kind=RoleKind.TILL)

    actions.end_role(role=role, actor=coordinator, now=LATER)
    again = actions.give_role(
        person=role.person, structure=role.structure, kind=RoleKind.TILL, now=LATER
    )

    assert again != role
    role.refresh_from_db()
    assert role.ended_at == LATER
    assert access.has_role(role.person, RoleKind.TILL, role.structure)


def test_ending_twice_keeps_the_first_day():
    role = RoleFactory(kind=RoleKind.TILL)
    actions.end_role(role=role, actor=PersonFactory(), now=NOON)

    actions.end_role(role=role, actor=PersonFactory(), now=LATER)

    role.refresh_from_db()
    assert role.ended_at == NOON


def test_rights_follow_at_once_on_the_person_at_hand():
    person, structure = PersonFactory(), StructureFactory()
    assert not access.has_role(person, RoleKind.TILL)

    role = actions.give_role(
        person=person, structure=structure, kind=RoleKind.TILL, actor=None, now=NOON
    )
    assert access.has_role(person, RoleKind.TILL)

    actions.end_role(role=role, actor=PersonFactory(), now=LATER)
    assert not access.has_role(person, RoleKind.TILL)


def test_who_coordinates_alone_does_not_walk_away():
    alone = RoleFactory()

    with pytest.raises(NetworkRefused) as refused:
        actions.end_role(role=alone, actor=alone.person, now=LATER)
    assert refused.value.problem.reason is Reason.LAST_COORDINATOR
    alone.refresh_from_db()
    assert alone.ended_at is None

    RoleFactory(structure=alone.structure)
    actions.end_role(role=alone, actor=alone.person, now=LATER)
    alone.refresh_from_db()
    assert alone.ended_at == LATER


def test_an_animator_may_end_the_last_coordinator():
    alone = RoleFactory()

    actions.end_role(role=alone, actor=RoleFactory(kind=RoleKind.ANIMATOR).person, now=LATER)

    alone.refresh_from_db()
    assert alone.ended_at == LATER


@pytest.mark.parametrize("kind", sorted(STAFF_KINDS))
def test_whoever_sees_others_is_sent_a_link_to_choose_a_password(kind):
    role = invite(StructureFactory(), kind=kind)

    assert role.person.username == "lila@exemple.fr"
    [letter] = Message.objects.all()
    assert letter.address == "lila@exemple.fr"


def test_a_staff_person_known_here_is_given_the_role_and_sent_nothing():
    known = register_staff(
        given_name="Lila", family_name="Exemple", username="lila@exemple.fr", now=NOON
    )

    role = invite(StructureFactory(), given_name="Lilas")

    assert role.person == known
    assert not Message.objects.exists()


def test_a_coordinator_needs_an_e_mail_address():
    with pytest.raises(NetworkRefused) as refused:
        invite(StructureFactory(), address="+33612345678")

    assert refused.value.problem.reason is Reason.EMAIL_NEEDED
    assert not Role.objects.exists()


def test_the_address_of_somebody_who_left_is_refused_and_nobody_is_added():
    gone = register_staff(
        given_name="Lila", family_name="Exemple", username="lila@exemple.fr", now=NOON
    )
    gone.is_active = False
    gone.save()
    structure = StructureFactory()
    people = Person.objects.count()

    with pytest.raises(NetworkRefused) as refused:
        invite(structure)

    assert refused.value.problem.reason is Reason.ADDRESS_IS_SOMEBODY_ELSE
    assert Person.objects.count() == people + 1  # the actor of this test
    assert not Role.objects.exists()


def test_a_volunteer_enters_by_code_and_needs_no_password():
    role = invite(StructureFactory(), kind=RoleKind.VOLUNTEER, address="+33612345678")

    assert (role.person.phone, role.person.username) == ("+33612345678", None)
    assert not Message.objects.exists()


def test_of_a_family_that_shares_a_telephone_the_one_of_this_name_is_meant():
    mother = register_person(
        given_name="Lila", family_name="Exemple", phone="+33612345678", now=NOON
    )
    register_person(
        given_name="Sami",
        family_name="Exemple",
        phone="+33612345678",
        household=mother.household,
        now=NOON,
    )
    structure = StructureFactory()

    known = invite(structure, kind=RoleKind.VOLUNTEER, address="+33612345678", given_name="LILA")
    new = invite(structure, kind=RoleKind.VOLUNTEER, address="+33612345678", given_name="Nour")

    assert known.person == mother
    assert new.person.household != mother.household
