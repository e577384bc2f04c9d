"""Closing a cycle: what it buys and which orders it changes is read first, then done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.closing import close_cycle as close
from croqualim.groupbuy.actions.cycles import CycleRefused
from croqualim.groupbuy.forms.closing import ClosingForm
from croqualim.groupbuy.models import Cycle
from croqualim.groupbuy.queries import closing as queries
from croqualim.groupbuy.queries.sacks import volunteers_of
from croqualim.groupbuy.rules.stages import Stage


@require_http_methods(["GET", "POST"])
def close_cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """By producer: what was ordered, what is bought and for how much, which orders change.

    "revoir" shows the choices' effect; "clore" does what was shown, and nothing else.
    """
    cycle = access.get_cycle(request.user, cycle_id)
    stage = cycle.stage(now())
    if stage in {Stage.BOUGHT, Stage.SETTLED}:
        return redirect("groupbuy:purchase_orders", cycle.pk)
    if stage is not Stage.OVER:
        return render(request, "groupbuy/close_cycle.html", {"cycle": cycle, "is_over": False})
    offers = list(queries.ordered_offers(cycle))
    form = ClosingForm(
        request.POST if request.method == "POST" else None,
        plans=queries.plan_of(cycle, offers, {}),
    )
    if "clore" in request.POST and form.is_valid():
        try:
            changed = _close(request, cycle, form)
        except CycleRefused as refused:
            form.show(refused.why)
        else:
            _say_changed(request, changed)
            return redirect("groupbuy:purchase_orders", cycle.pk)
    return _shown(request, cycle, form)


def _close(request: MemberRequest, cycle: Cycle, form: ClosingForm) -> int:
    return close(
        cycle=cycle,
        choices=form.choices(),
        seen=request.POST.get("vu", ""),
        actor=request.user,
        now=now(),
    )


def _say_changed(request: HttpRequest, changed: int) -> None:
    if not changed:
        return
    said = ngettext(
        "%(count)s commande change, son foyer est prévenu.",
        "%(count)s commandes changent, leurs foyers sont prévenus.",
        changed,
    )
    messages.success(request, said % {"count": changed})


def _shown(request: MemberRequest, cycle: Cycle, form: ClosingForm) -> HttpResponse:
    plans = queries.plan_of(cycle, queries.ordered_offers(cycle), form.choices())
    changed = queries.changed_lines(plans)
    context = {
        "cycle": cycle,
        "is_over": True,
        "form": form,
        "producers": form.producers(
            plans, changed, volunteers_of(planned.offer for planned in form.planned)
        ),
        "seal": queries.seal_of(plans),
        "order_count": sum(1 for plan in plans if plan.bought),
        "total_cents": sum(plan.total_cents for plan in plans),
        "changed_orders": len({line.order_id for line in changed}),
    }
    return render(request, "groupbuy/close_cycle.html", context)
