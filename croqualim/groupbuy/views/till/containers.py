"""Containers that come back to the shop, with an order or without."""

from functools import partial
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.access import money
from croqualim.groupbuy.actions import containers as actions
from croqualim.groupbuy.actions.till import ShopRefused
from croqualim.groupbuy.forms.containers import ContainersBackForm
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.models import Membership, Popup
from croqualim.groupbuy.queries import containers as queries
from croqualim.groupbuy.queries.till import names_in
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


@require_http_methods(["GET", "POST"])
def back(request: MemberRequest, popup_id: int) -> HttpResponse:
    """In cash to whoever brings them; on her account when she is named (`adherent`)."""
    popup = access.get_popup_at_till(request.user, popup_id)
    membership = _named(request, popup)
    form = ContainersBackForm(
        request.POST or None, out=queries.out_of(popup.cycle.collective), label_suffix=""
    )
    if request.method == "POST" and form.is_valid() and _taken(request, popup, form, membership):
        about = f"?{urlencode({'adherent': membership.pk})}" if membership else ""
        return redirect(reverse("groupbuy:containers_back", args=[popup.pk]) + about)
    context = {
        "popup": popup,
        "form": form,
        "membership": membership,
        "names": ", ".join(names_in(membership)) if membership else "",
        "brought": queries.brought_back(popup),
    }
    return render(request, "groupbuy/containers_back.html", context)


def _named(request: MemberRequest, popup: Popup) -> Membership | None:
    said = request.GET.get("adherent", "")
    if not said.isdecimal() or len(said) > 12:
        return None
    return access.get_member_at_till(request.user, popup.pk, int(said))[1]


def _taken(
    request: MemberRequest, popup: Popup, form: ContainersBackForm, membership: Membership | None
) -> bool:
    on_account = membership if "on_account" in request.POST else None
    try:
        payout = actions.take_containers_back(
            popup=popup,
            back=form.back(),
            membership=on_account,
            nonce=form.cleaned_data["nonce"],
            actor=request.user,
            now=now(),
        )
    except ShopRefused as refused:
        form.show(refused.problem)
        return False
    words = (
        _("Merci pour les contenants : %(amount)s mis sur son compte.")
        if on_account
        else _("Merci pour les contenants : rendez %(amount)s.")
    )
    messages.success(request, words % {"amount": in_euros(payout.amount_cents)})
    return True


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, popup_id: int, payout_id: int) -> HttpResponse:
    payout = money.get_containers_back(request.user, popup_id, payout_id)
    form = UndoForm(request.POST or None)
    if undone(
        request, form, partial(actions.undo_containers_back, payout=payout), _("C’est annulé.")
    ):
        return redirect("groupbuy:containers_back", popup_id)
    context = {"popup": payout.popup, "payout": payout, "form": form}
    return render(request, "groupbuy/undo_containers_back.html", context)
