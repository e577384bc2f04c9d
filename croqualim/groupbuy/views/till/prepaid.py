"""Money put on a household's account: who, how much."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import till as actions
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.forms.till.selling import TopUpForm
from croqualim.groupbuy.forms.till.sentences import money_back_in_words
from croqualim.groupbuy.models import Membership, PaymentMethod, Popup
from croqualim.groupbuy.queries import payouts, takings
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


@require_GET
def find(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_at_till(request.user, popup_id)
    said = request.GET.get("cherche", "")[:60].strip()
    context = {
        "popup": popup,
        "said": said,
        "members": queries.members_said(popup, said) if said else [],
        "top_ups": takings.top_ups(popup),
        "paid_back": payouts.paid_back(popup),
    }
    return render(request, "groupbuy/find_to_top_up.html", context)


@require_http_methods(["GET", "POST"])
def top_up(request: MemberRequest, popup_id: int, membership_id: int) -> HttpResponse:
    popup, membership = access.get_member_at_till(request.user, popup_id, membership_id)
    form = TopUpForm(request.POST or None)
    if (
        request.method == "POST"
        and form.is_valid()
        and _topped_up(request, popup, membership, form)
    ):
        return redirect("groupbuy:find_to_top_up", popup.pk)
    context = {
        "popup": popup,
        "names": ", ".join(queries.names_in(membership)),
        "membership": membership,
        "orders": payouts.last_orders(membership.household_id, membership.collective_id),
        "balance_cents": takings.prepaid_cents(popup.cycle.collective, membership.household),
        "form": form,
    }
    return render(request, "groupbuy/top_up.html", context)


def _topped_up(
    request: MemberRequest, popup: Popup, membership: Membership, form: TopUpForm
) -> bool:
    amount_cents = form.cleaned_data["amount"]
    try:
        actions.top_up(
            popup=popup,
            household=membership.household,
            method=PaymentMethod(form.cleaned_data["method"]),
            amount_cents=amount_cents,
            nonce=form.cleaned_data["nonce"],
            actor=request.user,
            now=now(),
        )
    except actions.ShopRefused as refused:
        form.show(refused.problem)
        return False
    words = _("%(amount)s mis sur le compte.") % {"amount": in_euros(amount_cents)}
    messages.success(request, words)
    return True


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, popup_id: int, payment_id: int) -> HttpResponse:
    payment = access.get_top_up(request.user, popup_id, payment_id)
    form = UndoForm(request.POST or None)
    words = _("La recharge est annulée.")
    if undone(request, form, partial(actions.undo_top_up, payment=payment), words):
        return redirect("groupbuy:find_to_top_up", popup_id)
    paid = money_back_in_words([payment])
    context = {"popup": payment.popup, "payment": payment, "paid": paid, "form": form}
    return render(request, "groupbuy/undo_top_up.html", context)
