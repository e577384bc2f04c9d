from datetime import datetime

from django.db.models import QuerySet

from croqualim.messages.models import Message


def waiting() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, given_up_at=None).order_by("due_at", "pk")


def due(*, now: datetime) -> QuerySet[Message]:
    """What should leave now, the longest due first."""
    return waiting().filter(due_at__lte=now)


def given_up() -> QuerySet[Message]:
    """What never arrived: somebody must read these."""
    return Message.objects.exclude(given_up_at=None).order_by("-given_up_at", "-pk")
