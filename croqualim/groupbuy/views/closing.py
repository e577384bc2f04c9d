"""Closing a cycle: what it buys is read first, then done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.closing import close_cycle as close
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.queries import closing as queries
from croqualim.groupbuy.rules.stages import Stage


@require_http_methods(["GET", "POST"])
def close_cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """By producer: what was ordered, what the warehouse gives, what is bought and for how much."""
    cycle = access.get_cycle(request.user, cycle_id)
    if request.method == "POST":
        try:
            close(cycle=cycle, actor=request.user, now=now())
        except CycleRefused:
            messages.warning(request, _("Rien n’est encore acheté : regardez à nouveau."))
            return redirect("groupbuy:close_cycle", cycle.pk)
        return redirect("groupbuy:purchase_orders", cycle.pk)
    stage = cycle.stage(now())
    if stage in {Stage.BOUGHT, Stage.SETTLED}:
        return redirect("groupbuy:purchase_orders", cycle.pk)
    plans = queries.plan_of(cycle, queries.ordered_offers(cycle), {}) if stage is Stage.OVER else []
    context = {
        "cycle": cycle,
        "is_over": stage is Stage.OVER,
        "plans": plans,
        "order_count": sum(1 for plan in plans if plan.bought),
        "total_cents": sum(plan.total_cents for plan in plans),
    }
    return render(request, "groupbuy/close_cycle.html", context)
