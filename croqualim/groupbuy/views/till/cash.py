"""The box before and after the evening: change brought, cash taken to the bank."""

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
from croqualim.groupbuy.actions import cash as actions
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.till.cash import ChangeForm, DepositForm
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.models import CashMoveKind
from croqualim.groupbuy.queries import cash as queries
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


@require_http_methods(["GET", "POST"])
def change(request: MemberRequest, popup_id: int) -> HttpResponse:
    """What the box begins with."""
    popup = access.get_popup_at_till(request.user, popup_id)
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            move = actions.bring_change(
                popup=popup,
                amount_cents=form.cleaned_data["amount"],
                nonce=form.cleaned_data["nonce"],
                actor=request.user,
                now=now(),
            )
        except ShopRefused as refused:
            form.show(refused.problem)
        else:
            words = _("%(amount)s de monnaie en plus dans la boîte.")
            messages.success(request, words % {"amount": in_euros(move.amount_cents)})
            return redirect("groupbuy:bring_change", popup.pk)
    context = {
        "popup": popup,
        "form": form,
        "box": takings.box_of(popup),
        "moves": queries.moves_of(popup),
    }
    return render(request, "groupbuy/bring_change.html", context)


@require_http_methods(["GET", "POST"])
def deposit(request: MemberRequest, popup_id: int) -> HttpResponse:
    """After the shop: what is taken to the bank, and under which slip."""
    popup = access.get_popup_at_till(request.user, popup_id)
    left_cents = queries.to_deposit_cents(popup)
    form = DepositForm(request.POST or None, left_cents=left_cents)
    if request.method == "POST" and form.is_valid():
        try:
            move = actions.deposit_cash(
                popup=popup,
                amount_cents=form.cleaned_data["amount"],
                slip=form.cleaned_data["slip"],
                nonce=form.cleaned_data["nonce"],
                actor=request.user,
                now=now(),
            )
        except ShopRefused as refused:
            form.show(refused.problem)
        else:
            words = _("Noté : %(amount)s portés à la banque.")
            messages.success(request, words % {"amount": in_euros(move.amount_cents)})
            return redirect("groupbuy:deposit_cash", popup.pk)
    context = {
        "popup": popup,
        "form": form,
        "left_cents": left_cents,
        "last": takings.last_count(popup),
        "moves": queries.moves_of(popup),
    }
    return render(request, "groupbuy/deposit_cash.html", context)


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, popup_id: int, move_id: int) -> HttpResponse:
    move = money.get_cash_move(request.user, popup_id, move_id)
    back_to = (
        "groupbuy:bring_change" if move.kind == CashMoveKind.CHANGE else "groupbuy:deposit_cash"
    )
    form = UndoForm(request.POST or None)
    words = _("C’est annulé.")
    if undone(request, form, partial(actions.undo_cash_move, move=move), words):
        return redirect(back_to, popup_id)
    context = {"popup": move.popup, "move": move, "form": form, "back_to": back_to}
    return render(request, "groupbuy/undo_cash_move.html", context)
