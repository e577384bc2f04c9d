import pytest
from django.http import Http404

from croqualim.network import access
from croqualim.network.models import RoleKind
from tests.conftest import NOON
from tests.factories import PersonFactory, RoleFactory, StructureFactory

pytestmark = pytest.mark.django_db


def test_roles_cost_one_query_for_a_request(django_assert_num_queries):
    role = RoleFactory()
    RoleFactory(person=role.person, kind=RoleKind.TILL)

    with django_assert_num_queries(1):
        assert access.has_role(role.person, RoleKind.COORDINATOR, role.structure)
        assert access.has_role(role.person, RoleKind.TILL)
        assert not access.is_animator(role.person)
        assert access.may_edit_structure(role.person, role.structure)
        assert [str(r.structure) for r in access.roles_of(role.person)]


def test_a_role_elsewhere_opens_nothing_here():
    role, elsewhere = RoleFactory(), StructureFactory()

    assert not access.has_role(role.person, RoleKind.COORDINATOR, elsewhere)
    assert not access.may_edit_structure(role.person, elsewhere)
    assert access.kinds_to_give(role.person, elsewhere) == []


def test_a_role_that_ended_opens_nothing():
    role = RoleFactory(ended_at=NOON)

    assert access.roles_of(role.person) == []
    assert not access.structures_where(role.person, RoleKind.COORDINATOR).exists()
    assert not access.visible_structures(role.person).exists()
    assert list(access.visible_people(role.person)) == [role.person]


def test_structures_by_role():
    role = RoleFactory(kind=RoleKind.TILL)
    RoleFactory(kind=RoleKind.TILL)

    assert list(access.structures_where(role.person, RoleKind.TILL)) == [role.structure]
    assert list(access.structures_where(role.person)) == [role.structure]
    assert not access.structures_where(role.person, RoleKind.COORDINATOR).exists()
    assert list(access.structures_where(role.person, RoleKind.COORDINATOR, RoleKind.TILL)) == [
        role.structure
    ]


def test_a_structure_never_sees_another_s_people():
    here, there = StructureFactory(), StructureFactory()
    ours = [RoleFactory(structure=here).person for _ in range(2)]
    RoleFactory(structure=here, ended_at=NOON)
    RoleFactory(structure=there)
    between = RoleFactory(structure=there, kind=RoleKind.FUNDER).person

    assert set(access.visible_people(ours[0])) == set(ours)
    assert not access.visible_team(ours[0], there).exists()
    assert not access.may_see_team(between, here)


def test_an_animator_sees_a_team_and_yet_has_no_list_of_everybody():
    animator = RoleFactory(kind=RoleKind.ANIMATOR).person
    role = RoleFactory()

    assert list(access.visible_team(animator, role.structure)) == [role]
    assert role.person not in access.visible_people(animator)


def test_only_animators_make_animators():
    role = RoleFactory()
    animator = RoleFactory(kind=RoleKind.ANIMATOR).person
    anothers = RoleFactory(structure=role.structure, kind=RoleKind.ANIMATOR)

    assert RoleKind.ANIMATOR in access.kinds_to_give(animator, role.structure)
    assert RoleKind.ANIMATOR not in access.kinds_to_give(role.person, role.structure)
    with pytest.raises(Http404):
        access.get_role_to_end(role.person, anothers.pk)


@pytest.mark.parametrize("kind", [k for k in RoleKind if k not in ("animator", "coordinator")])
def test_other_roles_give_none(kind):
    role = RoleFactory(kind=kind)

    assert access.kinds_to_give(role.person, role.structure) == []
    assert not access.may_edit_structure(role.person, role.structure)
    assert not access.may_add_structure(role.person)


def test_without_a_role_there_is_no_directory():
    StructureFactory()

    assert not access.visible_structures(PersonFactory()).exists()
