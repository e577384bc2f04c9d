"""A member telephones: her coordinator writes her order, reads it back, confirms it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.ordering import OrderRefused, confirm_order
from croqualim.groupbuy.forms.taking import TakingForm
from croqualim.groupbuy.models import Order
from croqualim.groupbuy.queries.members import people_of
from croqualim.groupbuy.queries.taking import taking
from croqualim.groupbuy.rules.stages import Stage


@never_cache
@require_http_methods(["GET", "POST"])
def take_order(request: MemberRequest, membership_id: int, popup_id: int) -> HttpResponse:
    """Write, then read back (`relire`), then confirm (`confirmer`); `corriger` goes back."""
    membership = access.get_membership(request.user, membership_id)
    popup = access.get_popup_to_take_orders_for(membership, popup_id)
    if popup.cycle.stage(now()) is not Stage.OPEN:
        messages.warning(request, _("Les commandes ne sont pas ouvertes en ce moment."))
        return redirect("groupbuy:member", membership.pk)
    asked = taking(popup, membership)
    form = TakingForm(request.POST if request.method == "POST" else None, taking=asked)
    context = {"taking": asked, "form": form, "people": people_of(membership)}
    if form.is_valid() and "corriger" not in request.POST:
        if "confirmer" not in request.POST:
            context["due_cents"] = asked.due_cents(form.basket())
            return render(request, "groupbuy/check_taken_order.html", context)
        if order := _confirmed(request, form):
            messages.success(request, _("La commande %s est notée.") % order.reference)
            return redirect("groupbuy:order_history", order.pk)
    context["families"] = list(form.families())
    return render(request, "groupbuy/take_order.html", context)


def _confirmed(request: MemberRequest, form: TakingForm) -> Order | None:
    """None when something stands in the way; the form says what."""
    try:
        return confirm_order(
            popup=form.taking.popup,
            membership=form.taking.membership,
            basket=form.basket(),
            actor=request.user,
            now=now(),
        )
    except OrderRefused as refused:
        form.show(refused.problems)
        return None
