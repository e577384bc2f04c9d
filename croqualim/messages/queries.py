from datetime import datetime

from django.db.models import Q, QuerySet

from croqualim.messages import rules
from croqualim.messages.models import Message


def waiting() -> QuerySet[Message]:
    return Message.objects.filter(sent_at=None, given_up_at=None).order_by("due_at", "pk")


def due(*, now: datetime) -> QuerySet[Message]:
    """What should leave now, the longest due first."""
    return waiting().filter(due_at__lte=now)


def given_up() -> QuerySet[Message]:
    """What never arrived, until it is forgotten: somebody must read these."""
    return (
        Message.objects.exclude(given_up_at=None)
        .exclude(address="")
        .order_by("-given_up_at", "-pk")
    )


def uncertain() -> QuerySet[Message]:
    """What may have reached somebody twice: its worker was killed while it spoke to the network."""
    return Message.objects.filter(last_error=rules.MAYBE_TWICE, sent_at__isnull=False).order_by(
        "-sent_at", "-pk"
    )


def to_forget(*, now: datetime) -> QuerySet[Message]:
    """What left or was given up, and says something to nobody any more."""
    old, useless = now - rules.KEPT, now - rules.KEPT_USELESS
    is_old = Q(sent_at__lt=old) | Q(given_up_at__lt=old)
    is_done = ~Q(sent_at=None, given_up_at=None)
    return Message.objects.filter(is_old | (is_done & Q(useful_until__lt=useless))).exclude(
        address=""
    )
