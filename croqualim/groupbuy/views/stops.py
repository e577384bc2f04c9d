"""A coordinator says where the van of a shop stops."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy.access.stops import get_popup_to_plan
from croqualim.groupbuy.actions import stops as actions
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.forms.publishing import sentence
from croqualim.groupbuy.forms.stops import StopsForm
from croqualim.groupbuy.models import Popup
from croqualim.groupbuy.queries import stops as queries


@require_http_methods(["GET", "POST"])
def stops(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = get_popup_to_plan(request.user, popup_id)
    if popup.closed_at or popup.cycle.settled_at:
        return redirect("groupbuy:cycle", popup.cycle_id)
    form = StopsForm(
        request.POST if request.method == "POST" else None,
        popup=popup,
        stops=queries.stops_to_change(popup),
    )
    if form.is_valid() and _change(request, popup, form):
        messages.success(request, _("Les arrêts sont gardés."))
        return redirect("groupbuy:stops", popup.pk)
    context = {"popup": popup, "form": form, "without_stop": queries.without_stop(popup)}
    return render(request, "groupbuy/stops.html", context)


def _change(request: MemberRequest, popup: Popup, form: StopsForm) -> bool:
    """False when something came meanwhile; the form says what."""
    try:
        actions.change_stops(
            popup=popup,
            kept=form.kept(),
            added=form.added(),
            removed=form.removed(),
            actor=request.user,
            now=now(),
        )
    except actions.StopsRefused as refused:
        form.show(refused.problem)
        return False
    except CycleRefused as refused:
        form.add_error(None, sentence(refused))
        return False
    return True
