"""The end of the evening: the cash counted, the rest sent back."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import till as actions
from croqualim.groupbuy.forms.till.closing import CloseForm, CountForm
from croqualim.groupbuy.queries import shelf, takings
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.rules.till import State


@require_http_methods(["GET", "POST"])
def count(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_at_till(request.user, popup_id)
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.count_till(
                popup=popup,
                counted_cents=form.counted_cents(),
                remark=form.cleaned_data["remark"],
                actor=request.user,
                now=now(),
            )
        except actions.ShopRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("La caisse est comptée."))
            return redirect("groupbuy:count_till", popup.pk)
    context = {
        "popup": popup,
        "form": form,
        "taken": takings.taken(popup),
        "expected_cents": takings.expected_cash_cents(popup),
        "last": takings.last_count(popup),
    }
    return render(request, "groupbuy/count_till.html", context)


@require_http_methods(["GET", "POST"])
def close(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_at_till(request.user, popup_id)
    form = CloseForm(request.POST or None, left=shelf.on_shelf(popup))
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_shop(
                popup=popup,
                lost=form.lost(),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=now(),
            )
        except actions.ShopRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("L’épicerie est fermée. Merci pour cette soirée."))
            return redirect("groupbuy:till", popup.pk)
    rows = queries.rows(popup)
    context = {
        "popup": popup,
        "form": form,
        "arrived": [row for row in rows if row.state is State.ARRIVED],
        "missed": [row for row in rows if row.state is State.TO_COME],
        "is_counted": takings.is_counted(popup),
    }
    return render(request, "groupbuy/close_shop.html", context)
