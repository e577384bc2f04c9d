from django.db.models import Q, QuerySet

from croqualim.accounts.models import Person
from croqualim.kernel.text import fold
from croqualim.network.models import Role, RoleKind, Structure


def searched(
    structures: QuerySet[Structure], *, text: str = "", category: str = "", department: str = ""
) -> QuerySet[Structure]:
    """Narrowed: each word begins one of the structure's name or of its commune's."""
    for word in fold(text).split():
        structures = structures.filter(
            _has_word("search_name", word) | _has_word("commune__search_name", word)
        )
    if category:
        structures = structures.filter(category=category)
    if department:
        structures = structures.filter(commune__department=department)
    return structures.order_by("search_name", "pk")


def _has_word(field: str, word: str) -> Q:
    return Q(**{f"{field}__startswith": word}) | Q(**{f"{field}__contains": f" {word}"})


def departments_present() -> list[tuple[str, str]]:
    """(code, name) of the départements where there is a structure."""
    present = Structure.objects.exclude(commune=None).values_list(
        "commune__department", "commune__department__name"
    )
    return list(present.distinct().order_by("commune__department"))


def people_who(kind: RoleKind, structure: Structure) -> QuerySet[Person]:
    """Those who hold this role there today."""
    roles = Role.objects.filter(kind=kind, structure=structure, ended_at=None)
    return Person.objects.filter(pk__in=roles.values("person"), is_active=True).order_by("pk")


def other_coordinators(role: Role) -> list[int]:
    """Those who coordinate the same structure beside the person of this role."""
    roles = Role.objects.filter(
        structure=role.structure_id, kind=RoleKind.COORDINATOR, ended_at=None
    )
    return list(roles.exclude(person=role.person_id).values_list("person", flat=True))
