"""Money given back at the till: a product taken back, what is left of an account."""

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
from croqualim.groupbuy.actions import giving_back, refunds
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.till.giving import AT_TILL, PayBackForm, RefundForm
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.models import PayoutMethod, Popup
from croqualim.groupbuy.queries import payouts as queries
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.queries.till import names_in
from croqualim.groupbuy.views.taking_back import taken_back
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


@require_http_methods(["GET", "POST"])
def refund(request: MemberRequest, popup_id: int, order_id: int) -> HttpResponse:
    popup, order = money.get_order_to_take_back(request.user, popup_id, order_id)
    # an impatient thumb: what was taken back is read beside what she had before it
    done = queries.refund_of_nonce(request.POST.get("nonce", ""))
    rows = queries.returnable(order, before=done)
    form = RefundForm(request.POST or None, rows=rows, methods=AT_TILL)
    amount_cents = None
    if request.method == "POST" and form.is_valid():
        if taken_back(request, form, popup):
            return redirect("groupbuy:refund", popup.pk, order.pk)
        amount_cents = form.amount_cents
    context = {
        "popup": popup,
        "order": order,
        "names": ", ".join(names_in(order.membership)),
        "form": form,
        "amount_cents": amount_cents,
        "refunds": queries.live_refunds(order),
    }
    return render(request, "groupbuy/refund.html", context)


@require_http_methods(["GET", "POST"])
def undo_refund(request: MemberRequest, popup_id: int, refund_id: int) -> HttpResponse:
    refund = money.get_refund_at_till(request.user, popup_id, refund_id)
    form = UndoForm(request.POST or None)
    words = _("C’est annulé : elle garde le produit.")
    if undone(request, form, partial(refunds.undo_refund, refund=refund), words):
        return redirect("groupbuy:refund", popup_id, refund.line.order_id)
    context = {"popup": refund.popup, "refund": refund, "form": form}
    return render(request, "groupbuy/undo_refund.html", context)


@require_http_methods(["GET", "POST"])
def pay_back(request: MemberRequest, popup_id: int, membership_id: int) -> HttpResponse:
    """What is left on an account, in cash from tonight's box."""
    popup, membership = access.get_member_at_till(request.user, popup_id, membership_id)
    balance = takings.prepaid_cents(membership.collective, membership.household)
    form = PayBackForm(request.POST or None, balance_cents=balance)
    if request.method == "POST" and form.is_valid():
        try:
            payout = giving_back.pay_back_prepaid(
                membership=membership,
                popup=popup,
                method=PayoutMethod.CASH,
                amount_cents=form.cleaned_data["amount"],
                nonce=form.cleaned_data["nonce"],
                actor=request.user,
                now=now(),
            )
        except ShopRefused as refused:
            form.show(refused.problem)
        else:
            words = _("Rendu en espèces : %(amount)s.")
            messages.success(request, words % {"amount": in_euros(payout.amount_cents)})
            return redirect("groupbuy:find_to_top_up", popup.pk)
    context = {
        "popup": popup,
        "membership": membership,
        "names": ", ".join(names_in(membership)),
        "balance_cents": balance,
        "in_box_cents": _in_box(popup),
        "form": form,
    }
    return render(request, "groupbuy/pay_back.html", context)


def _in_box(popup: Popup) -> int:
    return takings.expected_cash_cents(popup)


@require_http_methods(["GET", "POST"])
def undo_pay_back(request: MemberRequest, popup_id: int, payout_id: int) -> HttpResponse:
    payout = money.get_paid_back(request.user, popup_id, payout_id)
    form = UndoForm(request.POST or None)
    words = _("C’est annulé : l’argent est de nouveau sur son compte.")
    if undone(request, form, partial(giving_back.undo_pay_back, payout=payout), words):
        return redirect("groupbuy:find_to_top_up", popup_id)
    context = {"popup": payout.popup, "payout": payout, "form": form}
    return render(request, "groupbuy/undo_pay_back.html", context)
