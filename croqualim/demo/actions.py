"""Building the demonstration region, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from croqualim.demo.lately import live_lately
from croqualim.demo.months import live
from croqualim.demo.region import COLLECTIVE, found_region
from croqualim.network.models import Structure

LONG_AGO = timedelta(days=420)


@transaction.atomic
def build_region(*, now: datetime, say: Callable[[str], None], months: int = 12) -> bool:
    """Make the region by running the real actions; False when it is there already.

    `months`: how many are past and settled.

    All or nothing: interrupted, the next call begins again. `say` is told each month's end.
    """
    if Structure.objects.filter(name=COLLECTIVE).exists():
        return False
    region = found_region(now - LONG_AGO)
    live(region, now, say, months)
    live_lately(region, now)
    return True
