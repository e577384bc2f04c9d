"""A coordinator says what joining a group by oneself asks for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.doors import set_door
from croqualim.groupbuy.forms.doors import DoorForm, initial_of_door
from croqualim.groupbuy.queries.doors import asked_by


@require_http_methods(["GET", "POST"])
def door(request: MemberRequest, group_id: int) -> HttpResponse:
    group = access.get_group(request.user, group_id)
    asked = asked_by(group)
    form = DoorForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of_door(asked.email_domain, asked.invitation_code),
    )
    if form.is_valid():
        set_door(group=group, **form.cleaned_data)
        messages.success(request, _("C’est noté."))
        return redirect("groupbuy:edit_group", group.pk)
    return render(request, "groupbuy/door.html", {"group": group, "form": form})
