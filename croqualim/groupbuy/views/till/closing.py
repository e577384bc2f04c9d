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
from croqualim.groupbuy.forms.till.closing import (
    CloseForm,
    CountForm,
    difference_in_words,
    waiting_in_words,
)
from croqualim.groupbuy.forms.till.sentences import sentence
from croqualim.groupbuy.queries import cash, shelf, takings
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.rules.till import State


@require_http_methods(["GET", "POST"])
def count(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_at_till(request.user, popup_id)
    expected_cents = takings.expected_cash_cents(popup)
    form = CountForm(request.POST or None, expected_cents=expected_cents)
    if request.method == "POST" and form.is_valid():
        try:
            actions.count_till(
                popup=popup,
                counted_cents=form.counted_cents(),
                remark=form.cleaned_data["remark"],
                detail=form.detail(),
                actor=request.user,
                now=now(),
            )
        except actions.ShopRefused as refused:
            form.show(refused.problem)
        else:
            return redirect("groupbuy:count_till", popup.pk)
    last = takings.last_count(popup)
    context = {
        "popup": popup,
        "form": form,
        "taken": takings.taken(popup),
        "box": takings.box_of(popup),
        "counts": cash.counts_of(popup),
        "expected_cents": expected_cents,
        "last": last,
        "difference": last and difference_in_words(last.counted_cents - last.expected_cents),
    }
    return render(request, "groupbuy/count_till.html", context)


@require_http_methods(["GET", "POST"])
def close(request: MemberRequest, popup_id: int) -> HttpResponse:
    """First the count, then those who did not come, then what is lost: nothing is typed in vain."""
    popup = access.get_popup_at_till(request.user, popup_id)
    box_problem, rows = cash.problem_with_box(popup), queries.rows(popup)
    waiting = [row for row in rows if row.state in (State.ARRIVED, State.TO_COME)]
    form = CloseForm(request.POST or None, left=shelf.on_shelf(popup), waiting=len(waiting))
    if request.method == "POST" and not box_problem and form.is_valid():
        try:
            actions.close_shop(
                popup=popup,
                lost=form.lost(),
                reason=form.cleaned_data["reason"],
                kept_cents=form.kept_cents(),
                actor=request.user,
                now=now(),
            )
        except actions.ShopRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("L’épicerie est fermée. Merci pour cette soirée."))
            return redirect("groupbuy:till", popup.pk)
    agreed = request.method == "POST" or request.GET.get("absents") == str(len(waiting))
    context = {
        "popup": popup,
        "form": form,
        "waiting": waiting,
        "question": waiting_in_words(len(waiting)),
        "is_counted": not box_problem,
        "box_problem": sentence(box_problem) if box_problem else "",
        "last": takings.last_count(popup),
        "float_cents": takings.float_of(popup),
        "is_checked": agreed or not waiting,
    }
    return render(request, "groupbuy/close_shop.html", context)
