"""While orders are open: what lacks to each sack or case, and who could be asked."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.queries.sacks import sacks_of
from croqualim.groupbuy.rules.stages import Stage


@require_GET
def fill_sacks(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    stage = cycle.stage(now())
    context = {
        "cycle": cycle,
        "stage": stage,
        "sacks": sacks_of(cycle) if stage in {Stage.OPEN, Stage.OVER} else [],
    }
    return render(request, "groupbuy/fill_sacks.html", context)
