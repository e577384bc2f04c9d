"""A group of scattered villages: its van stops twice of an evening."""

from datetime import datetime, timedelta

from django.utils.timezone import localtime

from croqualim.demo.region import Region
from croqualim.groupbuy.actions.stops import change_stops
from croqualim.groupbuy.models import Cycle, Popup, Stop
from croqualim.groupbuy.queries.stops import stops_of
from croqualim.groupbuy.rules.stops import StopPlan

PLACES = ("Salle polyvalente de Moulès", "Place du village, à Mas-Thibert")


def begin(region: Region, cycle: Cycle, now: datetime) -> None:
    """The first group's; the others stay where they are."""
    popup = Popup.objects.get(cycle=cycle, group=region.groups[0])
    starts_at = localtime(popup.starts_at)
    plans = [
        StopPlan(
            place,
            starts_at + timedelta(minutes=90 * turn),
            starts_at + timedelta(minutes=90 * turn + 60),
        )
        for turn, place in enumerate(PLACES)
    ]
    change_stops(popup=popup, kept={}, added=plans, actor=region.coordinator, now=now)


def stop_of(popup: Popup, number: int) -> Stop | None:
    """Where this household collects; None where the shop does not go round."""
    if not popup.has_stops:
        return None
    return stops_of(popup)[number % len(PLACES)]
