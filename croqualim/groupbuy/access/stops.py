"""Shops whose place and hours she decides."""

from django.shortcuts import get_object_or_404

from croqualim.accounts.models import Person
from croqualim.groupbuy.access import coordinated_cycles
from croqualim.groupbuy.models import Popup


def get_popup_to_plan(person: Person, popup_id: int) -> Popup:
    """A shop of a cycle that she coordinates, announced or not."""
    popups = Popup.objects.select_related("cycle", "group")
    return get_object_or_404(popups, pk=popup_id, cycle__in=coordinated_cycles(person))
