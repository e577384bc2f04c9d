"""A paper goes to the printer: which one, in which version, on which labels."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Collective, Cycle, Popup, Printing


@transaction.atomic
def note_printing(
    *, cycle: Cycle, popup: Popup | None, paper: str, version: int, actor: Person, now: datetime
) -> None:
    """The same version printed again is noted once."""
    printing = Printing(cycle=cycle, popup=popup, paper=paper, version=version, actor=actor, at=now)
    Printing.objects.bulk_create([printing], ignore_conflicts=True)


def remember_labels(*, collective: Collective, label_format: str) -> None:
    """What the collective has in its drawer is what it prints on next time."""
    Collective.objects.filter(pk=collective.pk).update(label_format=label_format)
