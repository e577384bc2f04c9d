"""Finding a commune by what people write."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from croqualim.territory import rules
from croqualim.territory.models import Commune
from croqualim.territory.rules import Asked

MAX_CHOICES = 8


@dataclass(frozen=True)
class Found:
    """The one commune that was meant, or those it may be."""

    commune: Commune | None
    choices: list[Commune]
    count: int  # of all that match, more perhaps than there are choices


def communes_named(text: str, limit: int = MAX_CHOICES) -> list[Commune]:
    """Those whose name, or one word of it, begins so; or whose postal code does.

    The very name first, then names that begin so, the most populous first.
    """
    return list(_matching(rules.asked(text))[:limit])


def find_commune(text: str) -> Found:
    """'Arles', 'Arles (13)', '13200 Arles', '13690' -> the commune, when there is no doubt.

    Five figures are a postal code before they are an INSEE code: that is what people know.
    """
    asked = rules.asked(text)
    found = _among(_matching(asked), asked)
    if found.count == 0 and asked.name and asked.postal_code:  # a CEDEX, or a slip of the pen
        found = _among(_matching(_without_postal_code(asked)), asked)
    if found.count == 0 and rules.CODE.fullmatch(code := text.strip().upper()):
        commune = Commune.objects.filter(pk=code).first()
        return Found(commune, [], int(commune is not None))
    return found


def _without_postal_code(asked: Asked) -> Asked:
    return Asked(asked.name, "", asked.department or rules.department_of(asked.postal_code))


def _among(matching: QuerySet[Commune], asked: Asked) -> Found:
    choices = list(matching[: MAX_CHOICES + 1])
    same_name = [commune for commune in choices if commune.search_name == asked.name]
    if len(choices) == 1 or len(same_name) == 1:
        return Found((same_name or choices)[0], [], 1)
    count = len(choices) if len(choices) <= MAX_CHOICES else matching.count()
    return Found(None, choices[:MAX_CHOICES], count)


def _matching(asked: Asked) -> QuerySet[Commune]:
    if asked.is_empty:
        return Commune.objects.none()
    communes = Commune.objects.select_related("department")
    if asked.department:
        communes = communes.filter(department=asked.department)
    if asked.postal_code:
        # A JSON list as text, '["13200", "13104"]': the same on both engines.
        communes = communes.annotate(codes=Cast("postal_codes", TextField())).filter(
            codes__contains=f'"{asked.postal_code}'
        )
    if asked.name:
        begins = Q(search_name__startswith=asked.name)
        communes = communes.filter(begins | Q(search_name__contains=f" {asked.name}"))
    return communes.order_by(_nearness(asked.name), "-population", "search_name", "pk")


def _nearness(name: str) -> Case:
    return Case(
        When(search_name=name, then=Value(0)),
        When(search_name__startswith=name, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
