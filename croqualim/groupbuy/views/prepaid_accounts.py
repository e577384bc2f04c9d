"""Prepaid accounts away from the till: her own, and those that a coordinator may pay back."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.access import money
from croqualim.groupbuy.actions import giving_back
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.till.giving import PayBackForm
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.models import PayoutMethod
from croqualim.groupbuy.queries import payouts
from croqualim.groupbuy.queries import prepaid as queries
from croqualim.groupbuy.queries.till import names_in
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


@never_cache
@require_GET
def own_account(request: MemberRequest, membership_id: int) -> HttpResponse:
    membership = money.get_own_membership_ever(request.user, membership_id)
    account = queries.account_of(membership.collective, membership.household)
    context = {"membership": membership, "account": account}
    return render(request, "groupbuy/own_account.html", context)


@never_cache
@require_GET
def prepaid_accounts(request: MemberRequest, collective_id: int) -> HttpResponse:
    """Who has money there, for who coordinates."""
    collective = access.get_collective(request.user, collective_id)
    holders = queries.holders(collective)
    context = {
        "collective": collective,
        "holders": holders,
        "total_cents": sum(holder.balance_cents for holder in holders),
    }
    return render(request, "groupbuy/prepaid_accounts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def member_account(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Its balance, and what is left paid back by transfer; what was bought with it is hers."""
    membership = access.get_membership(request.user, membership_id)
    account = queries.account_of(membership.collective, membership.household)
    form = PayBackForm(request.POST or None, balance_cents=account.balance_cents)
    if request.method == "POST" and form.is_valid():
        try:
            payout = giving_back.pay_back_prepaid(
                membership=membership,
                popup=None,
                method=PayoutMethod.TRANSFER,
                amount_cents=form.cleaned_data["amount"],
                nonce=form.cleaned_data["nonce"],
                actor=request.user,
                now=now(),
            )
        except ShopRefused as refused:
            form.show(refused.problem)
        else:
            words = _("Noté : %(amount)s rendus. Faites maintenant ce virement à la banque.")
            messages.success(request, words % {"amount": in_euros(payout.amount_cents)})
            return redirect("groupbuy:prepaid_accounts", membership.collective_id)
    context = {
        "membership": membership,
        "names": ", ".join(names_in(membership)),
        "account": account,
        "form": form,
        "paid_back": payouts.paid_back_by_transfer(membership.collective, membership.household),
    }
    return render(request, "groupbuy/member_account.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def undo_transfer_back(request: MemberRequest, payout_id: int) -> HttpResponse:
    """The transfer was not made, or came back."""
    payout = money.get_paid_back_by_transfer(request.user, payout_id)
    collective = payouts.collective_of(payout)
    form = UndoForm(request.POST or None)
    words = _("C’est annulé : l’argent est de nouveau sur son compte.")
    if undone(request, form, partial(giving_back.undo_pay_back, payout=payout), words):
        return redirect("groupbuy:prepaid_accounts", collective.pk)
    context = {"collective": collective, "payout": payout, "form": form}
    return render(request, "groupbuy/undo_transfer_back.html", context)
