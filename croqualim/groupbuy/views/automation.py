"""What a coordinator lets the clock do."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.clockwork import change_automation
from croqualim.groupbuy.forms.automation import AutomationForm, initial_of_automation
from croqualim.groupbuy.queries.clockwork import automation_of


@require_http_methods(["GET", "POST"])
def automation(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    form = AutomationForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of_automation(automation_of(collective)),
    )
    if form.is_valid():
        change_automation(
            collective=collective,
            reminder_days=form.cleaned_data["reminder_days"],
            closes_after_hours=form.cleaned_data["closes_after_hours"],
            now=now(),
        )
        messages.success(request, _("C’est noté. Cela vaut pour les clôtures qui viennent."))
        return redirect("groupbuy:collective", collective.pk)
    context = {"collective": collective, "form": form}
    return render(request, "groupbuy/automation.html", context)
