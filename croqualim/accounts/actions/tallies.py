"""Counting in the database, so that a thousand parallel tries count as a thousand."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac

from croqualim.accounts import rules
from croqualim.accounts.models import Tally


@transaction.atomic
def count(*, name: str, limits: Sequence[rules.Limit], now: datetime) -> datetime | None:
    """Count one more under this name, or return until when it is refused.

    A limit looks back a day at most (`rules.LONGEST`): what is older is thrown away.
    The row is locked from reading to writing (SQLite: the whole file is, transactions being
    IMMEDIATE), so nobody slips in between.
    """
    tally, _is_new = Tally.objects.select_for_update().get_or_create(
        key_digest=_digest(name), defaults={"last_at": now}
    )
    moments = [datetime.fromisoformat(moment) for moment in tally.moments]
    if until := rules.wait_until(moments, limits, now=now):
        return until
    kept = [*rules.still_counted(moments, now=now), now]
    tally.moments, tally.last_at = [moment.isoformat() for moment in kept], now
    tally.save()
    return None


def clear(*, name: str) -> None:
    Tally.objects.filter(key_digest=_digest(name)).delete()


def forget_old(*, now: datetime) -> None:
    """What no limit looks at any more: nobody's telephone number stays here longer."""
    Tally.objects.filter(last_at__lt=now - rules.LONGEST).delete()


def _digest(name: str) -> str:
    return salted_hmac("croqualim.accounts.tally", name, algorithm="sha256").hexdigest()
