"""The coming year of a collective, and several months planned at once."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.season_plan import plan_cycles
from croqualim.groupbuy.forms.season_plan import SeasonPlanForm
from croqualim.groupbuy.models import Collective
from croqualim.groupbuy.queries import calendar as queries
from croqualim.groupbuy.rules.planning import Plan, anchor_of
from croqualim.groupbuy.rules.recurrence import monthly_day_of
from croqualim.groupbuy.rules.season_plan import plans_until

HALF_A_YEAR = 5  # the sixth of the months offered


@require_GET
def calendar(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    context = {"collective": collective, "year": queries.year_of(collective, now())}
    return render(request, "groupbuy/calendar.html", context)


@require_http_methods(["GET", "POST"])
def plan_season(request: MemberRequest, collective_id: int) -> HttpResponse:
    """GET shows the dates that were asked for; POST makes them."""
    collective = access.get_collective(request.user, collective_id)
    last = queries.last_plan(collective)
    if last is None:
        messages.info(request, _("Préparez d’abord un cycle : les suivants partiront de lui."))
        return redirect("groupbuy:new_cycle", collective.pk)
    source, plan = last
    sent = request.POST if request.method == "POST" else request.GET or None
    form = SeasonPlanForm(sent, months=queries.first_months(now()), initial=_initial(plan))
    plans = _plans(collective, plan, form)
    if request.method == "POST" and plans:
        made = plan_cycles(
            source=source,
            plans=plans,
            opens_alone=form.cleaned_data["opens_alone"],
            actor=request.user,
            now=now(),
        )
        said = ngettext("%(n)s mois est planifié.", "%(n)s mois sont planifiés.", len(made))
        messages.success(request, said % {"n": len(made)})
        return redirect("groupbuy:calendar", collective.pk)
    context = {
        "collective": collective,
        "form": form,
        "source": source,
        "plans": [(anchor_of(plan), plan) for plan in plans],
        "is_asked": sent is not None and form.is_valid(),
    }
    return render(request, "groupbuy/plan_season.html", context)


def _initial(plan: Plan) -> dict[str, Any]:
    monthly = monthly_day_of(anchor_of(plan))
    until: date = queries.first_months(now())[HALF_A_YEAR]
    return {
        "rank": monthly.rank,
        "weekday": monthly.weekday,
        "until": until.isoformat(),
        "opens_alone": True,
    }


def _plans(collective: Collective, plan: Plan, form: SeasonPlanForm) -> list[Plan]:
    if not form.is_valid():
        return []
    return plans_until(
        plan,
        form.monthly,
        until=form.last_month,
        taken=queries.months_taken(collective),
        now=localtime(now()),
    )
