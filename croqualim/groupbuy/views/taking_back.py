"""A product taken back by the coordination, after the shop; what the till's page shares with it."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.access import money
from croqualim.groupbuy.actions import refunds as actions
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.till.giving import ELSEWHERE, RefundForm
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.models import Fate, PayoutMethod, Popup
from croqualim.groupbuy.queries import payouts as queries
from croqualim.groupbuy.queries.till import names_in
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


def taken_back(request: MemberRequest, form: RefundForm, popup: Popup | None) -> bool:
    """Do what a valid form asks, once its amount was seen; False when it is still to be seen."""
    if not form.is_seen:
        return False
    cleaned = form.cleaned_data
    asked = actions.Asked(
        line=form.row.line,
        quantity=cleaned["taken_back"],
        fate=Fate(cleaned["fate"]),
        method=PayoutMethod(cleaned["method"]),
        reason=cleaned["reason"],
        nonce=cleaned["nonce"],
    )
    try:
        refund = actions.refund(asked=asked, popup=popup, actor=request.user, now=now())
    except ShopRefused as refused:
        form.show(refused.problem)
        return False
    words = _("C’est repris. À rendre : %(amount)s. %(how)s.")
    said = {"amount": in_euros(refund.amount_cents), "how": form.method_in_words}
    messages.success(request, words % said)
    return True


@require_http_methods(["GET", "POST"])
def refund_order(request: MemberRequest, order_id: int) -> HttpResponse:
    """Of any month, by transfer or on her account: she is told."""
    order = access.get_order(request.user, order_id)
    # an impatient thumb: what was taken back is read beside what she had before it
    done = queries.refund_of_nonce(request.POST.get("nonce", ""))
    rows = queries.returnable(order, before=done)
    form = RefundForm(request.POST or None, rows=rows, methods=ELSEWHERE)
    amount_cents = None
    if request.method == "POST" and form.is_valid():
        if taken_back(request, form, None):
            return redirect("groupbuy:order_history", order.pk)
        amount_cents = form.amount_cents
    context = {
        "order": order,
        "names": ", ".join(names_in(order.membership)),
        "form": form,
        "amount_cents": amount_cents,
        "refunds": queries.live_refunds(order),
    }
    return render(request, "groupbuy/refund.html", context)


@require_http_methods(["GET", "POST"])
def undo_refund_of_order(request: MemberRequest, refund_id: int) -> HttpResponse:
    refund = money.get_refund(request.user, refund_id)
    form = UndoForm(request.POST or None)
    words = _("C’est annulé : elle garde le produit.")
    if undone(request, form, partial(actions.undo_refund, refund=refund), words):
        return redirect("groupbuy:order_history", refund.line.order_id)
    return render(request, "groupbuy/undo_refund.html", {"refund": refund, "form": form})
