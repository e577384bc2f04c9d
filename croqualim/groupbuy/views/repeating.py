"""A coordinator makes a month again: its dates, its products, what changed since."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.repeating import repeat_cycle as make_again
from croqualim.groupbuy.forms.planning import NewCycleForm, initial_of
from croqualim.groupbuy.forms.repeating import RepeatForm
from croqualim.groupbuy.models import Cycle
from croqualim.groupbuy.queries import repeating as queries
from croqualim.groupbuy.queries.calendar import months_taken
from croqualim.groupbuy.queries.collectives import groups_to_choose
from croqualim.groupbuy.queries.cycles import places_in, plan_of
from croqualim.groupbuy.rules.planning import Plan, anchor_of, suggested_name, suggested_plan


@require_http_methods(["GET", "POST"])
def repeat_cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    source = access.get_cycle(request.user, cycle_id)
    sent = request.POST if request.method == "POST" else None
    last = plan_of(source)
    taken = months_taken(source.collective)
    plan = suggested_plan(last.shops, now=localtime(now()), last=last, taken=taken)
    dates = _dates_form(sent, source, plan)
    are_dates_right = dates.is_valid()
    products = _products_form(sent, source, dates.plan() if are_dates_right else plan)
    if products.is_valid() and are_dates_right:
        cycle = make_again(
            collective=source.collective,
            name=dates.cleaned_data["name"],
            opens_at=dates.cleaned_data["opens_at"],
            closes_at=dates.cleaned_data["closes_at"],
            shops=dates.shop_plans(),
            limits=products.limits(),
            actor=request.user,
            now=now(),
            source=source,
        )
        messages.success(
            request, _("%(month)s est prêt. Relisez, puis annoncez.") % {"month": cycle}
        )
        return redirect("groupbuy:publish_cycle", cycle.pk)
    context = {"source": source, "dates": dates, "form": products}
    return render(request, "groupbuy/repeat_cycle.html", context)


def _dates_form(sent: Any, source: Cycle, plan: Plan) -> NewCycleForm:
    groups = list(groups_to_choose(source.collective))
    return NewCycleForm(
        sent,
        groups=groups,
        fixed={groups[0].pk} if len(groups) == 1 else set(),
        now=now(),
        initial={"name": suggested_name(plan), **initial_of(plan, places_in(source))},
    )


def _products_form(sent: Any, source: Cycle, plan: Plan) -> RepeatForm:
    return RepeatForm(
        sent,
        source=queries.offers_to_repeat(source),
        active=queries.active_products(source),
        new_ids=queries.new_since(source),
        handling_percent=source.collective.handling_percent,
        collected_in=anchor_of(plan).month,
    )
